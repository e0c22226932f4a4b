"""A turn run again and held against its steps: the first that differs, and where a cut-off run goes on."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from graph.build import build_graph
from graph.parts import FinishedPart
from graph.ports import Deps, Search
from graph.replay import Change, changes_of, replay_turn
from graph.run import TurnStart, run_turn
from graph.state import Memory, Question
from nodes.answer.node import answer
from tests.fakes import ScriptedRetriever, deps, hit

QUESTION = Question(message_ids=("msg_1",), text="Does a lamp come with a bulb?")
START = TurnStart(turn_id="trn_1", ticket_id="tkt_1", question=QUESTION, memory=Memory())


@dataclass
class NoSearch(ScriptedRetriever):
    """Chooses lines and cannot search."""

    asked: list[str] = field(default_factory=list)

    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search:
        raise AssertionError(f"searched again for {query!r}")


def world(**changes: Any) -> Deps:
    return deps(**{"retriever": ScriptedRetriever(hits=(hit(),)), **changes})


async def run(given: Deps) -> FinishedPart:
    parts = [part async for part in run_turn(build_graph(None), START, given)]
    assert isinstance(parts[-1], FinishedPart)
    return parts[-1]


async def test_that_the_same_world_gives_the_same_steps() -> None:
    then = await run(world())
    again = await replay_turn(START, world(), then.steps)
    assert again.first is None
    assert [step.node for step in again.finished.steps] == ["safety", "triage", "answer", "guard"]


@pytest.mark.parametrize("steps", [1, 2, 3])
async def test_that_a_cut_off_run_goes_on_after_the_steps_that_it_had_taken(steps: int) -> None:
    then = await run(world())
    retriever = NoSearch() if steps > 1 else ScriptedRetriever(hits=(hit(),))
    again = await replay_turn(START, world(retriever=retriever), then.steps, resumed=steps)
    assert again.first is None
    assert again.finished.outcome == then.outcome


async def test_that_a_step_more_or_less_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    then = await run(world())
    shorter = await replay_turn(START, world(), then.steps[:-1])
    assert shorter.first is not None
    assert (shorter.first.number, shorter.first.node, shorter.first.then) == (4, "guard", None)

    async def broken(state: Any, runtime: Any) -> Any:
        raise ValueError("changed")

    broken.__annotations__ = dict(answer.__annotations__)
    monkeypatch.setattr("graph.build.answer", broken)
    failed = await replay_turn(START, world(), then.steps)
    assert failed.first is not None
    assert (failed.first.number, failed.first.node) == (3, "answer")
    assert failed.first.now is not None
    assert failed.first.now.node == "failure"


async def test_that_what_is_only_redacted_is_forgiven() -> None:
    then = await run(world())
    other = replace(then.steps[1], output={**then.steps[1].output, "evidence": None})
    steps = (then.steps[0], other, *then.steps[2:])
    assert (await replay_turn(START, world(), steps)).first is not None
    assert (await replay_turn(START, world(), steps, forgives=lambda _then, _now: True)).first is None


def test_that_changes_are_named_by_their_paths() -> None:
    then = {"a": {"b": [1, 2]}, "c": "x"}
    assert changes_of(then, {"a": {"b": [1, 3]}, "c": "x"}) == (Change("a.b[1]", "2", "3"),)
    assert changes_of(then, {"a": {"b": [1]}}) == (Change("a.b[1]", "2", "–"), Change("c", "x", "–"))
    assert changes_of(then, then) == ()
