"""The state machine: nodes, edges and defaults, in the only file that names them all."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast, get_type_hints

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graph.failures import to_escalation
from graph.ports import Deps
from graph.routing import after_guard, after_safety, after_specialist, after_triage
from graph.state import Turn
from nodes.answer.node import answer
from nodes.escalation import escalation
from nodes.guard import guard
from nodes.safety import safety
from nodes.specialist.node import specialist
from nodes.triage.node import triage

Graph = CompiledStateGraph[Turn, Deps, Turn, Turn]

Target = TypeVar("Target", bound=str)

NODE_TIMEOUT_SECONDS = 20.0


def _inline(route: Callable[[Turn], Target]) -> Callable[[Turn], Awaitable[Target]]:
    """A pure routing function as a coroutine: LangGraph would run a plain one in a thread."""

    async def routed(state: Turn) -> Target:
        return route(state)

    routed.__annotations__["return"] = get_type_hints(route)["return"]
    return routed


def build_graph(checkpointer: BaseCheckpointSaver[str] | None, *, model_seconds: float = 0.0) -> Graph:
    """Compile the graph. Without a checkpointer it runs in memory only (a host may inject its own).

    `model_seconds` is how long a call of a model may take; a node makes two at most.
    """
    seconds = NODE_TIMEOUT_SECONDS + 2 * model_seconds
    builder: StateGraph[Turn, Deps, Turn, Turn] = StateGraph(Turn, context_schema=Deps)
    builder.set_node_defaults(error_handler=cast(Any, to_escalation), timeout=seconds)
    builder.add_node("safety", safety)
    builder.add_node("triage", triage)
    builder.add_node("answer", answer)
    builder.add_node("specialist", specialist)
    builder.add_node("guard", guard)
    builder.add_node("escalation", escalation)
    builder.add_edge(START, "safety")
    builder.add_conditional_edges("safety", _inline(after_safety))
    builder.add_conditional_edges("triage", _inline(after_triage))
    builder.add_edge("answer", "guard")
    builder.add_conditional_edges("specialist", _inline(after_specialist))
    builder.add_conditional_edges("guard", _inline(after_guard))
    builder.add_edge("escalation", END)
    return builder.compile(checkpointer=checkpointer, name="supportgraph")
