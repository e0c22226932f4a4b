"""Companies: `/api/companies`, their identity keys and the line that puts the chat on a site."""

import secrets
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request

from api import errors
from api.auth.callers import Admin, Caller, Reader, desk_of
from api.auth.tokens import new_token
from api.companies import (
    CompanyChange,
    NewCompany,
    blank_company,
    examples_of,
    fields_with,
    plain_fields,
    words_of,
)
from api.hours import HoursBody, hours_of
from api.wire import Reply
from store.unit import UnitOfWork
from store.values.companies import AgentFields, Company, IdentitySecret
from tools.specs import all_tools
from ui.views.pages import embed_script

router = APIRouter(prefix="/api/companies", tags=["companies"], responses=errors.RESPONSES)
FRONT_DESK = "Front desk"


class KeyView(Reply):
    """A live identity key, without its secret."""

    kid: str
    created_at: datetime


class NewKey(KeyView):
    """A new identity key; the secret is shown this once."""

    secret: str


class CompanyView(Reply):
    """A company as people set it."""

    id: str
    slug: str
    name: str
    description: str
    support_email: str
    legal_name: str
    tagline: str
    brand: dict[str, Any]
    domains: list[str]
    origins: list[str]
    id_examples: list[str]
    greeting: dict[str, str]
    contact: dict[str, str]
    scope: dict[str, str]
    topics: list[str]
    cannot: list[dict[str, Any]]
    scenarios: list[dict[str, Any]]
    hours: HoursBody
    identity_keys: list[KeyView]
    embed: str
    created_at: datetime
    updated_at: datetime


@router.get("")
async def companies(request: Request, caller: Reader) -> list[CompanyView]:
    """The caller's companies, by name."""
    return await desk_of(request).store.read(
        caller.scope, lambda uow: [view_of(uow, company) for company in uow.companies.all()]
    )


@router.post("", status_code=201)
async def create(request: Request, caller: Admin, body: NewCompany) -> CompanyView:
    """Make a company with an agent that answers for it; only who works for all companies may."""
    return await desk_of(request).store.write(
        caller.scope, lambda uow: view_of(uow, create_company(uow, caller, body))
    )


@router.get("/{slug}")
async def company(request: Request, caller: Reader, slug: str) -> CompanyView:
    """One company."""
    return await desk_of(request).store.read(
        caller.scope, lambda uow: view_of(uow, uow.companies.by_slug(slug))
    )


@router.put("/{slug}")
async def change(request: Request, caller: Admin, slug: str, body: CompanyChange) -> CompanyView:
    """Change what the body names."""
    return await desk_of(request).store.write(
        caller.scope, lambda uow: view_of(uow, change_company(uow, caller, slug, body))
    )


@router.post("/{slug}/identity-keys", status_code=201)
async def rotate(request: Request, caller: Admin, slug: str) -> NewKey:
    """A new identity key; the one before stays valid until the next rotation."""
    key = await desk_of(request).store.write(caller.scope, lambda uow: rotate_key(uow, caller, slug))
    return NewKey(kid=key.kid, secret=key.secret, created_at=key.created_at)


def create_company(uow: UnitOfWork, caller: Caller, body: NewCompany) -> Company:
    """The new company, with a default agent that can open cases and nothing else."""
    made = uow.companies.create(fields_with(blank_company(body, f"canary-{new_token('cny')}"), body))
    agent = uow.agents.create(made.id, AgentFields(name=FRONT_DESK, is_default=True))
    uow.agents.set_tools(agent.id, {name: name == "create_ticket" for name in all_tools()})
    uow.audit.add(caller.id, "company.create", made.id, company_id=made.id)
    return made


def change_company(uow: UnitOfWork, caller: Caller, slug: str, body: CompanyChange) -> Company:
    """The company with what the body names."""
    known = uow.companies.by_slug(slug)
    changed = uow.companies.change(known.id, fields_with(plain_fields(known), body))
    uow.audit.add(caller.id, "company.change", known.id, company_id=known.id)
    return changed


def rotate_key(uow: UnitOfWork, caller: Caller, slug: str) -> IdentitySecret:
    """The company's newest identity key, with its secret."""
    company = uow.companies.by_slug(slug)
    key = uow.companies.add_identity_secret(company.id, f"k-{secrets.token_hex(4)}", new_token("sec"))
    uow.audit.add(caller.id, "company.rotate_key", company.id, company_id=company.id)
    return key


def view_of(uow: UnitOfWork, company: Company) -> CompanyView:
    """The company with its keys' names."""
    plain = {name: getattr(company, name) for name in _PLAIN}
    pairs = {name: words_of(company.profile, name) for name in ("greeting", "contact", "scope")}
    return CompanyView(
        **plain,
        **pairs,
        domains=list(company.domains),
        origins=list(company.origins),
        id_examples=examples_of(company.id_patterns),
        topics=list(company.profile.get("topics", ())),
        cannot=list(company.profile.get("cannot", ())),
        scenarios=list(company.profile.get("scenarios", ())),
        hours=hours_of(company.profile),
        identity_keys=[
            KeyView(kid=key.kid, created_at=key.created_at)
            for key in uow.companies.identity_secrets(company.id)
        ],
        embed=embed_script(company.slug, company.brand),
    )


_PLAIN = (
    "id", "slug", "name", "description", "support_email", "legal_name", "tagline", "brand", "created_at",
    "updated_at",
)  # fmt: skip
