"""The widget's routes: sessions, tickets, messages, and what a customer can press.

Everything but opening a session asks for its token in the Authorization header; tokens are never in a URL.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request
from pydantic import Field, model_validator
from sse_starlette import EventSourceResponse

from api import errors
from api.auth.address import client_address
from api.auth.callers import desk_of
from api.auth.visitors import CurrentVisitor, Visitor
from api.following import follow_ticket
from api.opening import Opened, come_back, open_session
from api.presses import answer_offer, prove_code, send_code
from api.routes.widget_end import State, state_of
from api.snapshots import Snapshot, snapshot_of
from api.streams import event_stream, last_event_id
from api.talk import Said, new_message, take
from api.wire import Body, ClientMessageId, Email, Id, MessageText, Reply
from store.unit import UnitOfWork
from store.values.turns import Accepted

router = APIRouter(prefix="/api/widget/{company}", tags=["widget"], responses=errors.RESPONSES)


class OpenSession(Body):
    """Who comes: a token of the company's site or the link of a mail proves it, a typed e-mail is a label."""

    token: Annotated[str, Field(max_length=4096)] | None = None
    link: Annotated[str, Field(max_length=4096)] | None = None
    email: Email | None = None


class NewTicket(Body):
    """The first message of a conversation."""

    message: MessageText
    client_message_id: ClientMessageId
    email: Email | None = None
    language: Literal["en", "hinglish", "auto"] | None = None


class NextMessage(Body):
    """A further message."""

    message: MessageText
    client_message_id: ClientMessageId
    language: Literal["en", "hinglish", "auto"] | None = None


class Taken(Reply):
    """A message was stored; `turn_id` is None when a person answers."""

    ticket_id: str
    message_id: str
    turn_id: str | None


class Handoff(Body):
    """Whether the customer wants the person."""

    accept: bool


class Verify(Body):
    """First the address that gets a code, then the code."""

    email: Email | None = None
    code: Annotated[str, Field(pattern=r"^\d{6}$")] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Verify":
        if (self.email is None) == (self.code is None):
            raise ValueError("give either email or code")
        return self


class Verified(Reply):
    """How far the check is; the answer is the same whether the address is known."""

    sent: bool
    verified: bool
    email: str | None


class Confirm(Body):
    """The customer's answer to an offered action."""

    offer_id: Id
    accept: bool


@router.post("/sessions", status_code=201)
async def sessions(request: Request, company: str, body: OpenSession) -> Opened:
    """Start a session, proven when the site's token says so."""
    desk = desk_of(request)
    desk.limits.take("session", client_address(request, desk.settings))
    if body.link is not None:
        return await come_back(desk, company, body.link)
    return await open_session(desk, company, token=body.token, email=body.email)


@router.post("/tickets", status_code=202)
async def tickets(request: Request, visitor: CurrentVisitor, body: NewTicket) -> Taken:
    """Open a conversation with its first message; the same client id never opens a second one."""
    _limit(request, visitor)
    said = Said(text=body.message, client_message_id=body.client_message_id, language=body.language)

    def accept(uow: UnitOfWork) -> Accepted:
        session = visitor.session
        ticket_id = _known(uow, session.id, body.client_message_id)
        if ticket_id is None:
            email = body.email or session.email
            customer_id = session.customer_id
            if customer_id is None and email is not None:
                uow.sessions.label(session.id, email)
                customer_id = uow.customers.ensure(visitor.company.id, email).id
            agent = uow.agents.default(visitor.company.id)
            ticket_id = uow.tickets.open(
                visitor.company.id, customer_id, agent.id, session.id, "widget", verified=session.verified
            ).id
        return uow.turns.accept(new_message(said, ticket_id, visitor.company))

    return _taken(await take(visitor.desk, visitor.scope, accept))


@router.post("/tickets/{ticket_id}/messages", status_code=202)
async def messages(request: Request, visitor: CurrentVisitor, ticket_id: str, body: NextMessage) -> Taken:
    """Say something more."""
    _limit(request, visitor)
    said = Said(text=body.message, client_message_id=body.client_message_id, language=body.language)

    def accept(uow: UnitOfWork) -> Accepted:
        uow.tickets.get_owned(ticket_id, visitor.session)
        return uow.turns.accept(new_message(said, ticket_id, visitor.company))

    return _taken(await take(visitor.desk, visitor.scope, accept))


@router.get("/tickets/{ticket_id}")
async def snapshot(visitor: CurrentVisitor, ticket_id: str) -> Snapshot:
    """The conversation as it stands."""

    def read(uow: UnitOfWork) -> Snapshot:
        uow.tickets.get_owned(ticket_id, visitor.session)
        return snapshot_of(uow, ticket_id)

    return await visitor.desk.store.read(visitor.scope, read)


@router.get("/tickets/{ticket_id}/events", response_class=EventSourceResponse)
async def events(
    request: Request,
    visitor: CurrentVisitor,
    ticket_id: str,
    after: Annotated[str | None, Query(max_length=20)] = None,
    seen: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
) -> EventSourceResponse:
    """The conversation's events, from the one after `Last-Event-ID` on."""
    desk = visitor.desk
    address = client_address(request, desk.settings)
    desk.limits.take("stream", address)
    desk.streams.check(address)
    ticket = await visitor.owned(ticket_id)
    notes = follow_ticket(desk, ticket, last_event_id(seen, after))
    return event_stream(desk.streams.counted(address, notes))


@router.post("/tickets/{ticket_id}/handoff")
async def handoff(visitor: CurrentVisitor, ticket_id: str, body: Handoff) -> State:
    """Take or decline a person; a person can be asked for at any time."""

    def change(uow: UnitOfWork) -> State:
        uow.tickets.get_owned(ticket_id, visitor.session)
        if body.accept:
            uow.tickets.request_handoff(ticket_id)
        else:
            uow.tickets.decline_handoff(ticket_id)
        return state_of(uow, ticket_id)

    return await visitor.desk.store.write(visitor.scope, change)


@router.post("/tickets/{ticket_id}/verify")
async def verify(visitor: CurrentVisitor, ticket_id: str, body: Verify) -> Verified:
    """Send a one-time code to an address, or prove the address with the code."""
    await visitor.owned(ticket_id)
    if body.email is not None:
        hint = await send_code(visitor, body.email)
        return Verified(sent=True, verified=False, email=hint)
    hint = await prove_code(visitor, ticket_id, body.code or "")
    return Verified(sent=False, verified=True, email=hint)


@router.post("/tickets/{ticket_id}/confirm", status_code=202)
async def confirm(request: Request, visitor: CurrentVisitor, ticket_id: str, body: Confirm) -> Taken:
    """Say yes or no to an action that waits for it."""
    _limit(request, visitor)
    return _taken(await answer_offer(visitor, ticket_id, body.offer_id, accept=body.accept))


def _limit(request: Request, visitor: Visitor) -> None:
    limits = visitor.desk.limits
    limits.take("message", visitor.session.id)
    limits.take("address", client_address(request, visitor.desk.settings))
    limits.take("company", visitor.company.id)


def _known(uow: UnitOfWork, session_id: str, client_message_id: str) -> str | None:
    """The ticket of the session that a repeated request has already opened."""
    for ticket in uow.tickets.of_session(session_id):
        messages = uow.tickets.messages(ticket.id)
        if any(message.client_message_id == client_message_id for message in messages):
            return ticket.id
    return None


def _taken(accepted: Accepted) -> Taken:
    return Taken(ticket_id=accepted.ticket_id, message_id=accepted.message_id, turn_id=accepted.turn_id)
