"""From tool results to a draft: a report, a question for what is missing, a confirmation, or a person."""

from collections.abc import Sequence

from graph.ports import Deps
from graph.state import Draft, Offer, Sentence, ToolResult, Triage
from graph.wording import say, text_of
from nodes.specialist.wording import DONE_ALREADY, REFUSED, action_of, describe, total_of


def draft_of(triage: Triage, results: Sequence[ToolResult], deps: Deps) -> Draft:
    """The reply to what the last call came to; what earlier calls found stays said."""
    if not results:
        return _person("handoff_case", "no_tool", triage, deps)
    last = results[-1]
    match last.status:
        case "success":
            return _report(triage, last, deps)
        case "needs_identity":
            return _ask("ask_identity", "identity", triage, deps)
        case "needs_confirmation":
            return _confirm(triage, last, deps)
        case "needs_approval":
            return _wait(triage, last, deps)
        case "not_found":
            return _not_found(triage, last, deps)
        case "refused" if last.reason == "several":
            return _choose(triage, last, deps)
        case "refused" if last.reason == "missing":
            return _ask("ask_order_id", "order_id", triage, deps)
        case "refused":
            return _refused(triage, results, deps)
        case _:
            return _person("handoff_failure", "tool_failed", triage, deps, said=_found(results, deps, triage))


def _report(triage: Triage, result: ToolResult, deps: Deps) -> Draft:
    sentences = describe(result, triage.reply_language, deps.company)
    if triage.wants_reason and not result.facts.get("last_error"):
        sentences += say("record_no_reason", triage.reply_language, deps.company)
    if triage.wants_amount:
        sentences += total_of(result, triage.reply_language, deps.company)
    return Draft(kind="specialist", sentences=sentences, confidence=max(triage.confidence, 0.9))


def _ask(frame: str, missing: str, triage: Triage, deps: Deps) -> Draft:
    sentences = say(frame, triage.reply_language, deps.company)
    return Draft(
        kind="specialist",
        sentences=sentences,
        confidence=max(triage.confidence, 0.9),
        ask="identity" if missing == "identity" else "order_id",
        task=triage.task,
    )


def _confirm(triage: Triage, result: ToolResult, deps: Deps) -> Draft:
    values = {**result.arguments, **result.facts}
    frame = f"confirm_{result.tool}"
    if "action" in result.facts:
        frame, values = "confirm_tool", {"action": action_of(result, triage.reply_language)}
    sentences = say(frame, triage.reply_language, deps.company, source_id=result.id, **values)
    offer = Offer(
        id=deps.ids.new("ofr"),
        tool=result.tool,
        arguments=dict(result.arguments),
        question=text_of(sentences),
        record=result.facts.get("id", ""),
    )
    return Draft(
        kind="specialist",
        sentences=sentences,
        confidence=max(triage.confidence, 0.9),
        confirm=offer,
        ask="confirmation",
        task=result.tool,
    )


def _wait(triage: Triage, result: ToolResult, deps: Deps) -> Draft:
    """The customer is told that a colleague has to approve it; nothing is claimed to be done."""
    action = action_of(result, triage.reply_language)
    sentences = say("approval_asked", triage.reply_language, deps.company, source_id=result.id, action=action)
    return Draft(kind="specialist", sentences=sentences, confidence=max(triage.confidence, 0.9))


def _choose(triage: Triage, result: ToolResult, deps: Deps) -> Draft:
    sentences = say(
        "choose_record", triage.reply_language, deps.company, source_id=result.id, ids=result.facts["ids"]
    )
    return Draft(
        kind="specialist", sentences=sentences, confidence=triage.confidence, ask="order_id", task=triage.task
    )


def _refused(triage: Triage, results: Sequence[ToolResult], deps: Deps) -> Draft:
    """Say what the record says, then that a person can check it."""
    last = results[-1]
    facts = {**last.arguments, **last.facts}
    if len(results) > 1 and DONE_ALREADY.get(last.tool) == facts.get("status", ""):
        return _report(triage, results[-2], deps)
    said: tuple[Sentence, ...] = ()
    if last.tool in REFUSED and "status" in facts:
        said = say(REFUSED[last.tool], triage.reply_language, deps.company, source_id=last.id, **facts)
    return _person("handoff_not_allowed", last.reason or "refused", triage, deps, said=said)


def _not_found(triage: Triage, result: ToolResult, deps: Deps) -> Draft:
    """A number that is nobody's is told as what the look-up came to; with no record at all a person looks."""
    if not result.arguments.get("id"):
        return _person("handoff_no_record", "no_record", triage, deps)
    wrong = _person("handoff_wrong_id", "no_record", triage, deps)
    return wrong.model_copy(update={"kind": "specialist", "task": triage.task})


def _found(results: Sequence[ToolResult], deps: Deps, triage: Triage) -> tuple[Sentence, ...]:
    done = [result for result in results if result.status == "success"]
    return tuple(s for result in done for s in describe(result, triage.reply_language, deps.company))


def _person(frame: str, reason: str, triage: Triage, deps: Deps, said: tuple[Sentence, ...] = ()) -> Draft:
    return Draft(
        kind="handoff",
        sentences=(*said, *say(frame, triage.reply_language, deps.company)),
        confidence=triage.confidence,
        offer_handoff=True,
        reason=reason,
    )
