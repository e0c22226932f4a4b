"""Inbox, ticket and trace, and what staff can do on a ticket."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.desk import Desk
from api.routes.pages_frame import (
    PageRoute,
    Reader,
    Writer,
    has_outbox,
    html,
    name_of,
    scope_of,
    see_other,
    shell_of,
)
from graph.errors import Invalid
from store.unit import UnitOfWork
from store.values.scope import Scope
from ui.views.ticket import TicketPage, build_ticket
from ui.views.trace import TracePage, build_trace

router = APIRouter(include_in_schema=False, route_class=PageRoute)

Word = Annotated[str, Query(max_length=200)]


@router.get("/tickets")
async def tickets() -> Response:
    """The inbox has all of them."""
    return see_other("/inbox")


@router.get("/tickets/{ticket_id}")
async def ticket(request: Request, member: Reader, ticket_id: str) -> HTMLResponse:
    """The conversation and what the desk knows beside it."""
    desk = desk_of(request)
    names = await _names(desk)

    def read(uow: UnitOfWork) -> TicketPage:
        found = uow.tickets.get(ticket_id)
        return build_ticket(
            found,
            uow.tickets.messages(ticket_id, notes=True),
            uow.tickets.trace(ticket_id),
            shell=shell_of(uow, member, "inbox", outbox=has_outbox(request), compact=True),
            company=uow.companies.get(found.company_id).name,
            customer=uow.customers.get(found.customer_id) if found.customer_id else None,
            staff=names,
            tags=uow.tickets.tags(ticket_id),
            user_id=member.user.id,
        )

    return html(await desk.store.read(scope_of(member), read))


@router.get("/tickets/{ticket_id}/trace")
async def trace(request: Request, member: Reader, ticket_id: str, turn: Word = "") -> HTMLResponse:
    """Why each reply came about."""

    def read(uow: UnitOfWork) -> TracePage:
        return build_trace(
            uow.tickets.get(ticket_id),
            uow.tickets.messages(ticket_id),
            uow.tickets.trace(ticket_id),
            shell=shell_of(uow, member, "inbox", outbox=has_outbox(request), compact=True),
            chosen=turn or None,
        )

    return html(await desk_of(request).store.read(scope_of(member), read))


@router.post("/tickets/{ticket_id}/reply")
async def reply(
    request: Request, member: Writer, ticket_id: str, text: Annotated[str, Form(max_length=5000)] = ""
) -> Response:
    """Answer as support; the ticket is the member's from then on."""
    words = text.strip()
    if not words:
        raise Invalid("A reply needs words.", field="text")
    who = name_of(member)
    return await _change(
        request,
        member,
        ticket_id,
        lambda uow: uow.tickets.human_reply(ticket_id, member.user.id, words, author=who),
    )


@router.post("/tickets/{ticket_id}/take-over")
@router.post("/tickets/{ticket_id}/assign")
async def take_over(request: Request, member: Writer, ticket_id: str) -> Response:
    """Answer from now on instead of the bot."""
    who = name_of(member)
    return await _change(
        request, member, ticket_id, lambda uow: uow.tickets.take_over(ticket_id, member.user.id, who)
    )


@router.post("/tickets/{ticket_id}/hand-back")
async def hand_back(request: Request, member: Writer, ticket_id: str) -> Response:
    """Let the bot answer again."""
    return await _change(request, member, ticket_id, lambda uow: uow.tickets.hand_back(ticket_id))


@router.post("/tickets/{ticket_id}/close")
async def close(request: Request, member: Writer, ticket_id: str) -> Response:
    """Settle the ticket."""
    return await _change(request, member, ticket_id, lambda uow: uow.tickets.close(ticket_id, "staff"))


async def _change(
    request: Request, member: StaffMember, ticket_id: str, work: Callable[[UnitOfWork], object]
) -> Response:
    """Change a ticket, note who did, and show it."""
    action = request.url.path.rpartition("/")[2]

    def change(uow: UnitOfWork) -> None:
        work(uow)
        company_id = uow.tickets.get(ticket_id).company_id
        uow.audit.add(member.user.id, f"ticket.{action}", ticket_id, company_id=company_id)

    await desk_of(request).store.write(scope_of(member), change)
    return see_other(f"/tickets/{ticket_id}#support-reply")


async def _names(desk: Desk) -> dict[str, str]:
    """What staff are called, by id; accounts belong to the installation, not to one company."""
    users = await desk.store.read(Scope.operator(), lambda uow: uow.staff.all())
    return {user.id: user.name or user.email for user in users}
