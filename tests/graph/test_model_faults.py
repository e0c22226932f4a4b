"""The fault table: each knob of the scripted model at each task that it is asked for, over whole turns.

Every turn ends in the reply that the desk gives by itself (or an honest offer), in time, with nothing lost;
each fault shows in the exchanges, in the trace, and in the metrics. `docs/model-faults.md` is this table in
words.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from api.deps import LanguageClaims
from api.metrics import Metrics
from graph.build import build_graph
from graph.parts import FinishedPart, ResetPart, SentencePart
from graph.ports import Deps
from graph.run import TurnStart, run_turn
from graph.state import Memory, Question
from tests.fakes import ScriptedRetriever, ScriptedToolbox, deps, hit
from tests.models import Notes, Served, serving
from tools.specs import all_tools
from tools.values import ToolResult

ENOUGH = 5.0  # far more than a turn takes, also on a busy machine
LATE, CUT, BROKEN = "no answer within its time", "cut off", "not in the protocol"
FAULTS = {
    "timeout": LATE,
    "drip": LATE,
    "429": "status 429",
    "500": "status 500",
    "503": "status 503",
    "529": "status 529",
    "cut": "no connection",
    "close": "",  # cut off, or no connection: which of them depends on when the end is noticed
    "half": "",
    "nofinish": CUT,
    "length": "longer than it may be",
    "html": BROKEN,
    "empty": BROKEN,
    "json": "",
}
QUESTIONS = {
    "triage": "Does a lamp come with a bulb?",
    "answer": "Does a lamp come with a bulb?",
    "plan": "My node is stuck syncing, what is its status?",
    "note": "Connect me to a human please",
}


@dataclass
class Ended:
    """A turn that has ended: what it came to, what was shown and noted on the way, how long it took."""

    finished: FinishedPart
    shown: list[str]
    notes: Notes
    metrics: str
    seconds: float

    @property
    def told(self) -> str:
        """What the trace tells of models."""
        values = [value or {} for step in self.finished.steps for value in step.output.values()]
        return "\n".join(note for v in values for note in (*v.get("reasons", ()), *v.get("notes", ())))


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


def found(tool: str) -> ToolResult:
    if tool == "order_lookup":
        return ToolResult(id="tool_2", tool=tool, kind="read", status="not_found", arguments={})
    facts = {"id": "ND-1", "status": "syncing", "node_name": "validator-9"}
    return ToolResult(
        id="tool_1", tool=tool, kind="read", status="success", arguments={"id": "ND-1"}, facts=facts
    )


def given(notes: Notes, served: Served | None = None, name: str = "", task: str = "") -> Deps:
    names = ("lookup_deployment", "order_lookup", "reboot_node")
    toolbox = ScriptedToolbox(
        specs={tool: all_tools()[tool] for tool in names}, results={tool: found(tool) for tool in names}
    )
    model = served.models(name, hurry=task).for_turn("lamps", notes) if served else None
    return deps(
        retriever=ScriptedRetriever(hits=(hit(0.95),)), toolbox=toolbox, claims=LanguageClaims(), model=model
    )


async def turn(task: str, served: Served | None = None, name: str = "") -> Ended:
    notes, metrics, shown = Notes(), Metrics(), list[str]()
    start = TurnStart(
        turn_id="trn_1",
        ticket_id="tkt_1",
        question=Question(message_ids=("msg_1",), text=QUESTIONS[task], verified=True),
        memory=Memory(),
    )
    began = asyncio.get_running_loop().time()
    finished = None
    slow = task if "timeout" in name or "drip" in name else ""
    async for part in run_turn(build_graph(None), start, given(notes, served, name, slow)):
        if isinstance(part, SentencePart):
            assert part.index == len(shown), "sentences are shown in order and never twice"
            shown.append(part.text)
        if isinstance(part, ResetPart):
            shown.clear()
        if isinstance(part, FinishedPart):
            finished = part
    assert finished is not None
    metrics.turn_ended(finished)
    for exchange in notes.exchanges:
        metrics.model_call(exchange)
    seconds = asyncio.get_running_loop().time() - began
    return Ended(finished, shown, notes, metrics.text(), seconds)


@pytest.mark.parametrize("failure", FAULTS)
@pytest.mark.parametrize("task", QUESTIONS)
async def test_that_a_failing_model_changes_nothing_for_the_customer(
    served: Served, task: str, failure: str
) -> None:
    alone = await turn(task)
    ended = await turn(task, served, f"scripted:echo?fail={failure}&at={task}")

    assert ended.finished.outcome.text == alone.finished.outcome.text
    assert ended.finished.outcome.kind == alone.finished.outcome.kind
    assert ended.shown == [sentence.text for sentence in alone.finished.outcome.sentences]
    assert ended.seconds < ENOUGH
    if (task, failure) == ("answer", "json"):  # plain text has no form; what it is not is a reply
        assert "model refused" in ended.told
        assert 'verdict="refused"' in ended.metrics
        return
    (failed,) = [noted for noted in ended.notes.exchanges if noted.fault and noted.attempts]
    assert FAULTS[failure] in failed.fault
    assert f"model unavailable: {failed.fault}" in ended.told
    assert f'outcome="{failed.fault.partition(":")[0]}"' in ended.metrics


@dataclass(frozen=True)
class Untrue:
    """A failure of words, and what becomes of it."""

    task: str
    failure: str
    told: str


UNTRUE = [
    Untrue("triage", "lies", "model disagrees: reads out_of_scope"),
    Untrue("answer", "lies", "model refused: amount"),
    Untrue("answer", "language", "model language: not en"),
    Untrue("plan", "lies", "model refused: no record 'XX-9999'"),
    Untrue("plan", "tool", "model disagrees: chooses order_lookup"),
    Untrue("note", "lies", "model refused: amount"),
    Untrue("note", "language", "model refused: it is not in English"),
]


@pytest.mark.parametrize("case", UNTRUE, ids=lambda case: f"{case.task}-{case.failure}")
async def test_that_untrue_words_are_seen_and_reach_nobody(served: Served, case: Untrue) -> None:
    alone = await turn(case.task)
    ended = await turn(case.task, served, f"scripted:echo?fail={case.failure}&at={case.task}")
    outcome = ended.finished.outcome

    assert case.told in ended.told
    assert f'verdict="{case.told.split()[1].rstrip(":")}"' in ended.metrics
    if case.failure == "tool":  # another tool that reads finds nothing of this customer's: an honest offer
        assert (outcome.kind, outcome.handoff_offered) == ("handoff", True)
    else:
        before = alone.finished.outcome
        assert (outcome.kind, outcome.text, outcome.note) == (before.kind, before.text, before.note)
    assert ended.shown == [sentence.text for sentence in outcome.sentences]


async def test_that_one_slip_of_language_is_written_again(served: Served) -> None:
    ended = await turn("answer", served, "scripted:echo?fail=language*1&at=answer")
    assert [noted.step for noted in ended.notes.exchanges] == ["triage", "answer", "answer"]
    assert "replaced" not in ended.told
    assert ended.finished.outcome.text == "Every lamp comes with one bulb."


async def test_that_an_echoing_model_changes_nothing_but_the_trace(served: Served) -> None:
    for task in QUESTIONS:
        alone, ended = await turn(task), await turn(task, served, "scripted:echo")
        assert ended.notes.exchanges
        assert ended.finished.outcome == alone.finished.outcome
