"""Figures of days and companies put together: as a whole, and step by step for what is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from store.values.figures import FigureDay

WEEK = 7
MOST_DAYS = 45
"""Days that are drawn one by one: more of them nobody tells apart."""


@dataclass(frozen=True)
class Sums:
    """Counts of a period. `steps` are its days or, of a long one, its weeks, each with its name."""

    data: dict[str, Any]
    names: tuple[str, ...]
    steps: tuple[dict[str, Any], ...]
    unit: str


def summed(days: Iterable[FigureDay], first: date, last: date) -> Sums:
    """The days added up. Weeks end with the last day: the first may be short. An empty step is there."""
    length = (last - first).days + 1
    size = WEEK if length > MOST_DAYS else 1
    ends = [last - timedelta(days=back) for back in range(0, length, size)][::-1]
    begins = [max(first, end - timedelta(days=size - 1)) for end in ends]
    steps: list[dict[str, Any]] = [{} for _ in ends]
    for item in days:
        back = (last - date.fromisoformat(item.day)).days
        if 0 <= back < length:
            _add(steps[-1 - back // size], item.data)
    whole: dict[str, Any] = {}
    for step in steps:
        _add(whole, step)
    names = tuple(_name(begin, week=size == WEEK) for begin in begins)
    return Sums(whole, names, tuple(steps), "week" if size == WEEK else "day")


def _name(begin: date, *, week: bool) -> str:
    return f"{'Week of ' if week else ''}{begin.day} {begin:%b}"


def _add(into: dict[str, Any], data: dict[str, Any]) -> None:
    """Add counts to counts, however deep they stand."""
    for key, value in data.items():
        if isinstance(value, dict):
            _add(into.setdefault(key, {}), value)
        elif isinstance(value, list):
            kept = into.setdefault(key, [0] * len(value))
            into[key] = [one + other for one, other in zip(kept, value, strict=True)]
        else:
            into[key] = into.get(key, 0) + value
