"""Judge the whole reply, write a receipt for every sentence, and let nothing unsupported pass."""

from typing import TypedDict

from langgraph.runtime import Runtime

from graph.ports import Deps
from graph.receipts import settle, written_of
from graph.state import Draft, Evidence, GuardVerdict, Receipt, SafetyMode, Sentence, Triage
from language.decide import reply_is


class Reads(TypedDict):
    triage: Triage
    evidence: Evidence | None
    draft: Draft


class Writes(TypedDict):
    guard: GuardVerdict


async def guard(state: Reads, runtime: Runtime[Deps]) -> Writes:
    """Settle each sentence; drop what fails, and block the reply when what remains does not answer."""
    deps, draft = runtime.context, state["draft"]
    language = state["triage"].reply_language
    receipts = tuple(
        settle(sentence, state["evidence"], deps.company, language, deps.claims)
        for sentence in draft.sentences
    )
    kept = tuple(
        sentence for sentence, receipt in zip(draft.sentences, receipts, strict=True) if receipt.supported
    )
    written, cited = written_of(draft.sentences, receipts, state["evidence"])
    grounding = deps.claims.grounding(written, cited) if written else 1.0
    return {"guard": _verdict(draft, kept, receipts, deps.mode, language, grounding)}


def _verdict(
    draft: Draft,
    kept: tuple[Sentence, ...],
    receipts: tuple[Receipt, ...],
    mode: SafetyMode,
    language: str,
    grounding: float,
) -> GuardVerdict:
    failed = [receipt for receipt in receipts if not receipt.supported]
    reasons = tuple(f"{receipt.claim!r}: {', '.join(receipt.reasons)}" for receipt in failed)
    if mode == "permissive":
        kept = draft.sentences
    free = [receipt.claim for receipt in receipts if receipt.supported and not receipt.stored]
    if free and not reply_is(" ".join(free), language):
        kept, reasons = (), (*reasons, f"the reply is not in {language}")
    outcome = "blocked" if not _still_answers(draft, kept) else "repaired" if failed else "pass"
    judged = [receipt.score for receipt in receipts if receipt.stored or not receipt.supported]
    score = min((*judged, grounding)) if receipts else 0.0
    return GuardVerdict(
        outcome=outcome,
        mode=mode,
        receipts=receipts,
        reply=kept if outcome != "blocked" else (),
        is_hallucination=bool(failed),
        confidence=1.0 - score if failed else score,
        reasons=reasons,
    )


def _still_answers(draft: Draft, kept: tuple[Sentence, ...]) -> bool:
    """What remains answers if it keeps the draft's substance: its first sentence that cites something."""
    substance = [sentence for sentence in draft.sentences if sentence.source_id] or list(draft.sentences)
    return bool(kept) and any(sentence in kept for sentence in substance)
