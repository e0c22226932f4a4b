"""The graph for LangGraph Studio and its server: company as the assistant's context, ticket as the thread.

`langgraph.json` names `make_graph`. The server brings its own checkpointer and JSON-only inputs, so this is a
wrapper: one message in, one outcome out, with the steps of the desk's real graph, which is drawn within. It
works on a private copy of the seeded companies, so that nothing that is tried there touches a customer; a
thread goes on with the ticket that it began. Nothing else depends on this module.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from api.trial import Talk, TrialDesk, open_trial_desk
from graph.build import Graph, build_graph
from store.values.scope import Scope
from store.values.turns import TurnTrace

OpenDesk = Callable[[], AbstractAsyncContextManager[TrialDesk]]


class Context(TypedDict):
    """What an assistant is made for: a company's slug."""

    company: str


class Message(TypedDict, total=False):
    """A customer's message, and who writes: a proven e-mail address of a fictional customer, or nobody."""

    message: str
    email: str | None


class Answer(TypedDict):
    """What the turn came to, as `POST /api/run` says it, and the record of its steps."""

    reply: str
    outcome: dict[str, Any]
    steps: list[dict[str, Any]]


class State(Message, Answer, total=False):
    """Both together."""


@dataclass
class Conversations:
    """The private desk of this process, opened with the first message, and its conversations by thread."""

    open_desk: OpenDesk
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _desk: TrialDesk | None = None
    _talks: dict[str, Talk] = field(default_factory=dict)

    async def of_thread(self, thread: str, company: str, email: str | None) -> Talk:
        """The thread's conversation, begun if there is none."""
        async with self._lock:
            if self._desk is None:
                self._desk = await self.stack.enter_async_context(self.open_desk())
            if thread not in self._talks:
                verified = email is not None
                self._talks[thread] = await self._desk.open(
                    company, email, verified=verified, channel="studio"
                )
        return self._talks[thread]


def make_graph() -> Any:
    """What the server loads: the wrapper on a private copy of the seeded companies."""
    return wrap(Conversations(open_trial_desk))


def wrap(conversations: Conversations) -> Any:
    """A compiled graph of one node, without a checkpointer."""
    desk_graph = build_graph(None)

    async def desk(state: Message, runtime: Runtime[Context], config: RunnableConfig) -> Answer:
        thread = str((config.get("configurable") or {}).get("thread_id") or "")
        talk = await conversations.of_thread(thread, runtime.context["company"], state.get("email"))
        answer = await talk.say(state["message"])
        trace = await talk.desk.store.read(
            Scope.of(talk.company.id), lambda uow: uow.turns.trace(answer.turn_id)
        )
        outcome = answer.model_dump(mode="json", by_alias=True)
        return {"reply": answer.response, "outcome": outcome, "steps": _steps(trace, desk_graph)}

    builder: StateGraph[State, Context, Message, Answer] = StateGraph(
        State, context_schema=Context, input_schema=Message, output_schema=Answer
    )
    builder.add_node("desk", desk)  # type: ignore[call-overload, arg-type, unused-ignore]
    builder.add_edge(START, "desk")
    builder.add_edge("desk", END)
    return builder.compile(name="supportgraph")


def _steps(trace: TurnTrace, graph: Graph) -> list[dict[str, Any]]:
    """What each node of the desk's graph wrote."""
    steps = [step for step in trace.steps if step.node in graph.nodes]
    return [{"node": step.node, "ms": step.ms, **step.output} for step in steps]
