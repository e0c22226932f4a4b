"""Staff sign-in and sign-out, as JSON; the page's form uses the same functions."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api import errors
from api.auth.callers import desk_of
from api.auth.staff import (
    address_of,
    clear_cookie,
    current_staff,
    set_cookie,
    sign_in,
    sign_out,
    staff_token,
)
from api.wire import Body, Reply
from graph.errors import NotAuthenticated

router = APIRouter(prefix="/api/staff", tags=["staff"], responses=errors.RESPONSES)


class SignIn(Body):
    """E-mail and password."""

    email: Annotated[str, Field(min_length=1, max_length=254)]
    password: Annotated[str, Field(min_length=1, max_length=128)]


class Me(Reply):
    """Who is signed in."""

    email: str
    name: str
    role: str


@router.post("/sign-in", status_code=204)
async def staff_sign_in(request: Request, body: SignIn) -> Response:
    """Open a session and set its cookie."""
    desk = desk_of(request)
    token = await sign_in(desk, body.email, body.password, address_of(request, desk))
    response = Response(status_code=204)
    set_cookie(response, request, desk, token)
    return response


@router.post("/sign-out", status_code=204)
async def staff_sign_out(request: Request) -> Response:
    """End the session."""
    desk = desk_of(request)
    await sign_out(desk, staff_token(request, desk) or "")
    response = Response(status_code=204)
    clear_cookie(response, request, desk)
    return response


@router.get("/me")
async def me(request: Request) -> Me:
    """Who the cookie belongs to."""
    staff = await current_staff(request, desk_of(request))
    if staff is None:
        raise NotAuthenticated("Nobody is signed in.")
    return Me(email=staff.user.email, name=staff.user.name, role=staff.role)
