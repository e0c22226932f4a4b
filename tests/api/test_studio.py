"""`langgraph.json` names a graph that loads and answers: company as context, ticket as thread, JSON only."""

import importlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver

from api.desk import Desk
from api.studio import Conversations, wrap
from api.trial import TrialDesk

ROOT = Path(__file__).parents[2]


def loaded() -> Any:
    """What LangGraph's server would load."""
    declared = json.loads((ROOT / "langgraph.json").read_text("utf-8"))
    file, _, name = declared["graphs"]["supportgraph"].partition(":")
    assert (ROOT / file).is_file()
    module = importlib.import_module(file.removeprefix("./").removesuffix(".py").replace("/", "."))
    return getattr(module, name)()


def test_that_it_loads_without_a_checkpointer_and_shows_the_desk_within() -> None:
    graph = loaded()
    assert graph.checkpointer is None
    assert set(graph.get_context_jsonschema()["properties"]) == {"company"}
    assert set(graph.get_input_jsonschema()["properties"]) == {"message", "email"}
    within = dict(graph.get_subgraphs())["desk"]
    assert set(within.nodes) >= {"safety", "triage", "answer", "specialist", "guard", "escalation"}


async def test_that_a_thread_is_a_ticket(desk: Desk) -> None:
    @asynccontextmanager
    async def small() -> AsyncIterator[TrialDesk]:
        yield TrialDesk(desk)

    graph = wrap(Conversations(small))
    graph.checkpointer = InMemorySaver()  # as the server brings one of its own
    tickets = []
    for thread, message in (("one", "What is the turnaround time?"), ("one", "thanks"), ("two", "hello")):
        config: RunnableConfig = {"configurable": {"thread_id": thread}}
        said = await graph.ainvoke({"message": message}, config, context={"company": "photo"})
        tickets.append(json.loads(json.dumps(said))["outcome"]["ticketId"])
        assert said["reply"]
        assert said["steps"][0]["node"] == "safety"
    assert tickets[0] == tickets[1] != tickets[2]
