"""The path strip: a turn in small shapes, dot a step, diamond the specialist, triangle a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PLACES = (5, 25, 45, 65)
ORDER = ("safety", "triage", "answer", "specialist", "guard", "escalation")


@dataclass(frozen=True)
class Shape:
    """One step on the strip."""

    kind: str
    """dot, diamond, triangle, ring (now) or ahead."""
    x: int


@dataclass(frozen=True)
class Path:
    """A strip that is ready to be drawn, and the same in words."""

    shapes: tuple[Shape, ...]
    solid_to: int
    label: str
    live: bool = False


def path_of(nodes: Sequence[str], *, live: bool = False) -> Path | None:
    """The strip of the nodes that ran, in order; the last of a live turn is where it is now."""
    if not nodes:
        return None
    shown = (*nodes[: len(PLACES) - 1], nodes[-1]) if len(nodes) > len(PLACES) else nodes
    shapes = [Shape(_kind(node), x) for node, x in zip(shown, PLACES, strict=False)]
    words = ", ".join(nodes)
    if not live:
        return Path(tuple(shapes), shapes[-1].x, f"Path: {words}")
    shapes[-1] = Shape("ring", shapes[-1].x)
    ahead = [Shape("ahead", x) for x in PLACES[len(shapes) :]]
    return Path((*shapes, *ahead), shapes[-1].x, f"Path: {words}, now in {nodes[-1]}", live=True)


def in_order(nodes: Iterable[str]) -> list[str]:
    """The nodes of a turn in the order in which the graph runs them."""
    return sorted(nodes, key=lambda node: ORDER.index(node) if node in ORDER else len(ORDER))


def _kind(node: str) -> str:
    return {"specialist": "diamond", "escalation": "triangle"}.get(node, "dot")
