"""Past tickets as they are run again: what was asked, what tools gave, what was searched for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.errors import NotFound
from graph.state import Memory, Question
from store.unit import UnitOfWork
from store.values.exchanges import StoredExchange
from store.values.recordings import Recording
from store.values.turns import ToolCall, Turn, TurnInput, TurnTrace

Told = tuple[str, str | None, bool, bool]
"""What the customer reads and gets: the reply, its kind, the offer of a person, resting on nothing."""


@dataclass(frozen=True)
class PastTurn:
    """One turn that ended."""

    given: TurnInput
    question: Question
    memory: Memory
    exchanges: tuple[StoredExchange, ...]
    tool_calls: tuple[ToolCall, ...]
    offers: tuple[str, ...]
    """Ids of the offers that it made."""
    recording: Recording | None
    told: Told


@dataclass(frozen=True)
class PastTicket:
    """A ticket's turns, oldest first."""

    id: str
    number: int
    turns: tuple[PastTurn, ...]


def past_ticket(uow: UnitOfWork, ticket_id: str) -> PastTicket:
    """The ticket with all that its turns were given and that is still kept."""
    ticket = uow.tickets.get(ticket_id)
    traces = [trace for trace in uow.tickets.trace(ticket_id) if trace.turn.status == "done" and trace.steps]
    return PastTicket(ticket.id, ticket.number, tuple(_turn(uow, trace) for trace in traces))


def _turn(uow: UnitOfWork, trace: TurnTrace) -> PastTurn:
    first = trace.steps[0].input
    try:
        recording = uow.recordings.of_turn(trace.turn.id)
    except NotFound:
        recording = None
    return PastTurn(
        given=uow.turns.load(trace.turn.id),
        question=Question.model_validate(first["question"]),
        memory=Memory.model_validate(first["memory"]),
        exchanges=uow.exchanges.of_turn(trace.turn.id),
        tool_calls=trace.tool_calls,
        offers=_offers([step.output for step in trace.steps]),
        recording=recording,
        told=_told(trace.turn),
    )


def _told(turn: Turn) -> Told:
    rests_on_nothing = bool(turn.hallucination.get("isHallucination"))
    return turn.reply, turn.kind, turn.handoff_offered, rests_on_nothing


def _offers(outputs: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    drafts = [output["draft"] for output in outputs if output.get("draft")]
    return tuple(draft["confirm"]["id"] for draft in drafts if draft.get("confirm"))
