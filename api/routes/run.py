"""`POST /api/run`: one turn for a server, as JSON or as the widget's events."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Request, Response
from pydantic import Field

from api import errors
from api.answers import RunAnswer
from api.auth.callers import Runner, desk_of
from api.desk import Desk
from api.entrance import give_back
from api.following import follow_turn
from api.hub import Note
from api.runs import Asked, Begun, begin
from api.streams import event_stream
from api.talk import settled
from api.wire import Body, ClientMessageId, Email, Id, Line, MessageText
from graph.errors import Conflict
from store.unit import UnitOfWork
from store.values.scope import Scope
from store.values.tickets import Event, Ticket

router = APIRouter(prefix="/api", tags=["run"], responses=errors.RESPONSES)
EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "The finished turn, or its events", "content": {"text/event-stream": {}}}
}


class CustomerIn(Body):
    """Who the customer is: an e-mail is a label, `verified` needs the right `identity`, a token proves."""

    email: Email | None = None
    verified: bool = False
    token: Annotated[str, Field(max_length=4096)] | None = None


class RunRequest(Body):
    """A customer's message."""

    message: MessageText
    company: Line | None = None
    agent_id: Id | None = None
    session_id: Id | None = None
    client_message_id: ClientMessageId | None = None
    confidence_threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    customer: CustomerIn | None = None


@router.post("/run", response_model=RunAnswer, responses=EVENT_STREAM)
async def run(
    request: Request,
    body: RunRequest,
    caller: Runner,
    mode: Annotated[Literal["strict", "balanced", "permissive"] | None, Header(alias="X-Safety-Mode")] = None,
    accept: Annotated[str, Header()] = "",
) -> Response:
    """Answer one message; with `Accept: text/event-stream` as the same events that the widget gets."""
    desk = desk_of(request)
    customer = body.customer or CustomerIn()
    streamed = "text/event-stream" in accept.lower()
    begun = await begin(
        desk,
        caller,
        Asked(
            message=body.message,
            company=body.company,
            agent_id=body.agent_id,
            session_id=body.session_id,
            client_message_id=body.client_message_id,
            threshold=body.confidence_threshold,
            mode=mode,
            email=customer.email,
            verified=customer.verified,
            token=customer.token,
        ),
        watched=streamed,
    )
    give_back(request)
    if streamed:
        return event_stream(_events(desk, begun))
    answer = await answered(desk, begun)
    return Response(answer.model_dump_json(by_alias=True), media_type="application/json")


async def answered(desk: Desk, begun: Begun) -> RunAnswer:
    """The finished turn's answer; Conflict when a person owns the conversation."""
    if begun.accepted.turn_id is None:
        raise Conflict(
            "A person answers this conversation; the message was kept for them.", field="sessionId"
        )
    return await settled(desk, begun.company, begun.accepted.ticket_id, begun.accepted.turn_id)


async def _events(desk: Desk, begun: Begun) -> AsyncIterator[tuple[Note]]:
    """The turn's events from its first one on; also of a turn that is over, when the request is repeated."""
    accepted, ticket = begun.accepted, begun.ticket
    after = ticket.event_seq
    if accepted.repeated or accepted.ticket_id != ticket.id:
        ticket, events = await desk.store.read(
            Scope.of(begun.company.id), lambda uow: _so_far(uow, accepted.ticket_id)
        )
        acks = [
            item.id for item in events if item.name == "ack" and item.data["messageId"] == accepted.message_id
        ]
        after = acks[0] - 1 if acks else 0
    async for note in follow_turn(desk, ticket, after, accepted.turn_id or ""):
        yield (note,)
        if accepted.turn_id is None and note.name == "message":
            return


def _so_far(uow: UnitOfWork, ticket_id: str) -> tuple[Ticket, list[Event]]:
    ticket = uow.tickets.get(ticket_id)
    return ticket, uow.tickets.events(ticket_id, 0, ticket.event_seq)
