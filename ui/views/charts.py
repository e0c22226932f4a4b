"""Charts as plain numbers: where each mark stands in its drawing, and the same as a table for those who read.

A drawing is as wide as the page or as half of it, so that its words keep their size; colours and strokes come
from the stylesheet by the marks' classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from ui.views.words import milliseconds

WIDE, HALF, HEIGHT = 1000.0, 480.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 18.0, 10.0, 26.0
FLOOR = HEIGHT - BOTTOM
ROOM = WIDE - LEFT - RIGHT
HALF_ROOM = HALF - LEFT - RIGHT
ROOM_OF_A_NAME = 110.0
"""Of a day or a week below its mark."""


@dataclass(frozen=True)
class Tick:
    """A line of the grid with its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Mark:
    """A rectangle or a point of a series; `words` is its tooltip."""

    x: float
    y: float
    width: float
    height: float
    series: int
    words: str


@dataclass(frozen=True)
class Line:
    """A polyline with its dots; gaps in the data leave gaps in it."""

    points: tuple[str, ...]
    dots: tuple[Mark, ...]
    series: int


@dataclass(frozen=True)
class Chart:
    """A drawing and its table."""

    key: str
    title: str
    words: str
    legend: tuple[tuple[int, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    bars: tuple[Mark, ...] = ()
    lines: tuple[Line, ...] = ()
    diagonal: bool = False
    empty: str = ""
    width: float = WIDE

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole page."""
        return self.width > HALF

    @property
    def right(self) -> float:
        """Where the grid ends."""
        return self.width - RIGHT


@dataclass(frozen=True)
class BarRow:
    """A line of a table with a bar."""

    name: str
    value: str
    width: float
    detail: str = ""
    family: str = ""


@dataclass(frozen=True)
class BarTable:
    """Counts by name: a table that is its own chart."""

    key: str
    title: str
    words: str
    rows: tuple[BarRow, ...]
    empty: str


def stacked(
    key: str,
    title: str,
    words: str,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[int]]],
    *,
    width: float = HALF,
) -> Chart:
    """Bars of several counts above one another, one bar for each name (a day, a week)."""
    totals = [sum(values[place] for _, values in series) for place in range(len(names))]
    top, y_ticks = _scale(max(totals, default=0))
    slot = (width - LEFT - RIGHT) / max(1, len(names))
    bars = []
    for place, name in enumerate(names):
        below = 0
        for number, (label, values) in enumerate(series, start=1):
            value = values[place]
            if not value:
                continue
            height = value / top * (FLOOR - TOP)
            y = FLOOR - (below + value) / top * (FLOOR - TOP)
            x = LEFT + place * slot + slot * 0.12
            bars.append(
                Mark(
                    round(x, 1),
                    round(y, 1),
                    round(slot * 0.76, 1),
                    round(height, 1),
                    number,
                    f"{name}: {value:,} {label}",
                )
            )
            below += value
    rows = tuple((name, *(f"{values[place]:,}" for _, values in series)) for place, name in enumerate(names))
    return Chart(
        key=key,
        title=title,
        words=words,
        legend=tuple((number, label) for number, (label, _) in enumerate(series, start=1)),
        columns=("When", *(label for label, _ in series)),
        rows=rows,
        x_ticks=_days(names, slot, width),
        y_ticks=y_ticks,
        bars=tuple(bars),
        width=width,
        empty="" if sum(totals) else "Nothing in this time.",
    )


def shares(
    key: str,
    title: str,
    words: str,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[tuple[int, int]]]],
) -> Chart:
    """Lines of shares, each point from (how many, of how many); a name with none of them has no point."""
    ticks = tuple(
        Tick(FLOOR - part * (FLOOR - TOP), f"{100 * part:.0f} %") for part in (0, 0.25, 0.5, 0.75, 1)
    )
    lined = [
        (label, [(some / of, percent(some, of)) if of else None for some, of in values])
        for label, values in series
    ]
    return _lined(key, title, words, names, lined, ticks)


def durations(
    key: str,
    title: str,
    words: str,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
) -> Chart:
    """Lines of milliseconds, one point for each name (a day, a week); one without any has no point."""
    largest = max((value for _, values in series for value in values if value is not None), default=0.0)
    top, y_ticks = _scale(ceil(largest))
    lined = [
        (label, [None if value is None else (value / top, milliseconds(value)) for value in values])
        for label, values in series
    ]
    return _lined(key, title, words, names, lined, y_ticks)


def _lined(
    key: str,
    title: str,
    words: str,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[tuple[float, str] | None]]],
    y_ticks: tuple[Tick, ...],
) -> Chart:
    """Lines whose points are (part of the height, its words), or None where there is none."""
    slot = HALF_ROOM / max(1, len(names))
    lines = []
    for number, (label, values) in enumerate(series, start=1):
        runs: list[list[str]] = [[]]
        dots = []
        for place, value in enumerate(values):
            if value is None:
                runs.append([])
                continue
            x, y = LEFT + (place + 0.5) * slot, FLOOR - value[0] * (FLOOR - TOP)
            runs[-1].append(f"{x:.1f},{y:.1f}")
            dots.append(Mark(round(x, 1), round(y, 1), 0, 0, number, f"{names[place]}: {label} {value[1]}"))
        lines.append(Line(tuple(" ".join(run) for run in runs if len(run) > 1), tuple(dots), number))
    rows = tuple(
        (name, *(value[1] if (value := values[place]) else "–" for _, values in series))
        for place, name in enumerate(names)
    )
    return Chart(
        key=key,
        title=title,
        words=words,
        legend=tuple((number, label) for number, (label, _) in enumerate(series, start=1)),
        columns=("When", *(label for label, _ in series)),
        rows=rows,
        x_ticks=_days(names, slot, HALF),
        y_ticks=y_ticks,
        lines=tuple(lines),
        width=HALF,
        empty="" if any(line.dots for line in lines) else "Nothing in this time.",
    )


def calibration(key: str, title: str, words: str, bins: Sequence[tuple[float, int, int]]) -> Chart:
    """What was said against what came true: (confidence in the middle of a bin, cases, of them right)."""
    dots = tuple(
        Mark(
            round(LEFT + middle * HALF_ROOM, 1),
            round(FLOOR - right / cases * (FLOOR - TOP), 1),
            0,
            0,
            1,
            f"said {middle:.2f}, came true {percent(right, cases)}",
        )
        for middle, cases, right in bins
        if cases
    )
    ticks = tuple(
        Tick(FLOOR - part * (FLOOR - TOP), f"{100 * part:.0f} %") for part in (0, 0.25, 0.5, 0.75, 1)
    )
    across = tuple(Tick(LEFT + part * HALF_ROOM, f"{part:.2f}") for part in (0, 0.25, 0.5, 0.75, 1))
    run = " ".join(f"{dot.x},{dot.y}" for dot in dots)
    return Chart(
        key=key,
        title=title,
        words=words,
        legend=((1, "came true"),),
        columns=("Confidence", "Came true"),
        rows=tuple((f"{middle:.2f}", percent(right, cases)) for middle, cases, right in bins if cases),
        x_ticks=across,
        y_ticks=ticks,
        lines=(Line((run,) if len(dots) > 1 else (), dots, 1),),
        diagonal=True,
        width=HALF,
        empty="" if dots else "No customer has said yet whether it was settled.",
    )


def bar_table(
    key: str, title: str, words: str, counts: dict[str, int], *, empty: str, most: int = 10
) -> BarTable:
    """Counts by name, the largest first, each with its share of all."""
    total = sum(counts.values())
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    largest = max((count for _, count in ranked), default=1)
    rows = tuple(
        BarRow(name, f"{count:,}", round(100 * count / largest, 1), f"{100 * count / total:.1f} %")
        for name, count in ranked
    )
    return BarTable(key, title, words, rows, empty)


def percent(some: int, of: int) -> str:
    """`82.4 % (89 of 108)`, or a dash without any."""
    return f"{100 * some / of:.1f} % ({some:,} of {of:,})" if of else "–"


def _scale(largest: int) -> tuple[float, tuple[Tick, ...]]:
    """A round number above the largest value, and lines at its quarters."""
    step = next(
        size * 10**power for power in range(9) for size in (1, 2, 2.5, 5) if size * 10**power * 4 >= largest
    )
    top = max(step * 4, 4)
    ticks = [Tick(FLOOR - part / 4 * (FLOOR - TOP), f"{top * part / 4:,.0f}") for part in range(5)]
    return top, tuple(ticks)


def _days(names: Sequence[str], slot: float, width: float) -> tuple[Tick, ...]:
    every = max(1, -(-len(names) // int(width / ROOM_OF_A_NAME)))
    return tuple(
        Tick(round(LEFT + (place + 0.5) * slot, 1), name)
        for place, name in enumerate(names)
        if place % every == 0
    )
