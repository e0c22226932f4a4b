"""Offer a person, or refuse with a way to one: the customer always reads what happens next."""

from typing import TypedDict

from langgraph.runtime import Runtime

from graph.parts import SentencePart
from graph.ports import Deps
from graph.state import (
    Draft,
    Escalation,
    Evidence,
    Failure,
    GuardVerdict,
    Kind,
    Priority,
    Question,
    ReplyLanguage,
    SafetyVerdict,
    Sentence,
    Triage,
)
from graph.wording import company_says, say
from language.decide import decide_language
from nodes.noting import noted


class Reads(TypedDict):
    question: Question
    safety: SafetyVerdict | None
    triage: Triage | None
    evidence: Evidence | None
    draft: Draft | None
    guard: GuardVerdict | None
    failure: Failure | None


class Writes(TypedDict):
    escalation: Escalation


# What the safety node stopped: frame, kind, whether a person is offered, reason.
_STOPPED: dict[str, tuple[str, Kind, bool]] = {
    "refuse": ("blocked_unsafe", "blocked", False),
    "calm": ("calm_abuse", "blocked", True),
    "care": ("care", "handoff", True),
    "escalate": ("escalate_threat", "handoff", True),
}
_REFUSALS = {"injection": "blocked_injection", "spam": "blocked_spam"}

# Why triage or a specialist asked for a person: the frame that says so.
_ASKED = {
    "asked_for_person": "handoff_asked",
    "accepted": "handoff_accepted",
    "rule": "handoff_rule",
    "boundary": "handoff_boundary",
    "complaint": "handoff_complaint",
    "money": "handoff_money",
    "case": "handoff_case",
    "request": "handoff_request",
    "unsure": "handoff_unsure",
}


async def escalation(state: Reads, runtime: Runtime[Deps]) -> Writes:
    """Say what happens next, and leave the human a summary and a note."""
    company = runtime.context.company
    language = _reply_language(state)
    frame, kind, offer, reason = _cause(state)
    sentences = say(frame, language, company)
    if reason == "failure":
        sentences = (*sentences, company_says("contact", language, company))
    triage = state.get("triage")
    made = Escalation(
        kind=kind,
        reason=reason,
        reply=(*_done(state), *sentences),
        offer_handoff=offer,
        accepted=reason == "accepted",
        category=triage.category if triage else "other",
        priority=_priority(reason, triage),
        summary=_summary(state, reason),
        note=_note(state, reason),
        confidence=triage.confidence if triage and reason != "failure" else 1.0,
    )
    return {"escalation": await _noted(made, state, runtime)}


async def _noted(made: Escalation, state: Reads, runtime: Runtime[Deps]) -> Escalation:
    """With a model's note, where there is a model and something to tell; the customer does not wait."""
    failed = made.reason == "failure" or made.reason.startswith("safety:")
    if runtime.context.model is None or failed:
        return made
    if state.get("draft") is None:  # nothing of this reply has been shown yet
        for index, sentence in enumerate(made.reply):
            runtime.stream_writer(SentencePart(index=index, text=sentence.text))
    triage = state.get("triage")
    topic = triage.context if triage else ""
    return await noted(made, state["question"], topic, state.get("evidence"), runtime.context)


def _cause(state: Reads) -> tuple[str, Kind, bool, str]:
    """The frame, kind, offer and reason; a failure comes first, because it may have left half a state."""
    safety, triage = state.get("safety"), state.get("triage")
    if state.get("failure") is not None or safety is None:
        return "handoff_failure", "handoff", True, "failure"
    if safety.outcome in _STOPPED:
        frame, kind, offer = _STOPPED[safety.outcome]
        family = max(safety.flags, key=lambda flag: flag.weight).family if safety.flags else ""
        if safety.outcome == "refuse":
            frame = _REFUSALS.get(family, frame)
        return frame, kind, offer, f"safety:{family or safety.outcome}"
    if state.get("guard") is not None:
        return "handoff_unsure", "handoff", True, "guard"
    if triage is not None and triage.reason in _ASKED:
        return _ASKED[triage.reason], "handoff", True, triage.reason
    return "handoff_failure", "handoff", True, "failure"


def _done(state: Reads) -> tuple[Sentence, ...]:
    """What a tool has already done stays said, whatever failed after it."""
    guard, evidence, draft = state.get("guard"), state.get("evidence"), state.get("draft")
    if guard is None or evidence is None or draft is None:
        return ()
    done = {result.id for result in evidence.tools if result.status == "success" and result.kind == "write"}
    supported = {receipt.claim for receipt in guard.receipts if receipt.supported}
    return tuple(
        sentence for sentence in draft.sentences if sentence.source_id in done and sentence.text in supported
    )


def _reply_language(state: Reads) -> ReplyLanguage:
    if (triage := state.get("triage")) is not None:
        return triage.reply_language
    spoken = decide_language(state["question"].text).language
    return "hinglish" if spoken in {"hinglish", "hi"} else "en"


def _priority(reason: str, triage: Triage | None) -> Priority:
    if reason == "safety:self_harm":
        return "urgent"
    if reason in {"asked_for_person", "accepted", "safety:threat"}:
        return "high"
    return triage.priority if triage else "normal"


def _summary(state: Reads, reason: str) -> str:
    triage = state.get("triage")
    about = f"{triage.category}, {triage.intent}" if triage else "not triaged"
    wrote = state["question"].text[:200]
    return f"Needs a person ({reason.replace('_', ' ')}): {about}. Customer wrote: {wrote}"


def _note(state: Reads, reason: str) -> str:
    triage, failure, guard = state.get("triage"), state.get("failure"), state.get("guard")
    if failure is not None:
        return f"The step {failure.node} failed: {failure.error}."
    if guard is not None:
        return "The drafted reply was not supported by the evidence: " + "; ".join(guard.reasons)
    if triage is not None and triage.rule is not None:
        return f"Support rule {triage.rule.name!r} asks for a person."
    return "; ".join(triage.reasons) if triage else f"Stopped by safety ({reason})."
