"""The inbox, and what is done there to several tickets or to the reader's own views."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.desk import Desk
from api.routes.pages_frame import (
    Handler,
    PageRoute,
    Reader,
    has_outbox,
    html,
    name_of,
    scope_of,
    see_other,
    shell_of,
)
from graph.errors import Conflict, Invalid, NotFound
from store.unit import UnitOfWork
from store.values.scope import Scope
from store.values.service import ServicePolicy
from store.values.tickets import InboxFilters, SavedView
from ui.views.inbox import Inbox, Looker, build_inbox

router = APIRouter(include_in_schema=False, route_class=PageRoute)

PAGE_SIZE = 50
MOST_CHOSEN = 200
Word = Annotated[str, Query(max_length=200)]


@router.get("/inbox")
async def inbox(
    request: Request,
    member: Reader,
    view: Word = "open",
    company: Word = "",
    status: Word = "",
    tag: Word = "",
    language: Word = "",
    intent: Word = "",
    assignee: Word = "",
    q: Word = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    left: Annotated[int, Query(ge=0, le=MOST_CHOSEN)] = 0,
) -> HTMLResponse:
    """Which tickets need somebody."""
    desk = desk_of(request)
    filters = InboxFilters(
        group=None if view == "all" else view,
        company_id=company or None,
        status=status or None,
        tag=tag or None,
        language=language or None,
        intent=intent or None,
        assignee_id=assignee or None,
        text=q.strip(),
    )
    names, saved = await _own(desk, member)

    def read(uow: UnitOfWork) -> Inbox:
        companies = uow.companies.all()
        found = uow.tickets.inbox(filters, page, PAGE_SIZE)
        looker = Looker(
            user_id=member.user.id,
            now=desk.clock.now(),
            companies={each.id: each.name for each in companies},
            staff=names,
            policies={each.id: ServicePolicy.of(each.profile) for each in companies},
            reads=uow.desk_work.reads(member.user.id, [row.ticket.id for row in found.rows]),
            saved=saved,
        )
        shell = shell_of(uow, member, "inbox", outbox=has_outbox(request))
        return build_inbox(found, filters, shell=shell, looker=looker, left=left)

    return html(await desk.store.read(scope_of(member), read))


@router.post("/inbox/bulk")
async def bulk(
    request: Request,
    member: Handler,
    act: Annotated[str, Form(pattern="^(close|assign)$")],
    ticket: Annotated[list[str], Form(max_length=MOST_CHOSEN)],
    here: Annotated[str, Form(max_length=1000)] = "/inbox",
) -> Response:
    """Close the chosen tickets or take them; those of colleagues are left as they are, and that is told."""
    who = name_of(member)

    def change(uow: UnitOfWork) -> int:
        left = 0
        for ticket_id in ticket:
            if act == "close":
                uow.tickets.close(ticket_id, "staff")
            else:
                try:
                    uow.tickets.assign(ticket_id, member.user.id, who)
                except Conflict:
                    left += 1
                    continue
            company_id = uow.tickets.get(ticket_id).company_id
            uow.audit.add(member.user.id, f"ticket.{act}", ticket_id, company_id=company_id)
        return left

    back = _back(here)
    left = await desk_of(request).store.write(scope_of(member), change)
    return see_other(f"{back}{'&' if '?' in back else '?'}left={left}" if left else back)


@router.post("/inbox/views")
async def save_view(
    request: Request,
    member: Reader,
    name: Annotated[str, Form(max_length=40)],
    query: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Keep the filters as they stand under a name."""
    if not name.strip():
        raise Invalid("A view needs a name.", field="name")
    user = member.user.id
    store = desk_of(request).store
    await store.write(Scope.operator(), lambda uow: uow.desk_work.save_view(user, name.strip(), query))
    return see_other(f"/inbox?{query}" if query else "/inbox")


@router.post("/inbox/views/{view_id}/forget")
async def forget_view(request: Request, member: Reader, view_id: str) -> Response:
    """Take a saved view away."""
    user = member.user.id
    await desk_of(request).store.write(Scope.operator(), lambda uow: uow.desk_work.drop_view(user, view_id))
    return see_other("/inbox")


async def _own(desk: Desk, member: StaffMember) -> tuple[dict[str, str], tuple[SavedView, ...]]:
    """What colleagues are called, and the member's views; both belong to no company."""
    return await desk.store.read(
        Scope.operator(),
        lambda uow: (names_of(uow, member), uow.desk_work.views(member.user.id)),
    )


def names_of(uow: UnitOfWork, member: StaffMember) -> dict[str, str]:
    """Staff who share a company with the member, by id; read in the operator's scope."""
    known: dict[str, str] = {}
    for user in uow.staff.all():
        companies = {each.company_id for each in uow.staff.memberships(user.id)}
        shared = member.companies is None or None in companies or companies & member.companies
        if user.active and shared:
            known[user.id] = user.name or user.email
    return known


def _back(here: str) -> str:
    """The inbox as it was; anything else is not gone to."""
    parts = urlsplit(here)
    if parts.path != "/inbox" or parts.scheme or parts.netloc:
        raise NotFound("There is no such page.")
    return here
