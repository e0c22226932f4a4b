"""What a turn comes to: derived from its channels, never stored beside them."""

from graph.ports import Company
from graph.state import (
    Action,
    Citation,
    Draft,
    Escalation,
    Evidence,
    GuardVerdict,
    Kind,
    Memory,
    Outcome,
    Priority,
    Question,
    Sentence,
    Triage,
    Turn,
)
from graph.wording import company_says, say, text_of

_UNCLEAR = ("clarify_", "calm_remark")  # templates that say that the desk did not help
_TOLD = 9  # lines of the knowledge that are remembered as told
_REMARK = 3  # words of a message that may be leant on though it was answered by asking back
_NOTHING_LEFT = 3  # failures in a row after which only a person can help


def outcome_of(state: Turn, company: Company) -> Outcome:
    """The outcome of a finished run. Raises KeyError if the run never started (no question)."""
    question, memory = state["question"], state["memory"]
    triage, draft, guard = state.get("triage"), state.get("draft"), state.get("guard")
    escalation, safety = state.get("escalation"), state.get("safety")
    evidence = state.get("evidence") or Evidence()
    kind, sentences = _reply(state, company)
    used = draft if draft is not None and escalation is None else None
    language = triage.reply_language if triage else memory.pinned or "en"
    if escalation is None:
        sentences = (*sentences, *_notices(question, triage, company))
    offered = (
        escalation.offer_handoff and not escalation.accepted
        if escalation
        else bool(used and used.offer_handoff)
    )
    outcome = Outcome(
        kind=kind,
        action=_action(kind, evidence),
        text=text_of(sentences),
        sentences=sentences,
        language=triage.language if triage else memory.language or "en",
        reply_language=language,
        intent=triage.intent if triage else "out_of_scope",
        intent_confidence=triage.intent_confidence if triage else 0.0,
        confidence=_confidence(state),
        category=escalation.category if escalation else triage.category if triage else "other",
        priority=_priority(memory, escalation, triage),
        keywords=triage.keywords if triage else (),
        tags=_tags(state, kind),
        tools=evidence.tools,
        citations=_cited(used, sentences),
        receipts=guard.receipts if guard else (),
        is_safe=kind != "blocked" and safety is not None and safety.outcome in {"pass", "restrict"},
        risk=safety.risk if safety else 0.0,
        flags=tuple(flag.name for flag in safety.flags) if safety else (),
        mode=safety.mode if safety else "balanced",
        is_hallucination=guard.is_hallucination if guard else False,
        guard_confidence=guard.confidence if guard else 1.0,
        handoff_offered=offered,
        handoff_accepted=bool(escalation and escalation.accepted),
        handoff_reason=escalation.reason if escalation else used.reason if used else "",
        summary=escalation.summary if escalation else _summary(triage, kind),
        note=escalation.note if escalation else "",
        confirm=used.confirm if used else None,
        ask=used.ask if used else "none",
        layer="human"
        if escalation and escalation.accepted
        else "specialist"
        if used and evidence.tools
        else "triage",
        decision=_decision(kind, offered),
        rule=triage.rule if triage else None,
        gap=kind == "unknown",
        memory=memory,
    )
    remembered = _remember(memory, question, outcome, triage, used)
    if escalation is None:
        remembered = remembered.model_copy(update=_talked_about(memory, evidence, outcome))
    return outcome.model_copy(update={"memory": remembered})


def _priority(memory: Memory, escalation: Escalation | None, triage: Triage | None) -> Priority:
    """Urgent once, urgent until a person has closed it."""
    if memory.urgent:
        return "urgent"
    return escalation.priority if escalation else triage.priority if triage else "normal"


def _reply(state: Turn, company: Company) -> tuple[Kind, tuple[Sentence, ...]]:
    escalation, draft, guard, triage = (
        state.get("escalation"),
        state.get("draft"),
        state.get("guard"),
        state.get("triage"),
    )
    if escalation is not None:
        return escalation.kind, escalation.reply
    if draft is not None and guard is not None:
        return draft.kind, guard.reply
    if triage is not None and triage.template is not None:
        return triage.kind or "clarify", _template(triage, company)
    raise KeyError("the run ended without a reply")


def _template(triage: Triage, company: Company) -> tuple[Sentence, ...]:
    sentences = say(triage.template or "", triage.reply_language, company)
    if triage.template == "greeting":
        return (company_says("greeting", triage.reply_language, company),)
    return sentences


def _notices(question: Question, triage: Triage | None, company: Company) -> tuple[Sentence, ...]:
    """What every reply has to add: that private values were removed, or which languages we write."""
    if triage is None:
        return ()
    language = triage.reply_language
    secret = {"password", "otp", "pin", "cvv"} & set(question.redacted)
    notices: tuple[Sentence, ...] = ()
    if question.redacted:
        notices += say("redacted_secret" if secret else "redacted", language, company)
    if triage.language == "other":
        notices += say("other_language", language, company)
    return notices


def _action(kind: Kind, evidence: Evidence) -> Action:
    if kind in {"handoff", "blocked"}:
        return "escalate"
    if any(result.status == "success" for result in evidence.tools):
        return "tool_call"
    if kind == "specialist":
        return "clarify"
    return "clarify" if kind == "clarify" else "answer"


def _confidence(state: Turn) -> float:
    escalation, draft, triage = state.get("escalation"), state.get("draft"), state.get("triage")
    if escalation is not None:
        return escalation.confidence
    if draft is not None:
        return draft.confidence
    return triage.confidence if triage else 0.0


def _cited(draft: Draft | None, sentences: tuple[Sentence, ...]) -> tuple[Citation, ...]:
    used = {sentence.source_id for sentence in sentences}
    return tuple(citation for citation in draft.citations if citation.source_id in used) if draft else ()


def _tags(state: Turn, kind: Kind) -> tuple[str, ...]:
    triage, guard = state.get("triage"), state.get("guard")
    tags = list(triage.tags) if triage else []
    tags += [triage.category] if triage and triage.category != "other" else []
    tags += ["human-review"] if kind == "handoff" else []
    tags += ["public-knowledge"] if kind == "answer" and isinstance(guard, GuardVerdict) else []
    return tuple(dict.fromkeys(tag.lower().replace(" ", "-") for tag in tags))


def _summary(triage: Triage | None, kind: Kind) -> str:
    return f"{kind.replace('_', ' ')}: {triage.query[:120]}" if triage else kind


def _decision(kind: Kind, offered: bool) -> str:
    if kind == "handoff":
        return "offer_human_handoff" if offered else "human_handoff"
    return {"answer": "knowledge_answer", "specialist": "answered"}.get(kind, kind)


def _talked_about(memory: Memory, evidence: Evidence, outcome: Outcome) -> dict[str, object]:
    """The question and the record that the next message may lean on; courtesies leave them as they are."""
    about: dict[str, object] = {}
    if outcome.kind == "clarify":
        about = {"looked_up": memory.looked_up, "record": memory.record, "choices": memory.choices}
    if evidence.asked and outcome.kind in {"answer", "unknown", "specialist"}:
        about["topic"] = evidence.asked[-1].query[:300]
    quoted = tuple(sentence.quote for sentence in outcome.sentences if sentence.quote)
    about["told"] = (*quoted, *(line for line in memory.told if line not in quoted))[:_TOLD]
    found = [result for result in evidence.tools if result.status == "success" and "id" in result.facts]
    if found:
        reads = [result.tool for result in found if result.kind == "read"]
        about |= {"looked_up": (reads or [memory.looked_up])[-1], "record": found[-1].facts["id"]}
    lost = [result for result in evidence.tools if result.status == "not_found" and result.kind == "read"]
    if lost:
        about |= {"looked_up": lost[-1].tool}
    several = [result for result in evidence.tools if result.reason == "several"]
    if several:
        about |= {"looked_up": several[-1].tool, "choices": tuple(several[-1].facts["ids"].split(" · "))}
    return about


def _remember(
    memory: Memory, question: Question, outcome: Outcome, triage: Triage | None, draft: Draft | None
) -> Memory:
    """The open episode after this turn: a hand-off that was not taken up does not haunt the next question."""
    answered = outcome.kind in {"answer", "specialist", "cannot_perform"}
    said = (triage.template or "") if triage is not None else ""
    failed = outcome.kind == "unknown" or said.startswith(_UNCLEAR)
    told = outcome.kind == "clarify" and said == "clarify_vague" and len(question.text.split()) > _REMARK
    on_topic = triage is not None and (told or outcome.kind in {"answer", "unknown"})
    offered = outcome.handoff_offered and outcome.ask == "none"
    return Memory(
        language=outcome.language,
        pinned=memory.pinned,
        intent=outcome.intent,
        topic=f"{triage.context} {triage.query}".strip()[:300] if on_topic and triage else memory.topic,
        category=outcome.category,
        awaiting="handoff" if offered else outcome.ask,
        task=draft.task if draft else None,
        pending=outcome.confirm,
        resume=question.text if outcome.ask == "identity" else "",
        urgent=outcome.priority == "urgent",
        failures=0 if answered else min(memory.failures + failed, _NOTHING_LEFT),
        offered_handoff=outcome.handoff_offered,
        greeted=True,
    )
