"""The trace of a ticket as a page: one turn in full, the others beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from store.values.exchanges import Exchange
from store.values.tickets import Message, Ticket
from store.values.turns import StepRecord, Turn, TurnTrace
from ui.views import evidence
from ui.views.compared import Compared, compare
from ui.views.evidence import PassageSeen, ReceiptSeen, Score, SentenceSeen, Told, ToolUse
from ui.views.graph import Graph, graph_of
from ui.views.path import Path, path_of
from ui.views.recorded import mapping, mappings, number
from ui.views.shell import Shell
from ui.views.summaries import facts_of, summary_of
from ui.views.waterfall import Waterfall, waterfall_of
from ui.views.words import TURN, Sign, clipped, clock, milliseconds, share, spaced

SHOWN = 3
"""Passages in full view; the others are behind a line that says how many."""


@dataclass(frozen=True)
class TurnLink:
    """A turn in the list."""

    number: int
    url: str
    on: bool
    path: Path | None
    at: str
    words: str
    sign: Sign | None


@dataclass(frozen=True)
class StepSeen:
    """One step: what came of it, why, and everything it read and wrote."""

    anchor: str
    node: str
    summary: str
    ms: str
    opened: bool
    facts: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]
    sentences: tuple[SentenceSeen, ...]
    reasons: tuple[str, ...]
    features: tuple[Score, ...]
    passages: tuple[PassageSeen, ...]
    more_passages: tuple[PassageSeen, ...]
    tools: tuple[ToolUse, ...]
    receipts: tuple[ReceiptSeen, ...]
    read: str
    wrote: str
    checkpoint: str


@dataclass(frozen=True)
class Spoken:
    """What passed between a step and a model."""

    step: str
    model: str
    figures: str
    asked: str
    said: str
    fault: str


@dataclass(frozen=True)
class TurnSeen:
    """The chosen turn."""

    id: str
    words: str
    reply: tuple[Told, ...]
    spoken: tuple[Spoken, ...]
    sign: Sign
    tags: tuple[str, ...]
    total: str
    graph: Graph
    waterfall: Waterfall
    steps: tuple[StepSeen, ...]
    error: str


@dataclass(frozen=True)
class TracePage:
    """The trace page; without a turn it says what will be here."""

    template: ClassVar[str] = "trace.html"
    shell: Shell
    subject: str
    number: int
    ticket_url: str
    export_url: str
    turns: tuple[TurnLink, ...]
    turn: TurnSeen | None
    compared: Compared | None
    case_url: str
    replay_url: str


def build_trace(
    ticket: Ticket,
    messages: Sequence[Message],
    traces: Sequence[TurnTrace],
    *,
    shell: Shell,
    chosen: str | None = None,
    beside: str | None = None,
    exchanges: Callable[[str], Sequence[Exchange]] = lambda _: (),
) -> TracePage:
    """`chosen` is the id of the turn to show (else the newest), `beside` of one to compare it with."""
    shown = next((trace for trace in traces if trace.turn.id == chosen), traces[-1] if traces else None)
    asked = _questions(messages)
    links = [_link(ticket, number, trace, shown, asked) for number, trace in enumerate(traces, 1)]
    return TracePage(
        shell=shell,
        subject=ticket.subject or "No words yet",
        number=ticket.number,
        ticket_url=f"/tickets/{ticket.id}",
        export_url=f"/api/tickets/{ticket.id}/trace",
        turns=tuple(links),
        turn=_turn(shown, asked, exchanges(shown.turn.id)) if shown else None,
        compared=compare(traces, shown, beside, asked) if shown else None,
        case_url=f"/tickets/{ticket.id}/case",
        replay_url=f"/tickets/{ticket.id}/replay",
    )


def _questions(messages: Sequence[Message]) -> dict[str, str]:
    words: dict[str, list[str]] = {}
    for message in messages:
        if message.role == "user" and message.turn_id:
            words.setdefault(message.turn_id, []).append(message.display or message.text)
    return {turn_id: " / ".join(texts) for turn_id, texts in words.items()}


def _link(
    ticket: Ticket, number: int, trace: TurnTrace, shown: TurnTrace | None, asked: dict[str, str]
) -> TurnLink:
    turn = trace.turn
    return TurnLink(
        number=number,
        url=f"/tickets/{ticket.id}/trace?turn={turn.id}",
        on=trace is shown,
        path=path_of([step.node for step in trace.steps], live=turn.status == "running"),
        at=clock(turn.created_at),
        words=clipped(asked.get(turn.id) or turn.question, 60),
        sign=None if turn.status == "done" else TURN.get(turn.status),
    )


def _turn(trace: TurnTrace, asked: dict[str, str], exchanges: Sequence[Exchange]) -> TurnSeen:
    turn = trace.turn
    nodes = [step.node for step in trace.steps]
    return TurnSeen(
        id=turn.id,
        words=asked.get(turn.id) or turn.question,
        reply=evidence.told_of(turn.reply, trace.receipts),
        spoken=tuple(_spoken(each) for each in exchanges if each.kind == "model"),
        sign=TURN.get(turn.status, Sign("closed", spaced(turn.status))),
        tags=_tags(turn),
        total=milliseconds(turn.total_ms),
        graph=graph_of(nodes, {step.node: _detail(step, trace) for step in trace.steps}),
        waterfall=waterfall_of(trace.steps, trace.tool_calls, turn.total_ms or 0.0),
        steps=tuple(_step(step, trace) for step in trace.steps),
        error=turn.error,
    )


def _spoken(exchange: Exchange) -> Spoken:
    tokens = f"{exchange.tokens_in:,} tokens in, {exchange.tokens_out:,} out"
    return Spoken(
        step=exchange.step,
        model=exchange.name,
        figures=" · ".join((tokens, milliseconds(exchange.ms))),
        asked=evidence.pretty(exchange.request),
        said=evidence.pretty(exchange.response),
        fault=exchange.fault,
    )


def _tags(turn: Turn) -> tuple[str, ...]:
    intent = f"{turn.intent} {share(turn.intent_confidence)}" if turn.intent else ""
    found = (turn.language, intent, turn.kind, turn.action, f"confidence {share(turn.confidence)}")
    return tuple(str(each) for each in found if each)


def _detail(step: StepRecord, trace: TurnTrace) -> str:
    output = step.output
    first: object = {
        "safety": _within(output, "safety", "outcome"),
        "triage": share(number(_within(output, "triage", "intent_confidence"))),
        "guard": _within(output, "guard", "outcome"),
        "specialist": f"{len(trace.tool_calls)} tools" if len(trace.tool_calls) != 1 else "1 tool",
        "answer": _within(output, "draft", "kind"),
        "escalation": "a person",
    }.get(step.node)
    return f"{first} · {milliseconds(step.ms)}" if first else milliseconds(step.ms)


def _step(step: StepRecord, trace: TurnTrace) -> StepSeen:
    calls = trace.tool_calls if step.node == "specialist" else ()
    receipts = trace.receipts if step.node == "guard" else ()
    value = mapping(step.output.get(step.node))
    found = mapping(step.output.get("evidence"))
    passages = evidence.passages_of(found, evidence.used_sources(trace.steps, trace.receipts))
    return StepSeen(
        anchor=f"step-{step.node}",
        node=step.node,
        summary=summary_of(step.node, step.output, calls, receipts),
        ms=milliseconds(step.ms),
        opened=step.node != "safety",
        facts=facts_of(step.node, value),
        flags=_flags(value),
        sentences=evidence.sentences_of(mapping(step.output.get("draft")), _titles(trace)),
        reasons=(*evidence.reasons_of(value), *evidence.reasons_of(found)),
        features=evidence.features_of(value),
        passages=passages[:SHOWN],
        more_passages=passages[SHOWN:],
        tools=evidence.tools_of(calls),
        receipts=evidence.receipts_of(receipts),
        read=evidence.pretty(step.input),
        wrote=evidence.pretty(step.output),
        checkpoint=step.checkpoint_id or "",
    )


def _titles(trace: TurnTrace) -> dict[str, str]:
    """The sources of a turn by id: the passages that were found, and the tools that ran."""
    titles = {str(call.data.get("id") or call.id): call.tool for call in trace.tool_calls}
    for step in trace.steps:
        for hit in mappings(mapping(step.output.get("evidence")).get("hits")):
            passage = mapping(hit.get("passage"))
            titles[str(passage.get("id", ""))] = str(passage.get("title", ""))
    return titles


def _flags(value: Mapping[str, Any]) -> tuple[str, ...]:
    flags = mappings(value.get("flags"))
    return tuple(f"{flag.get('name')} {share(number(flag.get('weight')))}" for flag in flags)


def _within(output: dict[str, Any], channel: str, field: str) -> object:
    value = output.get(channel)
    return value.get(field) if isinstance(value, dict) else None
