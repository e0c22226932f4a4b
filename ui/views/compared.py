"""Two turns of a ticket beside each other: what each came to, step by step, and where they part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from store.values.turns import StepRecord, Turn, TurnTrace
from ui.views.path import Path, path_of
from ui.views.summaries import summary_of
from ui.views.words import clipped, clock, milliseconds, share


@dataclass(frozen=True)
class Side:
    """One of the two turns."""

    id: str
    number: int
    at: str
    words: str
    reply: str
    path: Path | None


@dataclass(frozen=True)
class Line:
    """A value of both; `same` when it does not differ."""

    name: str
    left: str
    right: str
    same: bool


@dataclass(frozen=True)
class Compared:
    """The comparison, or what could be compared with when nothing is chosen yet."""

    left: Side
    right: Side | None
    choices: tuple[tuple[str, str, bool], ...]
    """(turn id, words, whether it is the chosen one) of the other turns."""
    lines: tuple[Line, ...]
    parts_at: str
    """The first step that differs."""


def compare(
    traces: Sequence[TurnTrace], shown: TurnTrace, beside: str | None, asked: Mapping[str, str]
) -> Compared | None:
    """`shown` with the turn named `beside`; None when the ticket has no other turn."""
    numbers = {trace.turn.id: number for number, trace in enumerate(traces, 1)}
    others = [trace for trace in traces if trace is not shown]
    if not others:
        return None
    other = next((trace for trace in others if trace.turn.id == beside), None)
    lines = _lines(shown, other) if other else ()
    return Compared(
        left=_side(shown, numbers, asked),
        right=_side(other, numbers, asked) if other else None,
        choices=tuple(
            (
                trace.turn.id,
                f"{numbers[trace.turn.id]} · {clipped(asked.get(trace.turn.id) or trace.turn.question, 48)}",
                trace is other,
            )
            for trace in others
        ),
        lines=lines,
        parts_at=next((line.name for line in lines if not line.same and line.name in _STEPS), ""),
    )


_STEPS = ("safety", "triage", "answer", "specialist", "guard", "escalation")


def _side(trace: TurnTrace, numbers: Mapping[str, int], asked: Mapping[str, str]) -> Side:
    turn = trace.turn
    return Side(
        id=turn.id,
        number=numbers[turn.id],
        at=clock(turn.created_at),
        words=asked.get(turn.id) or turn.question,
        reply=turn.reply,
        path=path_of([step.node for step in trace.steps]),
    )


def _lines(left: TurnTrace, right: TurnTrace) -> tuple[Line, ...]:
    steps = [_step_line(name, left, right) for name in _STEPS]
    facts = [
        _line(name, one, two)
        for name, one, two in zip(_NAMES, _values(left.turn), _values(right.turn), strict=True)
    ]
    held = _line("claims held", _claims(left), _claims(right))
    return (*facts, held, *(line for line in steps if line is not None))


_NAMES = ("language", "intent", "kind", "action", "confidence", "time")


def _values(turn: Turn) -> tuple[str, ...]:
    intent = f"{turn.intent} {share(turn.intent_confidence)}" if turn.intent else "none"
    return (
        turn.language or "unknown",
        intent,
        turn.kind or turn.status,
        turn.action or "none",
        share(turn.confidence),
        milliseconds(turn.total_ms),
    )


def _claims(trace: TurnTrace) -> str:
    held = sum(receipt.supported for receipt in trace.receipts)
    return f"{held} of {len(trace.receipts)}" if trace.receipts else "none"


def _step_line(name: str, left: TurnTrace, right: TurnTrace) -> Line | None:
    one, two = _summary(name, left), _summary(name, right)
    return None if one is None and two is None else _line(name, one or "not taken", two or "not taken")


def _summary(name: str, trace: TurnTrace) -> str | None:
    step: StepRecord | None = next((step for step in trace.steps if step.node == name), None)
    if step is None:
        return None
    calls = trace.tool_calls if name == "specialist" else ()
    return summary_of(name, step.output, calls, trace.receipts if name == "guard" else ())


def _line(name: str, left: str, right: str) -> Line:
    return Line(name, left, right, same=left == right)
