"""A recorded turn runs again without its model and its tools, to the same steps; other calls are refused."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, replace

import pytest

from api.journal import NotingToolbox
from graph.adapters.recorded import RecordedModel, RecordedToolbox, Recording
from graph.build import build_graph
from graph.errors import Conflict
from graph.parts import FinishedPart
from graph.ports import Deps, ToolCall
from graph.run import TurnStart, run_turn
from graph.state import Memory, Question
from store.values.exchanges import Exchange, StoredExchange
from tests.fakes import FrozenClock
from tests.graph.test_model_faults import QUESTIONS, given
from tests.models import Notes, Served, serving

START = TurnStart(
    turn_id="trn_1", ticket_id="tkt_1", question=Question(message_ids=("msg_1",), text=""), memory=Memory()
)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


async def run(text: str, deps: Deps) -> FinishedPart:
    question = Question(message_ids=("msg_1",), text=text, verified=True)
    parts = [part async for part in run_turn(build_graph(None), replace(START, question=question), deps)]
    assert isinstance(parts[-1], FinishedPart)
    return parts[-1]


def stored(exchanges: Sequence[Exchange], attempt: int = 1) -> list[StoredExchange]:
    return [
        StoredExchange(**asdict(item), id=f"exc_{seq}", turn_id="trn_1", attempt=attempt, seq=seq)
        for seq, item in enumerate(exchanges)
    ]


@pytest.mark.parametrize("task", QUESTIONS)
@pytest.mark.parametrize(
    "name", ["echo", "liar", "echo?fail=500", "echo?fail=cut&at=answer", "echo?fail=language"]
)
async def test_that_a_recorded_turn_comes_to_the_same_again(served: Served, task: str, name: str) -> None:
    notes = Notes()
    then = given(notes, served, f"scripted:{name}")
    toolbox = NotingToolbox(then.toolbox, notes, FrozenClock())  # type: ignore[arg-type]
    first = await run(QUESTIONS[task], replace(then, toolbox=toolbox))

    recording = Recording.of(stored(notes.exchanges))
    boxed = RecordedToolbox(recording, then.toolbox.offered())
    again = await run(QUESTIONS[task], replace(given(Notes()), model=RecordedModel(recording), toolbox=boxed))

    assert [step.output for step in again.steps] == [step.output for step in first.steps]
    assert (recording.differences, recording.unused) == ([], ())


async def test_that_another_question_is_refused_and_remembered(served: Served) -> None:
    notes = Notes()
    await run(QUESTIONS["triage"], given(notes, served, "scripted:echo"))
    recording = Recording.of(stored(notes.exchanges))

    again = await run(
        "Does a lamp come with two bulbs?", replace(given(Notes()), model=RecordedModel(recording))
    )

    assert again.outcome.handoff_reason == "failure"
    assert [difference.step for difference in recording.differences] == ["triage"]


async def test_that_a_tool_that_was_not_called_then_does_not_run() -> None:
    recording = Recording.of([])
    with pytest.raises(Conflict):
        await RecordedToolbox(recording, {}).run(ToolCall(tool="reboot_node"))
    assert recording.differences[0].recorded is None


async def test_that_of_two_runs_the_last_that_reached_a_step_counts(served: Served) -> None:
    cut_off, whole = Notes(), Notes()
    await run(QUESTIONS["answer"], given(cut_off, served, "scripted:echo?fail=500&at=triage"))
    await run(QUESTIONS["answer"], given(whole, served, "scripted:echo"))
    both = [*stored(cut_off.exchanges[:1], attempt=1), *stored(whole.exchanges, attempt=2)]
    assert [item.fault for item in Recording.of(both).unused] == ["", ""]
