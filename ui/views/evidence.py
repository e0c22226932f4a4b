"""What a step rested on, read from its recorded output: passages, tool uses, receipts, reasons."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store.values.turns import ReceiptRecord, StepRecord, ToolCall
from ui.views.recorded import mapping, mappings, number, pairs_in
from ui.views.words import TOOL, Sign, clipped, milliseconds, share, titled


@dataclass(frozen=True)
class Score:
    """A value from 0 to 1 as a bar."""

    name: str
    value: str
    width: float
    strong: bool = False


@dataclass(frozen=True)
class Piece:
    """A text with the part of it that something rests on marked."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class PassageSeen:
    """A passage that the search found."""

    title: str
    where: str
    used: bool
    pieces: tuple[Piece, ...]
    scores: tuple[Score, ...]


@dataclass(frozen=True)
class SentenceSeen:
    """One sentence of a draft and what it cites."""

    text: str
    source: str


@dataclass(frozen=True)
class ToolUse:
    """One use of a tool."""

    name: str
    kind: str
    sign: Sign
    detail: str
    ledger: str
    arguments: str
    result: str
    reason: str


@dataclass(frozen=True)
class ReceiptSeen:
    """A claim beside the span that it rests on."""

    claim: str
    held: bool
    detail: str
    span: tuple[Piece, ...]
    source: str
    digest: str


@dataclass(frozen=True)
class Told:
    """A piece of the reply; with a receipt it says what it rests on when it is pointed at."""

    text: str
    rests: str = ""
    source: str = ""


def told_of(reply: str, receipts: Sequence[ReceiptRecord]) -> tuple[Told, ...]:
    """The reply cut at its claims, each with the span that it rests on."""
    pieces: list[Told] = []
    at = 0
    for receipt in receipts:
        start = reply.find(receipt.claim, at) if receipt.supported and receipt.claim else -1
        if start < 0:
            continue
        end = start + len(receipt.claim)
        rests = receipt.quote or "the result of the tool as a whole"
        pieces += [Told(reply[at:start]), Told(receipt.claim, clipped(rests, 240), receipt.source_title)]
        at = end
    return tuple(piece for piece in (*pieces, Told(reply[at:])) if piece.text)


def passages_of(evidence: Mapping[str, Any], used: Mapping[str, str]) -> tuple[PassageSeen, ...]:
    """The hits of a search: used ones first, then best first; `used` maps sources to the words taken."""
    seen = []
    for hit in mappings(evidence.get("hits")):
        passage = mapping(hit.get("passage"))
        keys = {str(passage.get("id", "")), str(passage.get("source_id", ""))}
        quote = next((quote for key, quote in used.items() if key in keys), None)
        where = " · ".join(
            part for part in (str(passage.get("url") or ""), str(passage.get("kind") or "")) if part
        )
        seen.append(
            PassageSeen(
                title=str(passage.get("title") or "Untitled"),
                where=where,
                used=quote is not None,
                pieces=_marked(" ".join(str(passage.get("text") or "").split()), quote or ""),
                scores=(
                    _score("meaning", hit.get("dense")),
                    _score("words", hit.get("lexical")),
                    _score("answers", hit.get("answers"), strong=True),
                ),
            )
        )
    return tuple(sorted(seen, key=lambda passage: not passage.used))


def sentences_of(draft: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[SentenceSeen, ...]:
    """The sentences that a step wrote; one without a source is a fixed sentence of the product."""
    return tuple(
        SentenceSeen(str(each.get("text", "")), titles.get(source, source) if source else "fixed sentence")
        for each in mappings(draft.get("sentences"))
        for source in [str(each.get("source_id") or "")]
    )


def tools_of(calls: Iterable[ToolCall]) -> tuple[ToolUse, ...]:
    """Every use of a tool in a turn, refusals included."""
    return tuple(_tool(call) for call in calls)


def _tool(call: ToolCall) -> ToolUse:
    data = call.data
    attempts = int(data.get("attempts") or 1)
    sign = TOOL.get(call.status, Sign("closed", titled(call.status)))
    tries = f" on try {attempts}" if attempts > 1 and call.status == "success" else ""
    return ToolUse(
        name=call.tool,
        kind=str(data.get("kind") or ""),
        sign=Sign(sign.family, f"{sign.word}{tries}"),
        detail=milliseconds(float(data["ms"])) if data.get("ms") is not None else "",
        ledger=str(data.get("ledger_id") or ""),
        arguments=pretty(data.get("arguments") or {}),
        result=pretty(data.get("facts") or {}),
        reason=str(data.get("reason") or ""),
    )


def receipts_of(receipts: Iterable[ReceiptRecord]) -> tuple[ReceiptSeen, ...]:
    """The claims of the reply, each with what it rests on; a failed one says why it fell."""
    return tuple(
        ReceiptSeen(
            claim=receipt.claim,
            held=receipt.supported,
            detail=", ".join(receipt.reasons) or f"score {share(receipt.score)}",
            span=_span(receipt),
            source=receipt.source_title or "no source",
            digest=short_digest(receipt.source_hash),
        )
        for receipt in receipts
    )


def _span(receipt: ReceiptRecord) -> tuple[Piece, ...]:
    if receipt.quote:
        return (Piece(receipt.quote, marked=True),)
    return (Piece("Rests on the result as a whole." if receipt.supported else "No span found."),)


def reasons_of(value: Mapping[str, Any]) -> tuple[str, ...]:
    """The reasons that a step wrote down, in its own words."""
    found = value.get("reasons") or value.get("notes") or ()
    return tuple(str(reason) for reason in found) if isinstance(found, Sequence) else ()


def features_of(value: Mapping[str, Any]) -> tuple[Score, ...]:
    """The strongest features of the classifier, as bars against the strongest."""
    pairs = [(str(pair[0]), float(pair[1])) for pair in pairs_in(value.get("features"))]
    strongest = max((abs(weight) for _, weight in pairs), default=0.0) or 1.0
    ranked = sorted(pairs, key=lambda pair: -abs(pair[1]))[:8]
    return tuple(Score(name, f"{weight:+.2f}", 100 * abs(weight) / strongest) for name, weight in ranked)


def pretty(value: object) -> str:
    """JSON as people read it."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def short_digest(digest: str) -> str:
    """`sha 7be2…41`: enough to compare by eye."""
    return f"sha {digest[:4]}…{digest[-2:]}" if len(digest) > 8 else digest


def used_sources(steps: Iterable[StepRecord], receipts: Iterable[ReceiptRecord]) -> dict[str, str]:
    """The sources that the reply of a turn rests on, with the words taken from each."""
    used: dict[str, str] = {}
    drafts = [mapping(step.output.get("draft")) for step in steps]
    for sentence in (each for draft in drafts for each in mappings(draft.get("sentences"))):
        if sentence.get("source_id"):
            used.setdefault(str(sentence["source_id"]), str(sentence.get("quote") or ""))
    for receipt in receipts:
        if receipt.supported and receipt.source_id:
            used[receipt.source_id] = used.get(receipt.source_id) or receipt.quote
    return used


def _marked(text: str, quote: str) -> tuple[Piece, ...]:
    flat = " ".join(quote.split())
    start = text.find(flat) if flat else -1
    if start < 0:
        return (Piece(clipped(text, 320)),)
    before, after = text[:start], text[start + len(flat) :]
    lead = f"…{before[-120:]}" if len(before) > 120 else before
    pieces = (Piece(lead), Piece(flat, marked=True), Piece(clipped(after, 160) if after.strip() else after))
    return tuple(piece for piece in pieces if piece.text)


def _score(name: str, value: object, *, strong: bool = False) -> Score:
    found = number(value) or 0.0
    return Score(name, share(found), round(100 * min(max(found, 0.0), 1.0), 1), strong)
