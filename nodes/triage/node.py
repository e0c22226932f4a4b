"""Decide what the customer wants and who should answer; the first decision that speaks wins.

An open offer and a missing slot come first, then an explicit wish for a person, then the support rules: no
classifier can route past those. Only then do tasks, cases and the company's knowledge have their say.
"""

from collections.abc import Callable
from typing import TypedDict

from langgraph.runtime import Runtime

from graph.ports import Deps
from graph.state import Evidence, Memory, Question, SafetyVerdict, Triage
from nodes.triage.dialogue import decide_by_courtesy, decide_by_offer, decide_by_person, decide_by_slot
from nodes.triage.knowledge import decide_by_knowledge, look_up
from nodes.triage.requests import decide_by_abuse, decide_by_case, decide_by_limit, decide_by_task
from nodes.triage.rules import decide_by_rule
from nodes.triage.view import View, view_of

DECISIONS: tuple[Callable[[View], Triage | None], ...] = (
    decide_by_offer,
    decide_by_slot,
    decide_by_person,
    decide_by_rule,
    decide_by_courtesy,
    decide_by_abuse,
    decide_by_limit,
    decide_by_task,
)


class Reads(TypedDict):
    question: Question
    memory: Memory
    safety: SafetyVerdict | None


class Writes(TypedDict):
    triage: Triage
    evidence: Evidence | None


async def triage(state: Reads, runtime: Runtime[Deps]) -> Writes:
    """Language, intent, route and the reasons for them; searches knowledge only where it may answer."""
    deps = runtime.context
    view = view_of(state["question"], state["memory"], state["safety"], deps)
    for decide in DECISIONS:
        if (
            (verdict := decide(view)) is not None
            and verdict.kind != "answer"
            and not _needs_knowledge(verdict)
        ):
            return {"triage": verdict, "evidence": None}
        if verdict is not None:
            break
    evidence = await look_up(view, deps.retriever, deps.threshold)
    if verdict is None and (view.acts.mode == "action_request" or evidence.answerable < _CASE_YIELDS):
        verdict = decide_by_case(view)
    return {"triage": verdict or decide_by_knowledge(view, evidence, deps.threshold), "evidence": evidence}


_CASE_YIELDS = 0.95  # a complaint that the knowledge answers this surely is answered


def _needs_knowledge(verdict: Triage) -> bool:
    """A rule that asks for a knowledge answer still has to find it."""
    return verdict.route == "answer" and verdict.kind is None
