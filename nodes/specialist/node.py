"""Look up the customer's own records and do the one small action that was asked for, through the gate."""

from typing import TypedDict

from langgraph.runtime import Runtime

from graph.parts import SentencePart, ToolPart
from graph.ports import Deps, ToolCall
from graph.receipts import settle
from graph.state import Draft, Evidence, Memory, Question, SafetyVerdict, ToolResult, Triage
from nodes.specialist.drafts import draft_of
from nodes.specialist.planned import plan


class Reads(TypedDict):
    question: Question
    memory: Memory
    safety: SafetyVerdict | None
    triage: Triage
    evidence: Evidence | None


class Writes(TypedDict):
    evidence: Evidence
    draft: Draft


async def specialist(state: Reads, runtime: Runtime[Deps]) -> Writes:
    """Run the task's look-up, then its action, and word what came of it."""
    deps, question = runtime.context, state["question"]
    named = _arguments(state["triage"], question).get("id", "")
    planned = await plan(state["triage"], question, named, deps, trusted=_trusted(state["safety"]))
    triage, state = planned.triage, {**state, "triage": planned.triage, "question": planned.question}
    results: list[ToolResult] = []
    for call in _calls(state, deps):
        result = await deps.toolbox.run(_with_record(call, results))
        results.append(result)
        runtime.stream_writer(ToolPart(name=result.tool, status=result.status))
        if result.status != "success":
            break
    evidence = (state["evidence"] or Evidence()).model_copy(update={"tools": tuple(results)})
    draft = draft_of(triage, results, deps).model_copy(update={"notes": planned.notes})
    for index, sentence in enumerate(draft.sentences):
        if not settle(sentence, evidence, deps.company, triage.reply_language, deps.claims).supported:
            break
        runtime.stream_writer(SentencePart(index=index, text=sentence.text))
    return {"evidence": evidence, "draft": draft}


def _calls(state: Reads, deps: Deps) -> list[ToolCall]:
    """The look-up that the task needs first, then the task itself; a restricted turn only looks things up."""
    triage, question, memory = state["triage"], state["question"], state["memory"]
    spec = deps.toolbox.offered().get(triage.task or "")
    if spec is None:
        return []
    arguments = _arguments(triage, question)
    lookups = [ToolCall(tool=spec.lookup, arguments=arguments, about=question.text)] if spec.lookup else []
    if spec.kind == "write" and not _trusted(state["safety"]):
        return lookups
    if "description" in spec.parameters:
        arguments = {"description": triage.query, "category": triage.category}
    call = ToolCall(
        tool=spec.name,
        arguments=arguments,
        confirmed=_confirmed(triage, memory, question),
        asked_for=triage.mode == "action_request",
        about=question.text,
    )
    return [*lookups, call]


def _trusted(safety: SafetyVerdict | None) -> bool:
    return safety is not None and safety.outcome == "pass"


def _confirmed(triage: Triage, memory: Memory, question: Question) -> bool:
    """The customer said yes, by word or by the button of this very offer."""
    if memory.pending is None or memory.pending.tool != triage.task:
        return False
    return triage.confirms or question.confirmed_offer == memory.pending.id


def _arguments(triage: Triage, question: Question) -> dict[str, str]:
    """The placeholder of the customer's number, which the gate opens, or the number that triage made out."""
    ids = [slot for slot in question.slots if slot.startswith("order")]
    named = ids[-1] if ids else triage.record
    return {"id": named} if named else {}


def _with_record(call: ToolCall, results: list[ToolResult]) -> ToolCall:
    """An action works on the record that the look-up found, never on one that text names."""
    if not results or "id" not in results[-1].facts:
        return call
    found = {"id": results[-1].facts["id"]}
    asked_for = call.asked_for and not results[-1].reason  # of several, one was guessed
    return ToolCall(tool=call.tool, arguments=found, confirmed=call.confirmed, asked_for=asked_for)
