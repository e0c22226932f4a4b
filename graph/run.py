"""Starts or resumes one turn of a ticket: the only caller of the compiled graph.

Each checkpoint names the form of the state that wrote it. A turn that another release began is not resumed
in the middle but run again from its message; what it did is in the ledger and is not done twice.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from langchain_core.runnables import RunnableConfig
from pydantic import BaseModel

from graph.build import Graph
from graph.outcome import outcome_of
from graph.parts import FinishedPart, Part, ResetPart, SentencePart, StagePart, ToolPart
from graph.ports import Deps
from graph.state import Memory, Question, Turn, state_version
from store.values.turns import StepRecord

_PER_TURN = ("safety", "triage", "evidence", "draft", "guard", "escalation", "failure")
_HANDLER = "__default_error_handler__"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnStart:
    """The turn to run; `attempt` above 1 means that an earlier run of it was cut off."""

    turn_id: str
    ticket_id: str
    question: Question
    memory: Memory
    attempt: int = 1


@dataclass
class _Record:
    """What has been seen of the run so far."""

    started: datetime
    zero: float
    last: float
    state: Turn
    steps: list[StepRecord] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)


async def run_turn(graph: Graph, turn: TurnStart, deps: Deps) -> AsyncGenerator[Part, None]:
    """Run the turn to its end and report on the way; the last part is always `FinishedPart`.

    Raises what the graph cannot turn into an escalation (a broken checkpoint store, a failing escalation).
    """
    config: RunnableConfig = {
        "configurable": {"thread_id": turn.ticket_id},
        "metadata": {
            "turn": turn.turn_id,
            "ticket": turn.ticket_id,
            "company": deps.company.id,
            "state": state_version(),
        },
    }
    given, state = await _starting_point(graph, turn, config)
    tick = deps.clock.tick()
    record = _Record(started=deps.clock.now(), zero=tick, last=tick, state=state)
    if given is None:
        record.steps = await _earlier_steps(graph, turn, config, record)
    resumed = len(record.steps)
    if given is not None or not _is_over(state):
        durability: Literal["sync"] | None = "sync" if graph.checkpointer else None
        stream = graph.astream(
            given, config, context=deps, stream_mode=["updates", "custom"], durability=durability
        )
        async for mode, chunk in stream:
            for part in _parts(mode, chunk, record, deps):
                yield part
    outcome = outcome_of(record.state, deps.company)
    for part in _unshown(record, [sentence.text for sentence in outcome.sentences]):
        yield part
    total = round((deps.clock.tick() - record.zero) * 1000, 3)
    yield FinishedPart(
        outcome=outcome,
        steps=tuple(record.steps),
        stages=record.stages,
        total_ms=total,
        resumed=resumed,
    )


async def _starting_point(graph: Graph, turn: TurnStart, config: RunnableConfig) -> tuple[Turn | None, Turn]:
    """The input of a fresh run, or None and the state to go on from when this turn has checkpoints."""
    fresh: Turn = {"question": turn.question, "memory": turn.memory}
    fresh.update(dict.fromkeys(_PER_TURN))  # type: ignore[typeddict-item]
    if turn.attempt > 1 and graph.checkpointer is not None:
        found = await graph.aget_state(config)
        told: Mapping[str, Any] = found.metadata or {}
        ours = told.get("turn") == turn.turn_id and told.get("state") == state_version()
        if ours and found.values.get("question") == turn.question:
            return None, cast(Turn, dict(found.values))
    return fresh, fresh


async def _earlier_steps(
    graph: Graph, turn: TurnStart, config: RunnableConfig, record: _Record
) -> list[StepRecord]:
    """The steps that ended before the run was cut off, from the checkpoints; how long they took is lost."""
    history = [found async for found in graph.aget_state_history(config)]
    mine = [found for found in reversed(history) if (found.metadata or {}).get("turn") == turn.turn_id]
    done = [task for found in mine[:-1] for task in found.tasks if task.name in graph.nodes and task.result]
    first = {"question": turn.question, "memory": turn.memory}
    return [
        StepRecord(
            seq=number,
            node=task.name,
            started_at=record.started,
            ms=0.0,
            input=_plain(first if number == 0 else {}),
            output=_plain(cast(Mapping[str, Any], task.result)),
        )
        for number, task in enumerate(task for task in done if task.name != "__start__")
    ]


def _is_over(state: Turn) -> bool:
    """Whether a cut-off run had already reached its end (only its completion was lost)."""
    triage = state.get("triage")
    closed = triage is not None and triage.route == "reply"
    guard = state.get("guard")
    passed = guard is not None and guard.outcome != "blocked"
    return state.get("escalation") is not None or closed or passed


def _parts(mode: str, chunk: Any, record: _Record, deps: Deps) -> list[Part]:
    if mode == "custom":
        if isinstance(chunk, SentencePart):
            record.shown.append(chunk.text)
        if isinstance(chunk, ResetPart):
            record.shown.clear()
        return [chunk] if isinstance(chunk, SentencePart | ToolPart | ResetPart) else []
    ours = {node: update for node, update in chunk.items() if node == _HANDLER or not node.startswith("__")}
    return [_step(node, update or {}, record, deps) for node, update in ours.items()]


def _step(node: str, update: Mapping[str, Any], record: _Record, deps: Deps) -> StagePart:
    now = deps.clock.tick()
    name = "failure" if node == _HANDLER else node
    ms = round((now - record.last) * 1000, 3)
    first = (
        {"question": record.state["question"], "memory": record.state["memory"]} if not record.steps else {}
    )
    record.steps.append(
        StepRecord(
            seq=len(record.steps),
            node=name,
            started_at=record.started + timedelta(seconds=record.last - record.zero),
            ms=ms,
            input=_plain(first),
            output=_plain(update),
        )
    )
    record.state.update(update)  # type: ignore[typeddict-item]
    record.stages[name] = ms
    record.last = now
    return StagePart(node=name, ms=ms)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        for name, value in values.items()
    }


def _unshown(record: _Record, sentences: list[str]) -> list[Part]:
    """What is still to be shown; if other sentences were shown before, they are withdrawn first."""
    if record.shown != sentences[: len(record.shown)]:
        return [ResetPart(), *_closing(sentences)]
    return _closing(sentences, len(record.shown))


def _closing(sentences: list[str], start: int = 0) -> list[Part]:
    return [SentencePart(index=i, text=text, last=True) for i, text in enumerate(sentences[start:], start)]
