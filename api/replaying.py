"""Exact replay of a ticket: each recorded turn runs again from what it was given, and is held against then.

Needs the tables and the code, nothing else: no index, no model, no network. Nothing is written.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from api.deps import LanguageClaims
from api.journal import only_redacted
from api.results import result_of
from api.taught import TaughtClassifiers
from graph.adapters.recorded import Difference, RecordedModel, RecordedToolbox, Recording
from graph.adapters.recorded_ports import RecordedClock, RecordedIds, RecordedRetriever, RunContext
from graph.errors import NotFound
from graph.parts import FinishedPart
from graph.ports import Caller, Deps
from graph.replay import Change, StepDifference, changes_of, replay_turn
from graph.run import TurnStart
from graph.state import Memory, Question
from store.database import Store
from store.unit import UnitOfWork
from store.values.exchanges import StoredExchange
from store.values.phrases import IntentPhrase
from store.values.recordings import Recording as Kept
from store.values.scope import Scope
from store.values.tickets import Ticket
from store.values.turns import Turn, TurnTrace

Status = Literal["same", "differs", "not recorded"]
OUTCOME = (
    "reply", "kind", "action", "language", "reply_language", "intent", "intent_confidence", "confidence",
    "category", "priority", "keywords", "tags", "is_safe", "risk", "safety_flags", "safety_mode",
    "hallucination", "citations", "handoff_offered", "handoff_reason", "summary", "handoff_note", "confirm",
    "ask", "layer", "decision", "rule", "gap",
)  # fmt: skip
"""Fields of a turn's row that are held against the run again."""
LONGEST_NUMBER = 12
_CONTEXT = TypeAdapter(RunContext)


@dataclass(frozen=True)
class TurnReplay:
    """What became of one turn when it ran again."""

    number: int
    turn: Turn
    status: Status
    reason: str = ""
    """Why it could not be run again."""
    steps: int = 0
    first: StepDifference | None = None
    """The first step that differs."""
    refused: Difference | None = None
    """The first call that the recording does not answer."""
    outcome: tuple[Change, ...] = ()
    """What the turn came to that it did not come to then."""
    unused: tuple[str, ...] = ()
    """Steps whose recorded calls were not made again."""

    @property
    def differs_at(self) -> str:
        """The first step that differs, in words; empty when none does."""
        if self.first is not None:
            return f"step {self.first.number}, {self.first.node}"
        return ("the outcome" if self.outcome or self.unused else "") if self.status == "differs" else ""


@dataclass(frozen=True)
class TicketReplay:
    """A ticket's turns, run again."""

    ticket: Ticket
    turns: tuple[TurnReplay, ...]

    @property
    def identical(self) -> bool:
        """Whether there was something to run again, and all of it came to the same."""
        statuses = {each.status for each in self.turns}
        return "same" in statuses and "differs" not in statuses


@dataclass(frozen=True)
class Replayer:
    """Replays tickets of one store."""

    store: Store
    classifiers: TaughtClassifiers = field(repr=False)
    watch: Callable[[FinishedPart], None] = lambda _: None
    """Told what every run came to."""

    async def ticket(self, scope: Scope, ticket: str, turn_id: str | None = None) -> TicketReplay:
        """Replay a ticket by its id or number; `NotFound` for a ticket or turn that the scope lacks."""
        found, traces = await self.store.read(scope, lambda uow: _traces(uow, ticket))
        numbered = [(number, trace) for number, trace in enumerate(traces, 1)]
        wanted = [pair for pair in numbered if turn_id in (None, pair[1].turn.id)]
        if turn_id is not None and not wanted:
            raise NotFound("There is no such turn.", field="turn")
        turns = [await self.turn(scope, trace, number) for number, trace in wanted]
        return TicketReplay(found, tuple(turns))

    async def turn(self, scope: Scope, trace: TurnTrace, number: int = 1) -> TurnReplay:
        """Replay one turn."""
        turn_id = trace.turn.id

        def read(uow: UnitOfWork) -> tuple[Kept, tuple[StoredExchange, ...]]:
            return uow.recordings.whole(turn_id), uow.exchanges.of_turn(turn_id)

        try:
            kept, exchanges = await self.store.read(scope, read)
        except NotFound as error:
            return TurnReplay(number, trace.turn, "not recorded", error.message)
        mine = [each for each in exchanges if each.attempt == kept.attempt]
        if not trace.steps or any(not each.request for each in mine):
            return TurnReplay(number, trace.turn, "not recorded", "its texts are not kept any more")
        try:
            return await self._replayed(trace, number, kept, mine)
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"]))
            reason = f"it was recorded in another form ({error.title}: {where})"
            return TurnReplay(number, trace.turn, "not recorded", reason)

    async def _replayed(
        self, trace: TurnTrace, number: int, kept: Kept, exchanges: Sequence[StoredExchange]
    ) -> TurnReplay:
        recording = Recording.of(exchanges)
        first = trace.steps[0].input
        start = TurnStart(
            turn_id=trace.turn.id,
            ticket_id=trace.turn.ticket_id,
            question=Question.model_validate(first["question"]),
            memory=Memory.model_validate(first["memory"]),
        )
        deps, ports = self._deps(trace, kept, recording)
        rerun = await replay_turn(start, deps, trace.steps, resumed=kept.resumed, forgives=only_redacted)
        self.watch(rerun.finished)
        outcome = _outcome(trace.turn, rerun.finished)
        unused = (*(item.step for item in recording.unused), *ports.unused)
        same = rerun.first is None and not outcome and not unused and not recording.differences
        return TurnReplay(
            number,
            trace.turn,
            "same" if same else "differs",
            steps=len(rerun.finished.steps),
            first=rerun.first,
            refused=recording.differences[0] if recording.differences else None,
            outcome=outcome,
            unused=unused if not same else (),
        )

    def _deps(self, trace: TurnTrace, kept: Kept, recording: Recording) -> tuple[Deps, RecordedRetriever]:
        context = _CONTEXT.validate_python(kept.parts[kept.context])
        run: dict[str, Any] = kept.calls["run"]
        retriever = RecordedRetriever.of(recording, kept.calls, kept.parts)
        timed_out = any(
            step.node == "failure" and "NodeTimeoutError" in str(step.output) for step in trace.steps
        )
        model = RecordedModel(recording, frozenset(context.without_model), timed_out)
        deps = Deps(
            company=context.company,
            agent=context.agent,
            rules=context.rules,
            retriever=retriever,
            toolbox=RecordedToolbox(recording, context.tools),
            claims=LanguageClaims(),
            classifier=self.classifiers.of(kept.company_id, _phrases(kept.company_id, context)),
            clock=RecordedClock.of(kept.calls["nows"], kept.calls["ticks"]),
            ids=RecordedIds.of(recording, kept.calls["ids"]),
            caller=Caller(
                customer_id=run["customer"], verified=run["verified"], restricted=run["restricted"]
            ),
            mode=run["mode"],
            threshold=run["threshold"],
            model=model if run["model"] else None,
        )
        return deps, retriever


def replay_json(replay: TicketReplay) -> dict[str, Any]:
    """The replay as the API and `--json` tell it."""
    return {
        "ticketId": replay.ticket.id,
        "number": replay.ticket.number,
        "identical": replay.identical,
        "turns": [_turn_json(each) for each in replay.turns],
    }


def _turn_json(replay: TurnReplay) -> dict[str, Any]:
    first, refused = replay.first, replay.refused
    return {
        "turnId": replay.turn.id,
        "number": replay.number,
        "status": replay.status,
        "reason": replay.reason,
        "steps": replay.steps,
        "firstDifference": first
        and {"step": first.number, "node": first.node, "changes": [_change(each) for each in first.changes]},
        "refused": refused
        and {"step": refused.step, "asked": dict(refused.asked), "recorded": refused.recorded},
        "outcome": [_change(each) for each in replay.outcome],
        "unused": list(replay.unused),
    }


def _change(change: Change) -> dict[str, str]:
    return {"path": change.path, "then": change.then, "now": change.now}


def _traces(uow: UnitOfWork, ticket: str) -> tuple[Ticket, list[TurnTrace]]:
    number = ticket.removeprefix("#")
    is_number = number.isdecimal() and len(number) <= LONGEST_NUMBER
    found = uow.tickets.by_number(int(number)) if is_number else uow.tickets.get(ticket)
    return found, list(uow.tickets.trace(found.id))


def _phrases(company_id: str, context: RunContext) -> tuple[IntentPhrase, ...]:
    """What the company had taught the classifier; named by their words, which decide what is learnt."""
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(0, UTC)
    return tuple(
        IntentPhrase(id=f"{intent}\0{text}", company_id=company_id, intent=intent, text=text, created_at=at)
        for text, intent in context.phrases
    )


def _outcome(turn: Turn, part: FinishedPart) -> tuple[Change, ...]:
    """The fields of the turn's row that the run again does not give."""
    result = result_of(part, run_id=turn.run_id or "", question=turn.question)
    then = {name: getattr(turn, name) for name in OUTCOME}
    now = {name: getattr(result, name) for name in OUTCOME}
    found = changes_of(_plain(then), _plain(now))
    return tuple(each for each in found if not only_redacted(each.then, each.now))


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))
