"""Draws the report's plots as SVG text, with the words that a screen reader says in their place.

Colours come from classes of the report's style sheet, so that a plot follows light and dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

Point = tuple[float, float]

_MARKS = {
    1: '<circle class="f1" cx="{x}" cy="{y}" r="3.5"/>',
    2: '<rect class="f2" x="{x}" y="{y}" width="6.4" height="6.4" transform="translate(-3.2 -3.2)"/>',
    3: '<path class="f3" d="M{x} {y}l4.5 8h-9z" transform="translate(0 -4.5)"/>',
}


@dataclass(frozen=True, slots=True)
class Series:
    """A named line of a plot; `style` 1, 2 or 3 chooses colour, dash and marker."""

    name: str
    points: tuple[Point, ...]
    style: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing area of a plot and the values that its edges stand for."""

    x0: float
    x1: float
    y0: float = 0.0
    y1: float = 1.0
    width: int = 480
    height: int = 240

    def x(self, value: float) -> float:
        """The horizontal place of a value."""
        share = (value - self.x0) / (self.x1 - self.x0) if self.x1 > self.x0 else 0.5
        return round(44 + share * (self.width - 60), 1)

    def y(self, value: float) -> float:
        """The vertical place of a value."""
        return round(self.height - 34 - (value - self.y0) / (self.y1 - self.y0) * (self.height - 50), 1)


def lines(
    series: Sequence[Series], label: str, axis: str, *, shares: bool = False, diagonal: bool = False
) -> Markup:
    """Shares (0..1) over a measure, one line for each series; with `shares` the measure is 0..1 too."""
    places = [x for line in series for x, _ in line.points]
    if not places:
        return Markup("")
    frame = Frame(0.0, 1.0) if shares else Frame(min(places), max(places))
    body = _grid(frame) + _ticks(frame, [] if shares else sorted(set(places)))
    if diagonal:
        body += f'<line class="now" x1="{frame.x(0)}" y1="{frame.y(0)}" x2="{frame.x(1)}" y2="{frame.y(1)}"/>'
    body += "".join(_line(frame, line) for line in series)
    middle, bottom = frame.width / 2, frame.height - 4
    body += f'<text x="{middle}" y="{bottom}" text-anchor="middle">{escape(axis)}</text>'
    return _svg(body, frame.width, frame.height, label)


def ci_strip(rates: Sequence[tuple[int, float, float, float]], label: str, floor: float) -> Markup:
    """Rates with their intervals (style, low, rate, high), one under the other, from `floor` to 1."""
    frame = Frame(floor, 1.0, width=208)
    height = 10 * len(rates) - 2
    ends = (frame.x(floor), frame.x(1.0))
    body = "".join(f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="{height}"/>' for x in ends)
    for place, (style, low, rate, high) in enumerate(rates):
        y = 5 + 9 * place
        left, right = frame.x(max(low, floor)), frame.x(max(high, floor))
        body += f'<line class="s{style}" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>'
        body += _MARKS[style].format(x=frame.x(max(rate, floor)), y=y)
    return _svg(body, 208, height, label, "chart ci-svg")


def gap(points: float, low: float, high: float, limit: float | None) -> Markup:
    """A gap in points with its interval, no gap, and the limit of the gate."""
    reach = max(8.0, *(abs(value) * 1.15 for value in (low, high, limit or 0.0)))
    frame = Frame(-reach, reach, width=480)
    body = f'<line class="axis" x1="{frame.x(-reach)}" x2="{frame.x(reach)}" y1="44" y2="44"/>'
    for value in (-reach, -reach / 2, 0.0, reach / 2, reach):
        x = frame.x(value)
        body += f'<line class="grid" x1="{x}" x2="{x}" y1="14" y2="44"/>'
        body += f'<text x="{x}" y="60" text-anchor="middle">{value:+.0f}</text>'
    body += f'<text x="{frame.x(0)}" y="11" text-anchor="middle">no gap</text>'
    if limit is not None:
        x = frame.x(limit)
        body += f'<line class="gate" x1="{x}" x2="{x}" y1="14" y2="44"/>'
        body += f'<text class="lab" x="{x}" y="11" text-anchor="middle">gate {limit:+g}</text>'
    body += f'<line class="ci" x1="{frame.x(low)}" x2="{frame.x(high)}" y1="29" y2="29"/>'
    body += f'<circle class="f1" cx="{frame.x(points)}" cy="29" r="5.5"/>'
    return _svg(body, 480, 66, f"Gap {points:+.1f} points, 95 percent interval {low:+.1f} to {high:+.1f}")


def heat(counts: Sequence[tuple[str, str, int]]) -> Markup:
    """A confusion matrix: rows are what it was, columns what was said."""
    names = sorted({name for true, said, _ in counts for name in (true, said)})
    cells = {(true, said): count for true, said, count in counts}
    totals = {name: sum(count for true, _, count in counts if true == name) for name in names}
    body = ""
    for row, true in enumerate(names):
        y = 86 + 34 * row
        body += f'<text x="124" y="{y + 21}" text-anchor="end">{escape(true)}</text>'
        body += f'<text transform="translate({152 + 34 * row} 79) rotate(-48)">{escape(true)}</text>'
        for column, said in enumerate(names):
            body += _cell(132 + 34 * column, y, cells.get((true, said), 0), totals[true])
    bottom = 86 + 34 * len(names) + 14
    body += f'<text x="132" y="{bottom}">columns: what it said, rows: what it was</text>'
    right = sum(count for true, said, count in counts if true == said)
    label = f"Confusion matrix of {len(names)} intents, {right} of {sum(totals.values())} on the diagonal."
    return _svg(body, 190 + 34 * len(names), bottom + 8, label)


def _cell(x: int, y: int, count: int, total: int) -> str:
    share = count / total if total else 0.0
    level = 0 if count == 0 else 1 + sum(share > bound for bound in (0.05, 0.25, 0.75))
    body = f'<rect class="h{level}" x="{x}" y="{y}" width="32" height="32" rx="4"/>'
    if count:
        tone = "hv hv--on" if level > 2 else "hv"
        body += f'<text class="{tone}" x="{x + 16}" y="{y + 20.5}">{count}</text>'
    return body


def _line(frame: Frame, line: Series) -> str:
    places = [(frame.x(x), frame.y(y)) for x, y in line.points]
    path = " ".join(f"{x} {y}" for x, y in places)
    marks = "".join(_MARKS[line.style].format(x=x, y=y) for x, y in places) if len(places) <= 24 else ""
    return f'<path class="s{line.style}" d="M{path}"/>{marks}'


def _grid(frame: Frame) -> str:
    body = ""
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = frame.y(share)
        body += f'<line class="grid" x1="44" x2="{frame.width - 16}" y1="{y}" y2="{y}"/>'
        body += f'<text x="38" y="{y + 4}" text-anchor="end">{share:.0%}</text>'
    return body


def _ticks(frame: Frame, places: Sequence[float]) -> str:
    spread = [frame.x0 + (frame.x1 - frame.x0) * part / 4 for part in range(5)]
    values = places if 0 < len(places) <= 6 else spread
    y = frame.height - 18
    return "".join(
        f'<text x="{frame.x(value)}" y="{y}" text-anchor="middle">{value:.2g}</text>' for value in values
    )


def _svg(body: str, width: float, height: float, label: str, css: str = "chart") -> Markup:
    box = f'viewBox="0 0 {width:g} {height:g}"'
    return Markup(f'<svg class="{css}" {box} role="img" aria-label="{escape(label)}">{body}</svg>')
