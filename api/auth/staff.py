"""Staff sign-in: a cookie that names a session in the database, and what the session's user may do.

A session ends after 30 idle minutes, 12 hours after signing in, and when password or role change.
"""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response

from api.auth.address import client_address, is_https
from api.auth.passwords import is_password
from api.auth.tokens import new_token
from api.desk import Desk
from graph.errors import NotAuthenticated
from store.unit import UnitOfWork
from store.values.people import Membership, StaffSession, StaffUser
from store.values.scope import Scope

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTE_USE_AFTER = timedelta(seconds=60)
COOKIE, HOST_COOKIE = "supportgraph_staff", "__Host-supportgraph_staff"
ROLES = ("admin", "lead", "agent", "content", "viewer")
"""From the one who may do most to the one who may only look."""
RIGHTS = {
    "admin": frozenset({"run", "read", "tickets", "content", "write", "identity", "admin"}),
    "lead": frozenset({"run", "read", "tickets", "content", "write"}),
    "agent": frozenset({"run", "read", "tickets"}),
    "content": frozenset({"run", "read", "content"}),
    "viewer": frozenset({"read"}),
}


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Who is signed in."""

    user: StaffUser
    session: StaffSession
    memberships: tuple[Membership, ...]

    @property
    def companies(self) -> frozenset[str] | None:
        """The companies that the member works for; None means all."""
        ids = {membership.company_id for membership in self.memberships}
        return None if None in ids else frozenset(company for company in ids if company is not None)

    @property
    def role(self) -> str:
        """The role that may do most."""
        held = {membership.role for membership in self.memberships}
        return next((role for role in ROLES if role in held), "viewer")

    @property
    def rights(self) -> frozenset[str]:
        """What the member may do; nothing without a membership."""
        return frozenset().union(*(RIGHTS.get(item.role, frozenset()) for item in self.memberships))


async def sign_in(desk: Desk, email: str, password: str, address: str) -> str:
    """Check the password and open a session; returns the cookie's token.

    Raises NotAuthenticated with the same words and after the same work whether the account exists, and
    TooMany while an account is guessed at.
    """
    account = email.strip().lower()
    desk.limits.take("sign_in", address)
    desk.backoff.check(account, address)
    user = await desk.store.read(Scope.operator(), lambda uow: uow.staff.by_email(account))
    right = await is_password(password, user.password_hash if user is not None and user.active else None)
    if user is None or not right:
        desk.backoff.failed(account, address)
        raise NotAuthenticated("The e-mail or the password is wrong.", field="password")
    desk.backoff.succeeded(account, address)
    token = new_token("stf")
    expires = desk.clock.now() + LONGEST

    def open_session(uow: UnitOfWork) -> None:
        uow.staff.sign_in(user.id, token, expires)
        uow.audit.add(user.id, "sign_in", user.id, ip=address)

    await desk.store.write(Scope.operator(), open_session)
    return token


async def sign_out(desk: Desk, token: str) -> None:
    """End the session of a cookie; an unknown one is no error."""
    session = await desk.store.glance(Scope.operator(), lambda uow: uow.staff.session(token))
    if session is not None:
        await desk.store.write(Scope.operator(), lambda uow: uow.staff.sign_out(session.id))


async def current_staff(request: Request, desk: Desk) -> StaffMember | None:
    """The member of staff whose cookie the request carries, or None."""
    token = staff_token(request, desk)
    if not token:
        return None

    def find(uow: UnitOfWork) -> StaffMember | None:
        session = uow.staff.session(token)
        if session is None or desk.clock.now() - session.last_seen > IDLE:
            return None
        user = uow.staff.get(session.user_id)
        return StaffMember(user, session, uow.staff.memberships(user.id)) if user.active else None

    found = await desk.store.read(Scope.operator(), find)
    if found is not None and desk.clock.now() - found.session.last_seen > NOTE_USE_AFTER:
        await desk.store.write(Scope.operator(), lambda uow: uow.staff.seen(found.session.id))
    return found


def staff_token(request: Request, desk: Desk) -> str | None:
    """The cookie's token, if there is one."""
    return request.cookies.get(HOST_COOKIE if is_https(request, desk.settings) else COOKIE)


def set_cookie(response: Response, request: Request, desk: Desk, token: str) -> None:
    """Give the browser its session: not readable by scripts, not sent from other sites."""
    https = is_https(request, desk.settings)
    response.set_cookie(
        HOST_COOKIE if https else COOKIE,
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=https,
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, request: Request, desk: Desk) -> None:
    """Take the session from the browser."""
    https = is_https(request, desk.settings)
    response.delete_cookie(
        HOST_COOKIE if https else COOKIE, path="/", secure=https, httponly=True, samesite="lax"
    )


def address_of(request: Request, desk: Desk) -> str:
    """Where the request comes from."""
    return client_address(request, desk.settings)
