"""The outbox as a page."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.routes.pages_frame import PageRoute, Reader, has_outbox, html, scope_of, shell_of
from graph.errors import NotFound
from store.unit import UnitOfWork
from ui.views.lists import mails_of
from ui.views.pages import Outbox

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/outbox")
async def outbox(request: Request, member: Reader) -> HTMLResponse:
    """What the desk wrote by e-mail; in development only, because one-time codes stand here."""
    if not has_outbox(request):
        raise NotFound("There is no such page.")

    def read(uow: UnitOfWork) -> Outbox:
        return Outbox(shell_of(uow, member, "outbox", outbox=True), mails_of(uow.outbox.all()))

    return html(await desk_of(request).store.read(scope_of(member), read))
