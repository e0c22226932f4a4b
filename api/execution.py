"""One claimed turn from its load to its completion; every sentence is stored before anybody sees it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.deps import DepsBuilder, Loaded
from api.hub import Hub, Note
from api.metrics import Metrics
from api.recorder import Contexts, TurnRecorder
from api.results import failed_result, memory_of, question_of, result_of
from api.tracing import NoTracing, Tracing
from api.turnstile import Turnstile
from graph.parts import FinishedPart, Part, ResetPart, SentencePart, StagePart, ToolPart
from graph.ports import Deps, Ids
from store.database import Store
from store.unit import UnitOfWork
from store.values.recordings import Recording
from store.values.scope import Scope
from store.values.tickets import Ticket
from store.values.turns import Claim, ToolCall, Turn, TurnInput

if TYPE_CHECKING:
    from graph.run import TurnStart

Sentences = list[tuple[int, str]]
"""Of a reply, by their numbers."""
Ended = tuple[Turn, tuple[ToolCall, ...], Ticket]
MOST_REMEMBERED = 256
RunTurn = Callable[["TurnStart", Deps], AsyncIterator[Part]]


@dataclass(frozen=True)
class Execution:
    """Everything that it takes to run turns."""

    store: Store
    hub: Hub
    ids: Ids
    metrics: Metrics
    builder: DepsBuilder
    run_turn: RunTurn
    tracing: Tracing = field(default_factory=NoTracing)
    unwatched: set[str] = field(default_factory=set)
    """Turns whose asker waits for the whole reply: their sentences need not be sent one by one."""
    ended: dict[str, Ended] = field(default_factory=dict)
    """How those turns ended, until their askers read it; the tables are the truth."""
    contexts: Contexts = field(default_factory=Contexts)
    processor: Turnstile = field(default_factory=Turnstile)
    """Companies share this process's computing step by step, however many turns one of them has running."""

    async def run(self, claim: Claim) -> None:
        """Run the turn and complete it; raises LeaseLost as soon as it is not ours any more."""
        from graph.run import TurnStart

        loaded = await self.builder.load(claim)
        turn = loaded.turn
        start = TurnStart(
            turn_id=turn.turn_id,
            ticket_id=turn.ticket_id,
            question=question_of(turn),
            memory=memory_of(turn),
            attempt=claim.attempt,
        )
        journal, recorder = self.builder.journal(claim), TurnRecorder()
        deps = self.builder.build(claim, loaded, journal)
        held: Sentences = []
        async for part in self._steps(self.run_turn(start, recorder.wrap(deps)), loaded):
            if isinstance(part, FinishedPart):
                recording = self._recording(recorder, claim, loaded, deps, part)
                await self._complete(claim, turn, part, held, recording)
                self.metrics.turn_ended(part)
                self.tracing.turn(claim, part, journal.exchanges)
            else:
                await self._write(claim, part, held)

    async def _steps(self, parts: AsyncIterator[Part], loaded: Loaded) -> AsyncIterator[Part]:
        """The parts of a run. One that only computes goes on when it is its company's turn to compute."""
        if not self.builder.only_computes(loaded):
            async for part in parts:
                yield part
            return
        while True:
            async with self.processor.passing(loaded.company.id):
                try:
                    part = await anext(parts)
                except StopAsyncIteration:
                    return
            yield part

    async def give_up(self, claim: Claim, error: str) -> None:
        """End the turn with an honest message and the offer of a person."""
        loaded = await self.builder.load(claim)
        result = failed_result(loaded.turn, run_id=self.ids.new("run"), company=loaded.company.name)
        await self.store.write(
            _scope(claim), lambda uow: uow.turns.fail(claim.turn_id, claim.token, result, error)
        )
        self.metrics.count("turns", kind="failed")

    async def _write(self, claim: Claim, part: Part, held: Sentences) -> None:
        """Store what a part says; a stage only passes by, and a last sentence is held for the completion."""
        scope, turn_id, token = _scope(claim), claim.turn_id, claim.token
        match part:
            case StagePart(node=node, ms=ms):
                self.hub.pass_by(claim.ticket_id, Note("stage", {"node": node, "ms": ms}))
            case ToolPart(name=name, status=status):
                await self.store.write(scope, lambda uow: uow.turns.tool_event(turn_id, token, name, status))
            case SentencePart() if turn_id in self.unwatched and not self.hub.is_watched(claim.ticket_id):
                return
            case SentencePart(index=index, text=text, last=last):
                held.append((index, text))
                if not last:
                    ready, held[:] = list(held), []
                    await self.store.write(scope, lambda uow: uow.turns.flush(turn_id, token, ready))
            case ResetPart():
                held.clear()
                await self.store.write(scope, lambda uow: uow.turns.withdraw(turn_id, token))

    def _recording(
        self, recorder: TurnRecorder, claim: Claim, loaded: Loaded, deps: Deps, part: FinishedPart
    ) -> Recording | None:
        """What the run was given, for exact replay; None where no texts may be kept."""
        if not self.builder.keeps_texts:
            return None
        context = self.contexts.of(loaded, deps, self.builder.steps_without_model(loaded.company.slug))
        return recorder.made(claim, loaded, deps, context, part.resumed)

    async def _complete(
        self,
        claim: Claim,
        turn: TurnInput,
        part: FinishedPart,
        sentences: Sentences,
        recording: Recording | None,
    ) -> None:
        result = result_of(part, run_id=self.ids.new("run"), question=turn.text)

        def complete(uow: UnitOfWork) -> Ended | None:
            uow.turns.complete(claim.turn_id, claim.token, result, sentences=sentences)
            if recording is not None:
                uow.recordings.keep(recording)
            if part.outcome.handoff_accepted:  # a yes in words: from now on the ticket is a person's
                uow.tickets.request_handoff(claim.ticket_id, result.handoff_reason)
            return ended_turn(uow, claim.turn_id) if claim.turn_id in self.unwatched else None

        ended = await self.store.write(_scope(claim), complete)
        self.unwatched.discard(claim.turn_id)
        if ended is not None:
            while len(self.ended) >= MOST_REMEMBERED:  # whose asker has gone away
                self.ended.pop(next(iter(self.ended)))
            self.ended[claim.turn_id] = ended


def ended_turn(uow: UnitOfWork, turn_id: str) -> Ended:
    """The turn as it ended, with its uses of tools and its ticket."""
    turn = uow.turns.get(turn_id)
    return turn, uow.turns.tool_calls(turn_id), uow.tickets.get(turn.ticket_id)


def _scope(claim: Claim) -> Scope:
    return Scope.of(claim.company_id)
