"""The staff's door."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.auth.callers import desk_of
from api.auth.staff import address_of, clear_cookie, current_staff, set_cookie, sign_in, sign_out, staff_token
from api.routes.pages_frame import PageRoute, html, safe_target, see_other
from graph.errors import NotAuthenticated, TooMany
from ui.views.pages import SignIn

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/sign-in")
async def door(request: Request, target: str = "/inbox") -> Response:
    """The form; whoever is signed in already goes on."""
    if await current_staff(request, desk_of(request)) is not None:
        return see_other(safe_target(target))
    return html(SignIn(target=safe_target(target)))


@router.post("/sign-in")
async def enter(
    request: Request,
    email: Annotated[str, Form(min_length=1, max_length=254)],
    password: Annotated[str, Form(min_length=1, max_length=128)],
    target: Annotated[str, Form(max_length=500)] = "/inbox",
) -> Response:
    """Open a session, or say why not."""
    desk = desk_of(request)
    try:
        token = await sign_in(desk, email, password, address_of(request, desk))
    except (NotAuthenticated, TooMany) as error:
        return html(SignIn(safe_target(target), email, error.message), error.status)
    response = see_other(safe_target(target))
    set_cookie(response, request, desk, token)
    return response


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    """End the session."""
    desk = desk_of(request)
    await sign_out(desk, staff_token(request, desk) or "")
    response = see_other("/")
    clear_cookie(response, request, desk)
    return response
