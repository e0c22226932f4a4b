"""What all pages have in common: views as HTML, errors as pages, staff before anything private."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from api.auth.callers import Caller, desk_of
from api.auth.staff import StaffMember, current_staff
from graph.errors import NotAllowed, NotAuthenticated, SupportError
from store.unit import UnitOfWork
from store.values.scope import Scope
from ui.render import View, render
from ui.views.pages import ProblemPage
from ui.views.shell import Shell

TITLES = {
    403: ("This is not yours to see", "Your account does not cover it. Ask an admin of the desk."),
    404: ("There is no such page", "It may have been moved, or it never existed."),
    409: ("Somebody was faster", ""),
    422: ("That cannot be done", ""),
    503: (
        "Not available right now",
        "Part of the desk does not answer. Nothing was lost; try again shortly.",
    ),
}


class PageRoute(APIRoute):
    """A route whose errors are pages: a missing sign-in leads to the door, the rest says what happened."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with its errors turned into pages."""
        handler = super().get_route_handler()

        async def as_page(request: Request) -> Response:
            try:
                return await handler(request)
            except NotAuthenticated:
                return _to_the_door(request)
            except SupportError as error:
                return _problem(error.status, error.message)
            except RequestValidationError:
                return _problem(422, "Something in this request is missing or too long.")

        return as_page


def html(view: View, status: int = 200) -> HTMLResponse:
    """A view as a response."""
    return HTMLResponse(render(view), status)


def see_other(url: str) -> RedirectResponse:
    """After a change: look at what came of it."""
    return RedirectResponse(url, 303)


async def reader(request: Request) -> StaffMember:
    """The member of staff who looks; NotAuthenticated without one, NotAllowed without the right to read."""
    return await _member(request, "read")


async def handler(request: Request) -> StaffMember:
    """The member of staff who answers customers."""
    return await _member(request, "tickets")


async def editor(request: Request) -> StaffMember:
    """The member of staff who keeps knowledge and rules."""
    return await _member(request, "content")


async def writer(request: Request) -> StaffMember:
    """The member of staff who changes something."""
    return await _member(request, "write")


async def administrator(request: Request) -> StaffMember:
    """The member of staff who sets up companies, agents and tools."""
    return await _member(request, "admin")


Reader = Annotated[StaffMember, Depends(reader)]
Handler = Annotated[StaffMember, Depends(handler)]
Editor = Annotated[StaffMember, Depends(editor)]
Writer = Annotated[StaffMember, Depends(writer)]
Administrator = Annotated[StaffMember, Depends(administrator)]


def caller_of(member: StaffMember) -> Caller:
    """The member as the routes for data know callers."""
    return Caller(member.user.id, member.user.email, member.rights, member.companies)


def scope_of(member: StaffMember) -> Scope:
    """The companies that the member works for."""
    return Scope(member.companies)


def name_of(member: StaffMember) -> str:
    """What the member is called on pages and by customers."""
    return member.user.name or member.user.email.partition("@")[0]


def shell_of(
    uow: UnitOfWork,
    member: StaffMember,
    here: str,
    *,
    outbox: bool,
    compact: bool = False,
    company: str = "",
) -> Shell:
    """The frame of a staff page, with how many tickets need somebody; `company` is the slug it is about."""
    waiting = uow.tickets.waiting_for_a_person()
    return Shell(here, name_of(member), member.role, waiting, compact=compact, outbox=outbox, company=company)


def has_outbox(request: Request) -> bool:
    """Whether mails may be looked at: in development only."""
    return desk_of(request).settings.env == "development"


def safe_target(target: str) -> str:
    """A path of ours to go to after signing in; anything else becomes the inbox."""
    parts = urlsplit(target)
    ours = not parts.scheme and not parts.netloc and target.startswith("/") and "\\" not in target
    return target if ours and not target.startswith("//") else "/inbox"


async def _member(request: Request, right: str) -> StaffMember:
    member = await current_staff(request, desk_of(request))
    if member is None:
        raise NotAuthenticated("Nobody is signed in.")
    if right not in member.rights:
        raise NotAllowed(f"This needs the right {right!r}.")
    return member


def _to_the_door(request: Request) -> Response:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = here if request.method == "GET" else "/inbox"
    return see_other(f"/sign-in?target={quote(target, safe='')}")


def _problem(status: int, message: str) -> Response:
    title, words = TITLES.get(status, ("That did not work", ""))
    return html(ProblemPage(status=status, title=title, words=words or message), status)
