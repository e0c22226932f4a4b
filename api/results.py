"""From the graph's values to the store's and back: what a turn starts with and what it leaves."""

from typing import Any

from graph.parts import FinishedPart
from graph.state import Memory, Outcome, Question
from language import frames
from store.values.turns import ReceiptRecord, TurnInput, TurnResult


def question_of(turn: TurnInput) -> Question:
    """The redacted words that the turn answers, and whether the asker is known."""
    return Question(
        message_ids=turn.message_ids,
        text=turn.text,
        slots=turn.slots,
        redacted=turn.discarded,
        verified=turn.verified,
        confirmed_offer=turn.confirmed_offer,
        refused_offer=turn.refused_offer,
    )


def memory_of(turn: TurnInput) -> Memory:
    """What the ticket carries from its last turn, with the language that the customer pinned."""
    memory = Memory.model_validate(turn.memory or {})
    return memory.model_copy(update={"pinned": turn.language_pin})


def result_of(part: FinishedPart, *, run_id: str, question: str) -> TurnResult:
    """The outcome of a run in the store's words; `question` is kept when no knowledge answered it."""
    outcome = part.outcome
    return TurnResult(
        run_id=run_id,
        reply=outcome.text,
        kind=outcome.kind,
        action=outcome.action,
        language=outcome.language,
        reply_language=outcome.reply_language,
        intent=outcome.intent,
        intent_confidence=outcome.intent_confidence,
        confidence=outcome.confidence,
        category=outcome.category,
        priority=outcome.priority,
        sentences=tuple((sentence.text, sentence.source_id) for sentence in outcome.sentences),
        citations=tuple(citation.model_dump(mode="json") for citation in outcome.citations),
        keywords=outcome.keywords,
        tags=outcome.tags,
        is_safe=outcome.is_safe,
        risk=outcome.risk,
        safety_flags=outcome.flags,
        safety_mode=outcome.mode,
        hallucination=_hallucination(outcome),
        handoff_offered=outcome.handoff_offered,
        handoff_reason=outcome.handoff_reason,
        summary=outcome.summary,
        handoff_note=outcome.note,
        confirm=_confirm(outcome),
        ask=outcome.ask,
        layer=outcome.layer,
        decision=outcome.decision,
        rule=outcome.rule.model_dump(mode="json") if outcome.rule else None,
        gap=question if outcome.gap else None,
        memory=outcome.memory.model_dump(mode="json"),
        tool_calls=tuple(result.model_dump(mode="json") for result in outcome.tools),
        steps=part.steps,
        receipts=tuple(
            ReceiptRecord(**receipt.model_dump(include=_RECEIPT_FIELDS)) for receipt in outcome.receipts
        ),
        stages=dict(part.stages),
        total_ms=part.total_ms,
    )


def failed_result(turn: TurnInput, *, run_id: str, company: str) -> TurnResult:
    """The last resort: an honest message and the offer of a person of the company (by its name)."""
    memory = memory_of(turn)
    language = memory.pinned or ("hinglish" if memory.language in ("hinglish", "hi") else "en")
    return TurnResult(
        run_id=run_id,
        reply=" ".join(frames.render("handoff_failure", language, {"company": company})),
        kind="handoff",
        action="escalate",
        language=memory.language or "en",
        reply_language=language,
        intent=memory.intent or "out_of_scope",
        intent_confidence=0.0,
        confidence=0.0,
        category=memory.category or "other",
        priority="high",
        tags=("human-review",),
        handoff_offered=True,
        handoff_reason="failure",
        layer="triage",
        decision="offer_human_handoff",
        memory=memory.model_dump(mode="json"),
    )


def _hallucination(outcome: Outcome) -> dict[str, Any]:
    return {
        "isHallucination": outcome.is_hallucination,
        "confidence": outcome.guard_confidence,
        "mode": outcome.mode,
        "claims": [
            {
                "claim": receipt.claim,
                "supported": receipt.supported,
                "source": receipt.source_title,
                "quote": receipt.quote,
                "score": receipt.score,
                "reasons": list(receipt.reasons),
            }
            for receipt in outcome.receipts
        ],
    }


def _confirm(outcome: Outcome) -> dict[str, Any] | None:
    offer = outcome.confirm
    if offer is None:
        return None
    details = {**offer.arguments, "record": offer.record}
    return {"offerId": offer.id, "tool": offer.tool, "question": offer.question, "details": details}


_RECEIPT_FIELDS = set(ReceiptRecord.__dataclass_fields__)
