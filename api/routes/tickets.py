"""Tickets for staff and servers: the inbox, one ticket, and a person's part in it."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api import errors
from api.auth.callers import Caller, Handler, Reader, desk_of
from api.desk import Desk
from api.snapshots import MessageView, snapshot_of
from api.takeover import stopping
from api.wire import Body, MessageText, Reply
from graph.errors import Conflict
from store.unit import UnitOfWork
from store.values.tickets import InboxFilters, InboxRow, Ticket

router = APIRouter(prefix="/api/tickets", tags=["tickets"], responses=errors.RESPONSES)
Word = Annotated[str | None, Query(max_length=100)]
Label = Annotated[str, Field(min_length=1, max_length=40, pattern=r"\S")]


class TicketView(Reply):
    """A ticket as the desk sees it."""

    id: str
    number: int
    company: str
    email: str | None
    channel: str
    status: str
    layer: str
    category: str | None
    intent: str | None
    priority: str | None
    outcome: str | None
    reopened: int
    subject: str
    summary: str
    escalation_reason: str
    handoff_note: str
    human_owned: bool
    verified: bool
    language: str | None
    last_confidence: float | None
    tags: list[str]
    message_count: int
    waiting_since: datetime | None
    created_at: datetime
    updated_at: datetime


class TicketPage(Reply):
    """A page of the inbox with its counts."""

    items: list[TicketView]
    total: int
    page: int
    pages: int
    by_company: dict[str, int]
    by_status: dict[str, int]
    by_group: dict[str, int]
    by_language: dict[str, int]
    by_intent: dict[str, int]
    by_assignee: dict[str, int]
    by_tag: dict[str, int]


class TicketDetail(TicketView):
    """A ticket with its conversation."""

    messages: list[MessageView]


class HumanReply(Body):
    """What a person answers."""

    message: MessageText


class Priority(Body):
    """How urgent a ticket is."""

    priority: Literal["low", "normal", "high", "urgent"]


class Labels(Body):
    """All labels of a ticket."""

    tags: Annotated[list[Label], Field(max_length=20)]


@router.get("")
async def tickets(
    request: Request,
    caller: Reader,
    company: Word = None,
    status: Word = None,
    tag: Word = None,
    language: Word = None,
    intent: Word = None,
    assignee: Word = None,
    view: Word = None,
    needs_person: Annotated[bool | None, Query(alias="needsPerson")] = None,
    text: Annotated[str, Query(alias="q", max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TicketPage:
    """The inbox: escalated and urgent first, then who waits longest.

    `view` is open, person, escalated, human, offered, bot, customer or resolved; `assignee` a member of staff
    or nobody. Each count respects the other filters.
    """

    def read(uow: UnitOfWork) -> TicketPage:
        slugs = {item.id: item.slug for item in uow.companies.all()}
        filters = InboxFilters(
            company_id=uow.companies.by_slug(company).id if company else None,
            status=status,
            tag=tag,
            language=language,
            intent=intent,
            assignee_id=assignee,
            group=view,
            needs_person=needs_person,
            text=text,
        )
        found = uow.tickets.inbox(filters, page, size)
        return TicketPage(
            items=[_row(row, slugs) for row in found.rows],
            total=found.total,
            page=found.page,
            pages=found.pages,
            by_company={slugs.get(key, key): count for key, count in found.by_company.items()},
            by_status=found.by_status,
            by_group=found.by_group,
            by_language=found.by_language,
            by_intent=found.by_intent,
            by_assignee=found.by_assignee,
            by_tag=found.by_tag,
        )

    return await desk_of(request).store.read(caller.scope, read)


@router.get("/{ticket_id}")
async def ticket(request: Request, caller: Reader, ticket_id: str) -> TicketDetail:
    """One ticket with its messages."""
    return await _detail(desk_of(request), caller, ticket_id)


@router.post("/{ticket_id}/take-over")
async def take_over(request: Request, caller: Handler, ticket_id: str) -> TicketDetail:
    """Answer this ticket oneself from now on; automation stops."""
    desk = desk_of(request)
    person = _person(caller)
    await stopping(
        desk, caller.scope, ticket_id, lambda uow: uow.tickets.take_over(ticket_id, person, caller.name)
    )
    return await _detail(desk, caller, ticket_id)


@router.post("/{ticket_id}/hand-back")
async def hand_back(request: Request, caller: Handler, ticket_id: str) -> TicketDetail:
    """Let automation answer again."""
    desk = desk_of(request)
    await desk.store.write(caller.scope, lambda uow: uow.tickets.hand_back(ticket_id))
    return await _detail(desk, caller, ticket_id)


@router.post("/{ticket_id}/reply")
async def reply(request: Request, caller: Handler, ticket_id: str, body: HumanReply) -> TicketDetail:
    """Answer as a person."""
    desk = desk_of(request)
    await desk.store.write(
        caller.scope,
        lambda uow: uow.tickets.human_reply(ticket_id, _person(caller), body.message, author=caller.name),
    )
    return await _detail(desk, caller, ticket_id)


@router.post("/{ticket_id}/close")
async def close(request: Request, caller: Handler, ticket_id: str) -> TicketDetail:
    """Settle the ticket."""
    desk = desk_of(request)
    await desk.store.write(caller.scope, lambda uow: uow.tickets.close(ticket_id, "staff"))
    return await _detail(desk, caller, ticket_id)


@router.post("/{ticket_id}/note")
async def note(request: Request, caller: Handler, ticket_id: str, body: HumanReply) -> TicketDetail:
    """Remark something for colleagues; the customer never sees it."""
    desk = desk_of(request)
    await desk.store.write(
        caller.scope,
        lambda uow: uow.tickets.note(ticket_id, _person(caller), body.message, author=caller.name),
    )
    return await _detail(desk, caller, ticket_id)


@router.post("/{ticket_id}/reopen")
async def reopen(request: Request, caller: Handler, ticket_id: str) -> TicketDetail:
    """Go on with a closed ticket."""
    desk = desk_of(request)
    await desk.store.write(caller.scope, lambda uow: uow.tickets.reopen(ticket_id))
    return await _detail(desk, caller, ticket_id)


@router.put("/{ticket_id}/priority")
async def prioritise(request: Request, caller: Handler, ticket_id: str, body: Priority) -> TicketDetail:
    """Say how urgent it is."""
    desk = desk_of(request)
    await desk.store.write(caller.scope, lambda uow: uow.tickets.prioritise(ticket_id, body.priority))
    return await _detail(desk, caller, ticket_id)


@router.put("/{ticket_id}/tags")
async def tags(request: Request, caller: Handler, ticket_id: str, body: Labels) -> TicketDetail:
    """Make these the ticket's labels."""
    desk = desk_of(request)
    names = tuple(" ".join(name.lower().split()) for name in body.tags)
    await desk.store.write(caller.scope, lambda uow: uow.tickets.tag(ticket_id, names))
    return await _detail(desk, caller, ticket_id)


def _person(caller: Caller) -> str:
    """Only a signed-in member of staff can own a ticket."""
    if not caller.id.startswith("usr_"):
        raise Conflict("A key is no person; sign in to answer a ticket.")
    return caller.id


async def _detail(desk: Desk, caller: Caller, ticket_id: str) -> TicketDetail:
    def read(uow: UnitOfWork) -> TicketDetail:
        ticket = uow.tickets.get(ticket_id)
        customer = uow.customers.get(ticket.customer_id) if ticket.customer_id else None
        view = _view(
            ticket,
            uow.companies.get(ticket.company_id).slug,
            customer.email if customer else None,
            uow.tickets.tags(ticket_id),
        )
        return TicketDetail(**view.model_dump(), messages=snapshot_of(uow, ticket_id).messages)

    return await desk.store.read(caller.scope, read)


def _row(row: InboxRow, slugs: dict[str, str]) -> TicketView:
    return _view(row.ticket, slugs.get(row.ticket.company_id, row.company), row.email, row.tags)


def _view(ticket: Ticket, company: str, email: str | None, tags: tuple[str, ...]) -> TicketView:
    values = {name: getattr(ticket, name) for name in TicketView.model_fields if hasattr(ticket, name)}
    return TicketView(**values, company=company, email=email, tags=list(tags))
