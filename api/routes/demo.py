"""The demo pages' stand-in for a company's own server: identity tokens for fictional customers only."""

from fastapi import APIRouter, Request

from api import errors
from api.auth.address import client_address
from api.auth.callers import desk_of
from api.opening import mint_demo_identity
from api.wire import Body, Email, Reply

router = APIRouter(prefix="/api/widget/{company}", tags=["demo"], responses=errors.RESPONSES)


class DemoIdentity(Body):
    """Which fictional customer."""

    email: Email


class IdentityToken(Reply):
    """A token that opens one session."""

    token: str


@router.post("/demo-identity")
async def demo_identity(request: Request, company: str, body: DemoIdentity) -> IdentityToken:
    """Sign in a fictional customer; only in development or with DEMO, and only customers flagged demo."""
    desk = desk_of(request)
    desk.limits.take("session", client_address(request, desk.settings))
    return IdentityToken(token=await mint_demo_identity(desk, company, body.email))
