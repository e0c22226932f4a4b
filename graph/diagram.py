"""The graph as a Mermaid diagram, drawn from the compiled graph itself; the README shows it."""

from graph.build import build_graph

_HIDDEN = "__default_error_handler__"


def mermaid() -> str:
    """The nodes and edges as they are compiled; failures of any node lead to escalation and are not drawn."""
    drawn = build_graph(None).get_graph().draw_mermaid(with_styles=False)
    return "\n".join(line.rstrip() for line in drawn.splitlines() if _HIDDEN not in line).strip()
