"""Runs a recorded turn again from what it was given then, and names the first step that differs.

The ports come from the recording, so nobody is asked and nothing is written: what differs is the code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast, get_args, get_type_hints

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver

from graph.build import Graph, build_graph
from graph.parts import FinishedPart
from graph.ports import Deps
from graph.run import TurnStart, run_turn
from graph.state import Turn, state_version
from store.values.turns import StepRecord

Json = Mapping[str, Any]
MISSING = "–"
"""What stands where one side has no such value."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is not what it was: where it stands, then, now."""

    path: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class StepDifference:
    """The first step that came to something else."""

    number: int
    """Counted from 1."""
    node: str
    """As it was recorded; the new one where there was none."""
    then: StepRecord | None
    now: StepRecord | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Rerun:
    """A turn that was run again."""

    finished: FinishedPart
    first: StepDifference | None
    """None: every step read and wrote what it did then."""


async def replay_turn(
    start: TurnStart,
    deps: Deps,
    recorded: Sequence[StepRecord],
    *,
    resumed: int = 0,
    forgives: Callable[[str, str], bool] = lambda _then, _now: False,
) -> Rerun:
    """Run the turn again and hold it against its recorded steps.

    The first `resumed` steps are taken as recorded: an earlier run took them and was cut off. `forgives`
    says of two texts, then and now, whether they differ only because recordings are redacted.
    """
    graph = build_graph(InMemorySaver() if resumed else None)
    if resumed:
        await _go_to(graph, start, recorded[:resumed])
        start = replace(start, attempt=2)
    parts = [part async for part in run_turn(graph, start, deps)]
    finished = cast(FinishedPart, parts[-1])
    if resumed:
        finished = _with_earlier(finished, recorded[:resumed])
    return Rerun(finished, first_difference(recorded, finished.steps, forgives))


def first_difference(
    then: Sequence[StepRecord],
    now: Sequence[StepRecord],
    forgives: Callable[[str, str], bool] = lambda _then, _now: False,
) -> StepDifference | None:
    """The first step in which two runs part; how long steps took is not compared."""
    for number in range(max(len(then), len(now))):
        one = then[number] if number < len(then) else None
        other = now[number] if number < len(now) else None
        found = changes_of(_said(one), _said(other))
        if changes := tuple(each for each in found if not forgives(each.then, each.now)):
            node = one.node if one is not None else other.node if other is not None else ""
            return StepDifference(number + 1, node, one, other, changes)
    return None


def changes_of(then: Any, now: Any, path: str = "") -> tuple[Change, ...]:
    """Every value that differs, by its path, in the order of the recorded side."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        names = dict.fromkeys((*then, *now))
        return tuple(
            change
            for name in names
            for change in changes_of(
                then.get(name, MISSING), now.get(name, MISSING), f"{path}.{name}" if path else str(name)
            )
        )
    if isinstance(then, list | tuple) and isinstance(now, list | tuple):
        pairs = [
            (then[at] if at < len(then) else MISSING, now[at] if at < len(now) else MISSING)
            for at in range(max(len(then), len(now)))
        ]
        return tuple(change for at, pair in enumerate(pairs) for change in changes_of(*pair, f"{path}[{at}]"))
    return () if then == now else (Change(path, _shown(then), _shown(now)),)


def _said(step: StepRecord | None) -> Json:
    return {"node": step.node, "input": step.input, "output": step.output} if step is not None else {}


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


async def _go_to(graph: Graph, start: TurnStart, steps: Sequence[StepRecord]) -> None:
    """Put the steps of the cut-off run into the graph's memory, so that the run goes on after them."""
    config: RunnableConfig = {
        "configurable": {"thread_id": start.ticket_id},
        "metadata": {"turn": start.turn_id, "state": state_version()},
    }
    fresh: dict[str, Any] = dict.fromkeys(get_type_hints(Turn))
    fresh |= {"question": start.question, "memory": start.memory}
    await graph.aupdate_state(config, fresh, as_node="__start__")
    for step in steps:
        await graph.aupdate_state(config, channels_of(step.output), as_node=step.node)


def _with_earlier(finished: FinishedPart, earlier: Sequence[StepRecord]) -> FinishedPart:
    """The run as it would have ended had it also taken the earlier steps."""
    own = finished.steps[finished.resumed :]
    later = [replace(step, seq=len(earlier) + n, input={}) for n, step in enumerate(own)]
    return replace(finished, steps=(*earlier, *later), resumed=len(earlier))


def channels_of(output: Json) -> dict[str, Any]:
    """A step's recorded output as the graph's own values."""
    kinds = get_type_hints(Turn)
    found: dict[str, Any] = {}
    for name, value in output.items():
        kind = next(each for each in (kinds[name], *get_args(kinds[name])) if hasattr(each, "model_validate"))
        found[name] = None if value is None else kind.model_validate(value)
    return found
