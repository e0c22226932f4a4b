"""How commands print: tables and lines for people, JSON for machines."""

import json
import sys
from collections.abc import Mapping, Sequence


def say(line: str) -> None:
    """A line on stdout."""
    sys.stdout.write(f"{line}\n")


def note(line: str) -> None:
    """A line on stderr, for what is not a result."""
    sys.stderr.write(f"{line}\n")


def as_json(value: object) -> None:
    """A value on stdout, indented."""
    say(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Rows under their headings, as wide as they need to be."""
    cells = [
        tuple(map(str, columns)),
        *(tuple("–" if cell is None else str(cell) for cell in row) for row in rows),
    ]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    for row in cells:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def pairs(values: Mapping[str, object]) -> None:
    """Names and values, one a line."""
    width = max(map(len, values), default=0)
    for name, value in values.items():
        say(f"{name.ljust(width)}  {value}")
