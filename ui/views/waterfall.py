"""Where the milliseconds of a turn went: a bar per node, and below it a bar per use of a tool."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from store.values.turns import StepRecord, ToolCall
from ui.views.words import milliseconds, spaced

LEFT, RIGHT, ROW, TOP = 178.0, 664.0, 21, 26


@dataclass(frozen=True)
class Tick:
    """A line of the scale."""

    x: float
    label: str


@dataclass(frozen=True)
class Bar:
    """One row; `kind` is node, part or failed. `text_end` means that the words stand left of the bar."""

    label: str
    indent: int
    kind: str
    x: float
    y: int
    width: float
    words: str
    text_x: float
    text_end: bool


@dataclass(frozen=True)
class Waterfall:
    """The drawing, 720 units wide."""

    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    height: int
    words: str


@dataclass(frozen=True)
class _Span:
    label: str
    kind: str
    start: float
    length: float
    note: str


def waterfall_of(steps: Sequence[StepRecord], calls: Sequence[ToolCall], total_ms: float) -> Waterfall:
    """Bars start when their node started; tools follow one another inside the specialist."""
    spans = _spans(steps, calls)
    longest = max([total_ms, *(span.start + span.length for span in spans)], default=0.0)
    scale = _scale(longest)
    per_ms = (RIGHT - LEFT) / scale[-1]
    bars = tuple(_bar(span, row, per_ms) for row, span in enumerate(spans))
    return Waterfall(
        ticks=tuple(Tick(round(LEFT + value * per_ms, 1), _plain(value)) for value in scale),
        bars=bars,
        height=TOP + ROW * max(len(bars), 1) + 4,
        words=f"Waterfall of the turn, {milliseconds(total_ms)} in total",
    )


def _spans(steps: Sequence[StepRecord], calls: Sequence[ToolCall]) -> list[_Span]:
    if not steps:
        return []
    first = min(step.started_at for step in steps)
    spans: list[_Span] = []
    for step in steps:
        start = (step.started_at - first).total_seconds() * 1000
        spans.append(_Span(step.node, "node", start, step.ms, ""))
        if step.node == "specialist":
            for call in calls:
                spent = float(call.data.get("ms") or 0.0)
                kind = "failed" if call.status == "failed" else "part"
                spans.append(_Span(call.tool, kind, start, spent, spaced(call.status)))
                start += spent
    return spans


def _bar(span: _Span, row: int, per_ms: float) -> Bar:
    x = LEFT + span.start * per_ms
    width = max(span.length * per_ms, 1.5)
    part = span.kind != "node"
    words = " · ".join(part for part in (milliseconds(span.length), span.note) if part)
    left = x + width > RIGHT - 8 - 6.6 * len(words) + 50
    return Bar(
        label=span.label,
        indent=14 if part else 0,
        kind=span.kind,
        x=round(x, 1),
        y=TOP + ROW * row,
        width=round(width, 1),
        words=words,
        text_x=round(x - 7 if left else x + width + 7, 1),
        text_end=left,
    )


def _scale(longest: float) -> list[float]:
    """Round steps from 0 to just beyond the longest, four to six of them."""
    longest = max(longest, 1.0)
    rough = longest / 5
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    count = int(longest / step) + (0 if longest % step == 0 else 1)
    return [step * index for index in range(count + 1)]


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
