"""Knowledge and outbox as lists to read."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.routes.pages_frame import PageRoute, Reader, has_outbox, html, scope_of, shell_of
from graph.errors import NotFound
from store.unit import UnitOfWork
from ui.render import View
from ui.views.lists import knowledge_page, mails_of
from ui.views.pages import Outbox
from ui.views.shell import Shell

router = APIRouter(include_in_schema=False, route_class=PageRoute)

Read = Callable[[UnitOfWork], View]


@router.get("/knowledge")
async def knowledge(
    request: Request, member: Reader, company: Annotated[str, Query(max_length=64)] = ""
) -> HTMLResponse:
    """What a company knows."""

    def read(uow: UnitOfWork) -> View:
        companies = _companies(uow)
        chosen = company if company in companies else next(iter(companies), "")
        return knowledge_page(
            uow.knowledge.entries(chosen) if chosen else (),
            uow.knowledge.sources(chosen) if chosen else (),
            shell=_shell(uow, member, "knowledge", request),
            companies=companies,
            chosen=chosen,
        )

    return await _shown(request, member, read)


@router.get("/outbox")
async def outbox(request: Request, member: Reader) -> HTMLResponse:
    """What the desk wrote by e-mail; in development only, because one-time codes stand here."""
    if not has_outbox(request):
        raise NotFound("There is no such page.")

    def read(uow: UnitOfWork) -> View:
        return Outbox(_shell(uow, member, "outbox", request), mails_of(uow.outbox.all()))

    return await _shown(request, member, read)


async def _shown(request: Request, member: StaffMember, read: Read) -> HTMLResponse:
    return html(await desk_of(request).store.read(scope_of(member), read))


def _shell(uow: UnitOfWork, member: StaffMember, here: str, request: Request) -> Shell:
    return shell_of(uow, member, here, outbox=has_outbox(request))


def _companies(uow: UnitOfWork) -> dict[str, str]:
    return {company.id: company.name for company in uow.companies.all()}
