"""A ticket's page and its trace."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.cases import case_of, line_of
from api.routes.pages_frame import PageRoute, Reader, has_outbox, html, scope_of, see_other, shell_of
from api.routes.pages_inbox import names_of
from store.unit import UnitOfWork
from store.values.scope import Scope
from store.values.service import ServicePolicy
from ui.views.ticket import Draft, TicketPage, build_ticket
from ui.views.ticket_facts import Around
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
    return html(await ticket_page(request, member, ticket_id))


async def ticket_page(
    request: Request, member: StaffMember, ticket_id: str, draft: Draft | None = None
) -> TicketPage:
    """The page for one reader; `draft` keeps words that could not be sent."""
    desk = desk_of(request)
    names = await desk.store.read(Scope.operator(), lambda uow: names_of(uow, member))

    def read(uow: UnitOfWork) -> TicketPage:
        found = uow.tickets.get(ticket_id)
        company = uow.companies.get(found.company_id)
        around = Around(
            company=company.name,
            customer=uow.customers.get(found.customer_id) if found.customer_id else None,
            staff=names,
            tags=uow.tickets.tags(ticket_id),
            user_id=member.user.id,
            now=desk.clock.now(),
            policy=ServicePolicy.of(company.profile),
            known_tags=uow.tags.all(found.company_id),
            canned=uow.desk_work.canned(found.company_id),
            others=uow.tickets.of_customer(found.customer_id) if found.customer_id else (),
            approvals=uow.approvals.of_ticket(ticket_id),
        )
        return build_ticket(
            found,
            uow.tickets.messages(ticket_id, notes=True),
            uow.tickets.trace(ticket_id),
            shell=shell_of(uow, member, "inbox", outbox=has_outbox(request), compact=True),
            around=around,
            draft=draft,
        )

    return await desk.store.read(scope_of(member), read)


@router.get("/tickets/{ticket_id}/trace")
async def trace(
    request: Request,
    member: Reader,
    ticket_id: str,
    turn: Word = "",
    beside: Word = "",
) -> HTMLResponse:
    """Why each reply came about; `beside` names a turn to compare with."""

    def read(uow: UnitOfWork) -> TracePage:
        return build_trace(
            uow.tickets.get(ticket_id),
            uow.tickets.messages(ticket_id),
            uow.tickets.trace(ticket_id),
            shell=shell_of(uow, member, "inbox", outbox=has_outbox(request), compact=True),
            chosen=turn or None,
            beside=beside or None,
            exchanges=uow.exchanges.of_turn,
        )

    return html(await desk_of(request).store.read(scope_of(member), read))


@router.get("/tickets/{ticket_id}/case")
async def case(request: Request, member: Reader, ticket_id: str, turn: Word) -> Response:
    """One turn as a line of a case file, to be taken along."""
    found = await desk_of(request).store.read(scope_of(member), lambda uow: case_of(uow, ticket_id, turn))
    name = {"Content-Disposition": f'attachment; filename="{found["id"]}.jsonl"'}
    return Response(line_of(found), media_type="application/jsonl; charset=utf-8", headers=name)
