"""Judge the message before anything else looks at it, and decide how much authority the turn keeps."""

from typing import TypedDict

from langgraph.runtime import Runtime

from graph.ports import Deps
from graph.state import Flag, Question, SafetyVerdict
from language.risk import assess, decide_outcome


class Reads(TypedDict):
    question: Question


class Writes(TypedDict):
    safety: SafetyVerdict


async def safety(state: Reads, runtime: Runtime[Deps]) -> Writes:
    """Weigh the signals in the message under the mode of the agent (or the caller's stricter one)."""
    question, mode = state["question"], runtime.context.mode
    risk = assess(question.text)
    flags = tuple(
        Flag(name=flag.name, family=flag.family, weight=flag.weight, evidence=flag.evidence)
        for flag in risk.flags
    )
    private = tuple(Flag(name=kind, family="pii", weight=0.0) for kind in question.redacted)
    verdict = SafetyVerdict(
        outcome=decide_outcome(risk, mode), mode=mode, risk=risk.score, flags=flags + private
    )
    return {"safety": verdict}
