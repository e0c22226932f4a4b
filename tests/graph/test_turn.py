"""Whole turns over the compiled graph: the path taken, what is checkpointed, and what failures become."""

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from graph.adapters.checkpoints import InlineSqliteSaver, open_saver
from graph.build import Graph, build_graph
from graph.errors import RetrievalUnavailable
from graph.parts import FinishedPart, Part, ResetPart, SentencePart, StagePart, ToolPart
from graph.ports import Deps
from graph.run import TurnStart, run_turn
from graph.state import Memory, Question
from retrieval.passages import Search
from tests.fakes import (
    ScriptedClaims,
    ScriptedRetriever,
    ScriptedToolbox,
    deps,
    hit,
    rule,
)
from tools.specs import all_tools
from tools.values import ToolResult


def start(
    text: str, turn_id: str = "trn_1", attempt: int = 1, memory: Memory | None = None, **question: Any
) -> TurnStart:
    return TurnStart(
        turn_id=turn_id,
        ticket_id="tkt_1",
        question=Question(message_ids=("msg_1",), text=text, **question),
        memory=memory or Memory(),
        attempt=attempt,
    )


async def parts_of(graph: Graph, turn: TurnStart, given: Deps) -> list[Part]:
    return [part async for part in run_turn(graph, turn, given)]


def end(parts: list[Part]) -> FinishedPart:
    finished = parts[-1]
    assert isinstance(finished, FinishedPart)
    return finished


def path(parts: list[Part]) -> list[str]:
    return [part.node for part in parts if isinstance(part, StagePart)]


ANSWERING = {"retriever": ScriptedRetriever(hits=(hit(0.95),))}


async def test_that_a_question_is_answered_from_the_passage_with_a_receipt() -> None:
    parts = await parts_of(build_graph(None), start("Does a lamp come with a bulb?"), deps(**ANSWERING))
    outcome = end(parts).outcome
    assert path(parts) == ["safety", "triage", "answer", "guard"]
    assert (outcome.kind, outcome.text) == ("answer", "Every lamp comes with one bulb.")
    assert [receipt.quote for receipt in outcome.receipts] == ["Every lamp comes with one bulb."]
    assert [citation.title for citation in outcome.citations] == ["Bulbs"]


async def test_that_hinglish_is_answered_in_hinglish_from_the_reviewed_text() -> None:
    parts = await parts_of(build_graph(None), start("Kya lamp ke saath bulb aata hai?"), deps(**ANSWERING))
    outcome = end(parts).outcome
    assert (outcome.reply_language, outcome.text) == ("hinglish", "Har lamp ke saath ek bulb aata hai.")
    assert outcome.receipts[0].quote == "Every lamp comes with one bulb."


async def test_that_what_no_passage_answers_is_said_to_be_unknown() -> None:
    parts = await parts_of(build_graph(None), start("Is the lamp made of recycled brass?"), deps())
    outcome = end(parts).outcome
    assert (outcome.kind, outcome.gap, outcome.handoff_offered) == ("unknown", True, True)
    assert "help@lamps.example" in outcome.text


async def test_that_a_wish_for_a_person_comes_before_any_search() -> None:
    retriever = ScriptedRetriever(hits=(hit(0.95),))
    parts = await parts_of(
        build_graph(None), start("Connect me to a human please"), deps(retriever=retriever)
    )
    assert path(parts) == ["safety", "triage", "escalation"]
    assert end(parts).outcome.handoff_reason == "asked_for_person"
    assert retriever.seen == []


async def test_that_a_rule_routes_before_knowledge_can() -> None:
    given = deps(rules=(rule(),), **ANSWERING)
    parts = await parts_of(build_graph(None), start("My lamp is broken, refund me now"), given)
    outcome = end(parts).outcome
    assert (outcome.kind, outcome.handoff_reason, outcome.rule and outcome.rule.id) == (
        "handoff",
        "rule",
        "rul_1",
    )


async def test_that_a_question_about_a_rule_does_not_trip_it() -> None:
    given = deps(rules=(rule(),), **ANSWERING)
    parts = await parts_of(build_graph(None), start("Will I get a refund if a lamp is broken?"), given)
    assert end(parts).outcome.kind == "answer"


async def test_that_an_unsupported_sentence_is_never_shown() -> None:
    class Inventing(ScriptedRetriever):
        async def lines(self, query: str, hit: Any, *, limit: int = 3) -> tuple[int, ...]:
            return (0,)

    invented = hit(0.95, text="Every lamp comes with one bulb.", hinglish="")
    given = deps(retriever=Inventing(hits=(invented,)), claims=ScriptedClaims(supports=False))
    parts = await parts_of(build_graph(None), start("Lamp ke saath bulb aata hai kya?"), given)
    assert end(parts).outcome.text.startswith('Hamari website par yeh likha hai: "Every lamp')


async def test_that_a_tool_answers_with_the_facts_of_its_result() -> None:
    found = ToolResult(
        id="tool_1",
        tool="lookup_deployment",
        kind="read",
        status="success",
        arguments={"id": "ND-1"},
        facts={"id": "ND-1", "status": "syncing", "node_name": "validator-9"},
    )
    toolbox = ScriptedToolbox(
        specs={"lookup_deployment": all_tools()["lookup_deployment"]}, results={"lookup_deployment": found}
    )
    parts = await parts_of(build_graph(None), start("My node is stuck syncing"), deps(toolbox=toolbox))
    assert path(parts) == ["safety", "triage", "specialist", "guard"]
    assert [part for part in parts if isinstance(part, ToolPart)] == [
        ToolPart("lookup_deployment", "success")
    ]
    assert end(parts).outcome.text == "Your node validator-9 (ND-1) is syncing. No error is recorded for it."


class Failing(ScriptedRetriever):
    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search:
        raise RetrievalUnavailable("both indexes are gone")


class Hanging(ScriptedRetriever):
    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search:
        await asyncio.sleep(3600)
        raise AssertionError


@pytest.mark.parametrize(
    ("retriever", "error"), [(Failing(), "both indexes are gone"), (Hanging(), "NodeTimeoutError")]
)
async def test_that_a_failing_or_slow_node_ends_with_the_offer_of_a_person(
    retriever: ScriptedRetriever, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.build.NODE_TIMEOUT_SECONDS", 0.05)
    parts = await parts_of(build_graph(None), start("Is the lamp blue?"), deps(retriever=retriever))
    outcome = end(parts).outcome
    assert path(parts) == ["safety", "failure", "escalation"]
    assert (outcome.kind, outcome.handoff_offered, outcome.handoff_reason) == ("handoff", True, "failure")
    assert error in end(parts).steps[1].output["failure"]["error"]


async def test_that_sentences_are_shown_in_order_and_never_twice() -> None:
    parts = await parts_of(
        build_graph(None),
        start("What is a bulb?"),
        deps(retriever=ScriptedRetriever(hits=(hit(0.95),), chosen=(0, 1))),
    )
    shown = [part for part in parts if isinstance(part, SentencePart)]
    assert [part.index for part in shown] == [0, 1]
    assert not [part for part in parts if isinstance(part, ResetPart)]
    assert " ".join(part.text for part in shown) == end(parts).outcome.text


@pytest.fixture
def saver(tmp_path: Path) -> Any:
    opened = open_saver(tmp_path / "checkpoints.db")
    yield opened
    opened.conn.close()


async def test_that_every_step_is_a_checkpoint_that_reads_back_as_our_values(
    saver: InlineSqliteSaver,
) -> None:
    graph = build_graph(saver)
    parts = await parts_of(graph, start("Does a lamp come with a bulb?"), deps(**ANSWERING))
    history = [found async for found in graph.aget_state_history({"configurable": {"thread_id": "tkt_1"}})]
    nodes = [task.name for found in reversed(history) for task in found.tasks]
    assert nodes == ["__start__", *(step.node for step in end(parts).steps)]
    for step, found in zip(end(parts).steps, list(reversed(history))[2:], strict=True):
        for channel, value in step.output.items():
            assert found.values[channel].model_dump(mode="json") == value


async def test_that_a_cut_off_turn_goes_on_from_its_last_checkpoint(saver: InlineSqliteSaver) -> None:
    first = build_graph(saver)
    retriever = ScriptedRetriever(hits=(hit(0.95),))
    run = run_turn(first, start("Does a lamp come with a bulb?"), deps(retriever=retriever))
    async for part in run:
        if isinstance(part, StagePart) and part.node == "triage":
            break
    await run.aclose()
    parts = await parts_of(
        build_graph(saver), start("Does a lamp come with a bulb?", attempt=2), deps(retriever=retriever)
    )
    assert [step.node for step in end(parts).steps] == ["safety", "triage", "answer", "guard"]
    assert end(parts).outcome.text == "Every lamp comes with one bulb."
    assert len(retriever.seen) == 1


async def test_that_a_finished_turn_is_not_run_again(saver: InlineSqliteSaver) -> None:
    graph = build_graph(saver)
    once = await parts_of(graph, start("Does a lamp come with a bulb?"), deps(**ANSWERING))
    again = await parts_of(graph, start("Does a lamp come with a bulb?", attempt=2), deps(**ANSWERING))
    assert path(again) == []
    assert end(again).outcome == end(once).outcome


async def test_that_a_checkpoint_does_not_grow_with_the_ticket(saver: InlineSqliteSaver) -> None:
    graph = build_graph(saver)
    sizes = []
    memory = Memory()
    for number in range(6):
        parts = await parts_of(
            graph, start("Does a lamp come with a bulb?", f"trn_{number}", memory=memory), deps(**ANSWERING)
        )
        memory = end(parts).outcome.memory
        (total,) = saver.conn.execute("select sum(length(checkpoint)) from checkpoints").fetchone()
        sizes.append(total)
    growth = [after - before for before, after in pairwise(sizes)]
    assert max(growth) <= min(growth) * 1.2


async def test_that_nothing_of_the_last_turn_leaks_into_the_next() -> None:
    graph = build_graph(InMemorySaver())
    await parts_of(graph, start("Connect me to a human"), deps())
    parts = await parts_of(graph, start("Does a lamp come with a bulb?", "trn_2"), deps(**ANSWERING))
    assert end(parts).outcome.kind == "answer"
