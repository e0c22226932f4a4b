"""`probe replay`: recorded turns, with failures among them, run again offline; planted changes are named."""

import itertools
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from api.desk import Desk
from api.replaying import Replayer, TurnReplay
from api.settings import Settings
from api.taught import TaughtClassifiers
from api.trial import TrialDesk
from api.wiring import open_classifier, open_private_desk
from graph.errors import RetrievalUnavailable
from seeds.schema import all_companies
from store.values.scope import Scope
from store.values.turns import TurnTrace

MODELS: tuple[Mapping[str, str], ...] = (
    {},
    {
        "aipassportphoto": "scripted:echo",
        "nodes-garden": "scripted:liar",
        "tamarind-lane": "scripted:echo?fail=500",
    },
    {
        "aipassportphoto": "scripted:echo?fail=cut",
        "nodes-garden": "scripted:echo?fail=language",
        "tamarind-lane/answer": "scripted:echo?fail=json",
    },
)
"""What serves which company in each part: nothing, then models that are honest, lie or fail."""
BROKEN = 9
"""Every so many-th conversation finds its knowledge out of reach."""
REPLIES = ("yes please", "I want to talk to a person")
STEPS = ("safety", "triage", "answer", "specialist", "guard", "escalation")


async def prove_replay(turns: int = 200, settings: Settings | None = None) -> dict[str, Any]:
    """Figures: turns, how many came to the same, failures among them, and planted changes found."""
    found: dict[str, Any] = {"turns": 0, "identical": 0, "failures": 0, "differing": [], "planted": {}}
    for models in MODELS:
        part = -(-turns // len(MODELS))
        async with open_private_desk(
            settings, semantic=False, llm_models=dict(models), llm_model="", llm_retries=0
        ) as desk:
            traces = await _record(desk, part)
            found["failures"] += await _failures(desk, traces)
            if desk.models is not None:
                await desk.models.close()
            replayer = Replayer(desk.store, TaughtClassifiers(open_classifier()))
            with _no_network():
                for trace in traces:
                    again = await replayer.turn(Scope.operator(), trace)
                    found["turns"] += 1
                    found["identical"] += again.status == "same"
                    if again.status != "same":
                        found["differing"].append(_told(again))
                await _plant_each(replayer, traces, found["planted"])
    missed = sum(each["turns"] - each["named"] for each in found["planted"].values())
    return {**found, "wrong": found["turns"] - found["identical"] + missed}


async def _record(desk: Desk, turns: int) -> list[TurnTrace]:
    """Have so many turns answered: the seeded conversations, then questions that customers ask."""
    talks: list[tuple[str, str | None, list[str]]] = []
    for seed in all_companies():
        slug = seed.company.slug
        talks += [(slug, ticket.email, [*ticket.turns, REPLIES[0]]) for ticket in seed.tickets]
        asked = [question for entry in seed.entries for question in entry.questions[:2]]
        talks += [(slug, None, [text, REPLIES[1]]) for text in asked[:turns]]
    by_company = [list(group) for _, group in itertools.groupby(talks, key=lambda talk: talk[0])]
    order = [talk for group in itertools.zip_longest(*by_company) for talk in group if talk]
    said: list[str] = []
    for number, (slug, email, texts) in enumerate(order):
        talk = await TrialDesk(desk).open(slug, email, verified=email is not None)
        async with _out_of_reach(desk, broken=number % BROKEN == BROKEN - 1):
            for text in texts:
                if len(said) < turns:
                    said.append((await talk.say(text)).turn_id)
        if len(said) >= turns:
            break
    return [
        await desk.store.read(Scope.operator(), lambda uow, key=key: uow.turns.trace(key))  # type: ignore[misc]
        for key in said
    ]


@asynccontextmanager
async def _out_of_reach(desk: Desk, *, broken: bool) -> AsyncIterator[None]:
    """While the block runs, nothing can be searched."""
    if not broken:
        yield
        return

    async def refuse(*_: object) -> Any:
        raise RetrievalUnavailable("the index is out of reach")

    desk.index.snapshot = refuse  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        del desk.index.snapshot


async def _failures(desk: Desk, traces: list[TurnTrace]) -> int:
    """Turns in which a model, a search or a step failed."""

    def faulty(uow: Any, trace: TurnTrace) -> bool:
        steps = any(step.node == "failure" for step in trace.steps)
        return steps or any(each.fault for each in uow.exchanges.of_turn(trace.turn.id))

    return await desk.store.read(Scope.operator(), lambda uow: sum(faulty(uow, each) for each in traces))


async def _plant_each(replayer: Replayer, traces: list[TurnTrace], counts: dict[str, Any]) -> None:
    """Change the code of one step after the other; every turn that takes it has to part just there."""
    for step in STEPS:
        mine = [trace for trace in traces if any(each.node == step for each in trace.steps)]
        line = counts.setdefault(step, {"turns": 0, "named": 0})
        with changed_step(step):
            for trace in mine:
                again = await replayer.turn(Scope.operator(), trace)
                first = next(n for n, each in enumerate(trace.steps, 1) if each.node == step)
                line["turns"] += 1
                line["named"] += again.first is not None and (again.first.number, again.first.node) == (
                    first,
                    step,
                )


@contextmanager
def changed_step(step: str) -> Iterator[None]:
    """The step's node with one value of its output changed, as a changed line of code would."""
    import graph.build

    honest: Callable[..., Any] = getattr(graph.build, step)

    async def changed(state: Any, runtime: Any) -> Any:
        written = dict(await honest(state, runtime))
        name, value = next((name, value) for name, value in written.items() if value is not None)
        field = next(each for each in _NUMBERS if each in type(value).model_fields)
        return {**written, name: value.model_copy(update={field: 0.123456})}

    changed.__annotations__ = dict(honest.__annotations__)
    setattr(graph.build, step, changed)
    try:
        yield
    finally:
        setattr(graph.build, step, honest)


_NUMBERS = ("risk", "confidence", "answerable")


@contextmanager
def _no_network() -> Iterator[None]:
    """Connecting anywhere is an error."""
    real = socket.socket.connect

    def refuse(*_: object) -> None:
        raise OSError("a replay may not connect to anything")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        socket.socket.connect = real  # type: ignore[method-assign]


def _told(again: TurnReplay) -> dict[str, str]:
    first = again.first.changes[0] if again.first else None
    what = f"{first.path}: {first.then[:80]} -> {first.now[:80]}" if first else again.reason
    return {"turn": again.turn.id, "at": again.differs_at, "what": what}
