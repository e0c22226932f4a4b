"""Who calls the server side: an API key or a member of staff, with scopes and companies.

Every route under /api names the scope that it needs with `need(...)`; without one nobody gets in.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import Depends, Request

from api.auth.address import client_address
from api.auth.staff import current_staff
from api.desk import Desk
from graph.errors import Invalid, NotAllowed, NotAuthenticated
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.people import ApiKey
from store.values.scope import Scope

Right = Literal["run", "read", "tickets", "content", "write", "identity", "admin"]
RIGHTS: tuple[Right, ...] = ("run", "read", "tickets", "content", "write", "identity", "admin")
WITHIN_WRITE = frozenset({"tickets", "content"})
"""What an API key with the scope `write` may do as well."""
NOTE_USE_AFTER = timedelta(seconds=60)
BEARER = re.compile(r"[Bb]earer +([\x21-\x7e]{1,512})")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, what they may do, and for which companies (None: all)."""

    id: str
    name: str
    rights: frozenset[str]
    companies: frozenset[str] | None

    @property
    def scope(self) -> Scope:
        """The companies as the store takes them."""
        return Scope(self.companies)

    @property
    def only_company(self) -> str | None:
        """The company of a caller who has just one."""
        return next(iter(self.companies)) if self.companies is not None and len(self.companies) == 1 else None

    def has(self, right: Right) -> bool:
        """Whether the caller may."""
        return right in self.rights or (right in WITHIN_WRITE and "write" in self.rights)


def desk_of(request: Request) -> Desk:
    """The process' desk."""
    desk: Desk = request.app.state.desk
    return desk


def need(right: Right) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency that lets in who has the right, and refuses with 401 or 403 who has not."""

    async def caller(request: Request) -> Caller:
        found = await find_caller(request)
        if not found.has(right):
            raise NotAllowed(f"This needs the right {right!r}.")
        return found

    return caller


async def find_caller(request: Request) -> Caller:
    """The key of the request, else the member of staff who is signed in; NotAuthenticated without either."""
    desk = desk_of(request)
    token = bearer(request)
    if token is None:
        staff = await current_staff(request, desk)
        if staff is None:
            raise NotAuthenticated("This needs an API key or a sign-in.")
        return Caller(staff.user.id, staff.user.email, staff.rights, staff.companies)
    key = await desk.store.glance(Scope.operator(), lambda uow: uow.keys.by_key(token))
    if key is None:
        desk.limits.take("refused", client_address(request, desk.settings))
        raise NotAuthenticated("The API key is not valid.")
    desk.limits.take("key", key.id)
    await _note_use(desk, key)
    companies = None if key.company_id is None else frozenset({key.company_id})
    return Caller(key.id, key.name, frozenset(key.scopes), companies)


def bearer(request: Request) -> str | None:
    """The token of Authorization (or X-API-Key), None without one; NotAuthenticated for nonsense."""
    header = request.headers.get("authorization")
    if header is None:
        return request.headers.get("x-api-key")
    found = BEARER.fullmatch(header.strip())
    if found is None:
        raise NotAuthenticated("The Authorization header has to be 'Bearer <token>'.")
    return found[1]


def company_of(uow: UnitOfWork, caller: Caller, slug: str | None) -> Company:
    """The named company, or the only one that the caller has; NotFound when it is not the caller's."""
    if slug is not None:
        return uow.companies.by_slug(slug)
    if caller.only_company is None:
        raise Invalid("You work for several companies; name one.", field="company")
    return uow.companies.get(caller.only_company)


async def _note_use(desk: Desk, key: ApiKey) -> None:
    if key.last_used_at is None or desk.clock.now() - key.last_used_at > NOTE_USE_AFTER:
        await desk.store.write(Scope.operator(), lambda uow: uow.keys.used(key.id))


Runner = Annotated[Caller, Depends(need("run"))]
Reader = Annotated[Caller, Depends(need("read"))]
Handler = Annotated[Caller, Depends(need("tickets"))]
Editor = Annotated[Caller, Depends(need("content"))]
Writer = Annotated[Caller, Depends(need("write"))]
Admin = Annotated[Caller, Depends(need("admin"))]
