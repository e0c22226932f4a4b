"""The parity board: English minus Hinglish for every metric, and one of them over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ui.views.charts import FLOOR, LEFT, ROOM, TOP, Chart, Line, Mark, Tick
from ui.views.imports import Tab
from ui.views.shell import Shell

STRIP = 200.0
TOPS = (10, 20, 50, 100)
"""Points of a gap that a drawing may reach up and down."""


@dataclass(frozen=True)
class GapRow:
    """A metric: both rates, the gap in points with its interval, and where that stands on a strip of 200."""

    name: str
    words: str
    source: str
    english: str
    hinglish: str
    gap: str
    interval: str
    low: float
    high: float
    at: float
    known: bool
    verdict: str
    """`behind`, `ahead` or `even`: whether the interval leaves zero out."""
    url: str
    on: bool


@dataclass(frozen=True)
class GapPoint:
    """A gap at one time, in points."""

    at: str
    gap: float
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class ParityPage:
    """How far the two languages are apart."""

    template: ClassVar[str] = "parity.html"
    shell: Shell
    companies: tuple[Tab, ...]
    periods: tuple[Tab, ...]
    period: str
    rows: tuple[GapRow, ...]
    chart: Chart
    behind: bool = False


def place(points: float) -> float:
    """Where a gap in points stands on the strip, which runs from -50 to 50."""
    return round(STRIP * (max(-50.0, min(50.0, points)) + 50) / 100, 1)


def gaps(key: str, title: str, words: str, points: Sequence[GapPoint]) -> Chart:
    """Gaps over time with their intervals around a line of no gap."""
    reach = max((abs(edge) for point in points for edge in (point.low, point.high)), default=0.0)
    top = next((size for size in TOPS if size >= reach), TOPS[-1])
    slot = ROOM / max(1, len(points))

    def down(value: float) -> float:
        return round(FLOOR - (value + top) / (2 * top) * (FLOOR - TOP), 1)

    middles = [round(LEFT + (number + 0.5) * slot, 1) for number in range(len(points))]
    dots = tuple(
        Mark(x, down(point.gap), 0, 0, 1, point.words) for x, point in zip(middles, points, strict=True)
    )
    spans = tuple(
        Mark(x - 2, down(point.high), 4, round(down(point.low) - down(point.high), 1), 3, point.words)
        for x, point in zip(middles, points, strict=True)
    )
    run = " ".join(f"{dot.x},{dot.y}" for dot in dots)
    every = max(1, -(-len(points) // 8))
    return Chart(
        key=key,
        title=title,
        words=words,
        legend=((1, "English − Hinglish, points"), (3, "95 % interval")),
        columns=("When", "Gap, points", "95 % interval"),
        rows=tuple(
            (point.at, f"{point.gap:+.1f}", f"{point.low:+.1f} to {point.high:+.1f}") for point in points
        ),
        x_ticks=tuple(
            Tick(x, point.at)
            for number, (x, point) in enumerate(zip(middles, points, strict=True))
            if number % every == 0
        ),
        y_ticks=tuple(
            Tick(down(step * top), f"{step * top:+.0f}" if step else "0") for step in (-1, -0.5, 0, 0.5, 1)
        ),
        bars=spans,
        lines=(Line((run,) if len(dots) > 1 else (), dots, 1),),
        empty="" if points else "Not both languages in this time.",
    )
