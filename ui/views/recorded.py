"""Reading the recorded values of a step.

The records are JSON of another day's code: every field is asked for, none is taken for granted.
"""

from collections.abc import Mapping, Sequence
from typing import Any


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> list[Mapping[str, Any]]:
    """The objects in a list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def pairs_in(value: object) -> list[Sequence[Any]]:
    """The pairs in a list."""
    if not isinstance(value, list | tuple):
        return []
    return [item for item in value if isinstance(item, list | tuple) and len(item) == 2]


def number(value: object) -> float | None:
    """The value if it is a number."""
    return float(value) if isinstance(value, int | float) else None
