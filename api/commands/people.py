"""Staff accounts and API keys from the command line."""

import asyncio
import getpass
import secrets
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from api.commands.output import as_json as print_json
from api.commands.output import note, say, table
from api.settings import Settings
from api.wiring import open_store
from graph.errors import Invalid, NotFound
from store.unit import UnitOfWork
from store.values.people import ApiKey, StaffUser
from store.values.scope import Scope

Found = TypeVar("Found")
ROLES = ("admin", "lead", "agent", "content", "viewer")
OPERATOR = "operator"


def create_user(email: str, *, role: str, company: str | None, name: str) -> None:
    """Create a member of staff; a password that was made here is printed once."""
    if role not in ROLES:
        raise Invalid(f"a role is one of {', '.join(ROLES)}", field="role")
    password, made = _password()
    hashed = _hashed(password)

    def create(uow: UnitOfWork) -> StaffUser:
        company_id = uow.companies.by_slug(company).id if company else None
        user = uow.staff.create(email, hashed, name=name)
        uow.staff.grant(user.id, company_id, role)
        uow.audit.add(OPERATOR, "user.create", user.id)
        return user

    user = _write(create)
    say(f"{user.id}  {user.email}  {role}")
    if made:
        say(f"password: {password}")


def list_users(*, as_json: bool) -> None:
    """All members of staff with their roles."""

    def read(uow: UnitOfWork) -> list[dict[str, Any]]:
        slugs = {company.id: company.slug for company in uow.companies.all()}
        return [
            {
                "id": user.id,
                "email": user.email,
                "name": user.name,
                "active": user.active,
                "roles": {
                    slugs.get(item.company_id or "", "all"): item.role
                    for item in uow.staff.memberships(user.id)
                },
            }
            for user in uow.staff.all()
        ]

    users = _read(read)
    if as_json:
        print_json(users)
        return
    rows = [
        (user["id"], user["email"], " ".join(f"{where}:{role}" for where, role in user["roles"].items()))
        for user in users
    ]
    table(("id", "email", "roles"), rows)


def set_password(email: str) -> None:
    """Set another password; every session of the account ends."""
    password, made = _password()
    hashed = _hashed(password)

    def change(uow: UnitOfWork) -> None:
        user = uow.staff.by_email(email)
        if user is None:
            raise NotFound("there is no member of staff with this address", field="email")
        uow.staff.set_password(user.id, hashed)
        uow.audit.add(OPERATOR, "user.password", user.id)

    _write(change)
    say("the password is set; the account is signed out everywhere")
    if made:
        say(f"password: {password}")


def create_key(name: str, *, company: str | None, scopes: str) -> None:
    """Create an API key; it is shown this once."""
    from api.auth.callers import RIGHTS

    wanted = tuple(dict.fromkeys(part.strip() for part in scopes.split(",") if part.strip()))
    if not wanted or set(wanted) - set(RIGHTS):
        raise Invalid(f"scopes are some of {', '.join(RIGHTS)}", field="scopes")
    secret = f"sk_{company or 'all'}_{secrets.token_urlsafe(32)}"

    def create(uow: UnitOfWork) -> ApiKey:
        company_id = uow.companies.by_slug(company).id if company else None
        key = uow.keys.create(secret, name=name, scopes=wanted, company_id=company_id)
        uow.audit.add(OPERATOR, "key.create", key.id)
        return key

    note(f"{_write(create).id}: keep this key, it is not shown again")
    say(secret)


def list_keys(*, as_json: bool) -> None:
    """All keys by their beginnings."""
    keys = _read(lambda uow: uow.keys.all())
    if as_json:
        print_json([vars(key) for key in keys])
        return
    rows = [
        (key.id, key.prefix + "…", key.name, ",".join(key.scopes), "revoked" if key.revoked_at else "live")
        for key in keys
    ]
    table(("id", "key", "name", "scopes", "state"), rows)


def revoke_key(key_id: str) -> None:
    """End a key at once."""

    def revoke(uow: UnitOfWork) -> None:
        uow.keys.get(key_id)
        uow.keys.revoke(key_id)
        uow.audit.add(OPERATOR, "key.revoke", key_id)

    _write(revoke)
    say(f"{key_id} is revoked")


def _password() -> tuple[str, bool]:
    """A typed password, or a made one (and True) when nobody can type."""
    if not sys.stdin.isatty():
        return secrets.token_urlsafe(18), True
    first = getpass.getpass("password: ")
    if first != getpass.getpass("again: "):
        raise Invalid("the two passwords differ", field="password")
    return first, False


def _hashed(password: str) -> str:
    from api.auth.passwords import hash_password

    return asyncio.run(hash_password(password))


def _write(work: Callable[[UnitOfWork], Found]) -> Found:
    async def run() -> Found:
        store = await open_store(Settings())
        try:
            return await store.write(Scope.operator(), work)
        finally:
            await store.close()

    return asyncio.run(run())


def _read(work: Callable[[UnitOfWork], Found]) -> Found:
    async def run() -> Found:
        store = await open_store(Settings())
        try:
            return await store.read(Scope.operator(), work)
        finally:
            await store.close()

    return asyncio.run(run())
