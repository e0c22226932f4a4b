"""How a conversation ends, from the customer's side: a reply is stopped, the chat closed, the end judged."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from api import errors
from api.auth.visitors import CurrentVisitor
from api.redaction import safe_message
from api.takeover import stopping
from api.wire import Body, Id, Reply
from store.unit import UnitOfWork

router = APIRouter(prefix="/api/widget/{company}", tags=["widget"], responses=errors.RESPONSES)


class Close(Body):
    """Nothing to say."""


class Feedback(Body):
    """A thumb on a reply."""

    message_id: Id
    rating: Literal["up", "down"]
    reason: Annotated[str, Field(max_length=500)] = ""


class Outcome(Body):
    """Whether it is solved, as the customer sees it."""

    solved: Literal["yes", "partly", "no"]
    note: Annotated[str, Field(max_length=400)] = ""


class State(Reply):
    """Where the ticket stands."""

    ticket_id: str
    status: str
    human_owned: bool


@router.post("/tickets/{ticket_id}/close")
async def close(visitor: CurrentVisitor, ticket_id: str, body: Close | None = None) -> State:
    """Settle the conversation."""
    del body

    def change(uow: UnitOfWork) -> State:
        uow.tickets.get_owned(ticket_id, visitor.session)
        uow.tickets.close(ticket_id, "customer")
        return state_of(uow, ticket_id)

    return await visitor.desk.store.write(visitor.scope, change)


@router.post("/tickets/{ticket_id}/stop")
async def stop(visitor: CurrentVisitor, ticket_id: str, body: Close | None = None) -> State:
    """End the reply that is being made; what had been said of it is withdrawn."""
    del body

    def change(uow: UnitOfWork) -> State:
        uow.tickets.get_owned(ticket_id, visitor.session)
        uow.tickets.stop_reply(ticket_id)
        return state_of(uow, ticket_id)

    return await stopping(visitor.desk, visitor.scope, ticket_id, change)


@router.post("/tickets/{ticket_id}/outcome")
async def outcome(visitor: CurrentVisitor, ticket_id: str, body: Outcome) -> State:
    """Say whether it is solved; the words are kept redacted."""
    note = safe_message(body.note, visitor.company.id_patterns).text if body.note.strip() else ""

    def change(uow: UnitOfWork) -> State:
        uow.tickets.get_owned(ticket_id, visitor.session)
        uow.tickets.conclude(ticket_id, body.solved, note)
        return state_of(uow, ticket_id)

    return await visitor.desk.store.write(visitor.scope, change)


@router.post("/tickets/{ticket_id}/feedback", status_code=204)
async def feedback(visitor: CurrentVisitor, ticket_id: str, body: Feedback) -> Response:
    """Rate a reply."""

    def change(uow: UnitOfWork) -> None:
        uow.tickets.get_owned(ticket_id, visitor.session)
        uow.tickets.feedback(ticket_id, body.message_id, body.rating, body.reason)

    await visitor.desk.store.write(visitor.scope, change)
    return Response(status_code=204)


def state_of(uow: UnitOfWork, ticket_id: str) -> State:
    """Where the ticket stands now."""
    ticket = uow.tickets.get(ticket_id)
    return State(ticket_id=ticket.id, status=ticket.status, human_owned=ticket.human_owned)
