"""The default error handler: any node that raises or is too slow becomes an escalation."""

from typing import Literal

from langgraph.errors import NodeError
from langgraph.types import Command

from graph.errors import SupportError
from graph.state import Failure, Turn


def describe(error: BaseException) -> str:
    """What a trace may show of an error: our own errors in their words, others by their class only."""
    return error.message if isinstance(error, SupportError) else type(error).__name__


async def to_escalation(_state: Turn, error: NodeError) -> Command[Literal["escalation"]]:
    """Record which node failed and let a person be offered."""
    failure = Failure(node=error.node, error=describe(error.error))
    return Command(update={"failure": failure}, goto="escalation")
