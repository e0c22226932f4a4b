"""The graph of a turn as a drawing: all nodes, and the way that this turn took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A box of the drawing; `state` is on (ran), hot (ran and is where a person comes in), or off."""

    name: str
    x: int
    y: int
    width: int
    state: str
    detail: str

    @property
    def middle(self) -> int:
        """Where the words stand."""
        return self.x + self.width // 2


@dataclass(frozen=True)
class Edge:
    """An arrow; `on` when the turn went along it."""

    path: str
    on: bool


@dataclass(frozen=True)
class Graph:
    """The drawing, 720 × 244 units, with the same in words."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    words: str


BOXES = {
    "safety": (58, 71, 96),
    "triage": (176, 71, 94),
    "answer": (336, 31, 112),
    "specialist": (336, 117, 112),
    "guard": (508, 71, 106),
    "escalation": (400, 190, 116),
}
ARROWS = {
    ("start", "safety"): "M26 92H56",
    ("safety", "triage"): "M154 92H174",
    ("safety", "escalation"): "M106 114C112 232 250 226 398 218",
    ("triage", "answer"): "M270 86C302 84 300 54 334 53",
    ("triage", "specialist"): "M270 98C302 100 300 137 334 138",
    ("triage", "escalation"): "M223 114C230 196 290 208 398 208",
    ("triage", "end"): "M250 70C320 -8 560 -2 672 80",
    ("answer", "guard"): "M448 53C484 54 476 86 506 87",
    ("specialist", "guard"): "M448 138C484 137 476 100 506 98",
    ("guard", "end"): "M614 93H664",
    ("guard", "escalation"): "M561 114C560 172 552 204 518 208",
    ("escalation", "end"): "M516 216C640 214 674 160 676 104",
}
ON_FAILURE = {
    ("answer", "escalation"): "M392 74C300 120 330 196 398 200",
    ("specialist", "escalation"): "M392 160C394 172 420 178 440 188",
}


def graph_of(nodes: Sequence[str], details: Mapping[str, str]) -> Graph:
    """The drawing of a turn whose steps are `nodes`; `details` says under each node what came of it."""
    steps = list(zip(["start", *nodes], [*nodes, "end"], strict=True)) if nodes else []
    taken = set(steps)
    drawn = ARROWS | {pair: path for pair, path in ON_FAILURE.items() if pair in taken}
    edges = sorted((Edge(path, pair in taken) for pair, path in drawn.items()), key=lambda edge: edge.on)
    return Graph(
        nodes=tuple(_node(name, name in nodes, details.get(name, "not taken")) for name in BOXES),
        edges=tuple(edges),
        words=f"Path taken: {', '.join(nodes)}." if nodes else "No step has run yet.",
    )


def _node(name: str, ran: bool, detail: str) -> Node:
    x, y, width = BOXES[name]
    state = "off" if not ran else "hot" if name == "escalation" else "on"
    return Node(name, x, y, width, state, detail)
