"""Opening a widget session: anonymous, with a typed label, or proven by the company's site."""

from datetime import datetime

from api.auth.identity import SiteIdentity, mint_site_token, read_site_token
from api.auth.return_links import read_return
from api.auth.tokens import new_token
from api.desk import Desk
from api.hours import hours_of, waiting_words
from api.keyfile import secret_key
from api.wire import Reply
from graph.errors import Conflict, NotAllowed, NotAuthenticated, NotFound
from store.unit import UnitOfWork
from store.values.companies import Company, Customer, IdentitySecret
from store.values.people import Session
from store.values.scope import Json, Scope
from store.values.tickets import Ticket

DEMO_KID = "demo"


class OpenTicket(Reply):
    """A conversation that can be gone on with."""

    id: str
    status: str


class CompanyView(Reply):
    """What the widget shows of a company."""

    slug: str
    name: str
    brand: Json
    tagline: str
    greeting: Json
    scenarios: list[Json]
    waiting: dict[str, str]
    """What somebody who waits for a person is told now, by the company's office hours."""


class Opened(Reply):
    """A new session; the token is shown this once."""

    session_token: str
    verified: bool
    email: str | None
    company: CompanyView
    tickets: list[OpenTicket]
    ticket_id: str | None = None
    """The conversation that a mail's link leads back to."""


async def come_back(desk: Desk, slug: str, link: str) -> Opened:
    """A session for the customer who opens the link of a mail, and the conversation that it leads to."""
    company, _ = await desk.store.read(Scope.operator(), lambda uow: _company(uow, slug))
    back = read_return(secret_key(desk.settings), company.slug, link, desk.clock.now())
    secret = new_token("ses")

    def open_it(uow: UnitOfWork) -> tuple[Session, Ticket]:
        identity = SiteIdentity(back.email, back.token_id, back.expires_at)
        session = open_proven(uow, desk, company, identity, secret)
        return session, uow.tickets.get_owned(back.ticket_id, session)

    session, ticket = await desk.store.write(Scope.of(company.id), open_it)
    return Opened(
        session_token=secret,
        verified=True,
        email=hint_of(session.email),
        company=company_view(company, desk.clock.now()),
        tickets=[OpenTicket(id=ticket.id, status=ticket.status)],
        ticket_id=ticket.id,
    )


async def open_session(desk: Desk, slug: str, *, token: str | None, email: str | None) -> Opened:
    """A session with the company; a token that proves nothing is refused, not ignored."""
    company, keys = await desk.store.read(Scope.operator(), lambda uow: _company(uow, slug))
    identity = None
    if token is not None:
        secrets = {key.kid: key.secret for key in keys}
        identity = read_site_token(token, company=slug, keys=secrets, now=desk.clock.now())
    secret = new_token("ses")

    def open_it(uow: UnitOfWork) -> tuple[Session, tuple[Ticket, ...]]:
        if identity is None:
            return uow.sessions.open(company.id, secret, email=email), ()
        session = open_proven(uow, desk, company, identity, secret)
        mine = uow.tickets.of_customer(session.customer_id or "")
        return session, tuple(ticket for ticket in mine if ticket.verified)

    session, tickets = await desk.store.write(Scope.of(company.id), open_it)
    return Opened(
        session_token=secret,
        verified=session.verified,
        email=hint_of(session.email),
        company=company_view(company, desk.clock.now()),
        tickets=[
            OpenTicket(id=ticket.id, status=ticket.status)
            for ticket in tickets
            if ticket.status != "resolved"
        ],
    )


def open_proven(
    uow: UnitOfWork, desk: Desk, company: Company, identity: SiteIdentity, secret: str
) -> Session:
    """A session of a proven customer; the identity token is used up in the same transaction."""
    customer = prove(uow, company, identity)
    return uow.sessions.open(
        company.id,
        secret,
        customer_id=customer.id,
        email=customer.email,
        verified=True,
        demo=customer.demo and desk.settings.may_mint_demo_identities,
    )


def prove(uow: UnitOfWork, company: Company, identity: SiteIdentity) -> Customer:
    """The proven customer; NotAuthenticated when the token was used before."""
    try:
        uow.sessions.use_token_id(company.id, identity.token_id, identity.expires_at)
    except Conflict as error:
        raise NotAuthenticated("The identity token was used before.", field="token") from error
    customer = uow.customers.ensure(company.id, identity.email)
    return uow.customers.proven(customer.id)


async def mint_demo_identity(desk: Desk, slug: str, email: str) -> str:
    """A token for a fictional customer, as the demo company's own site would make it."""
    if not desk.settings.may_mint_demo_identities:
        raise NotFound("There is no such page.")

    def find(uow: UnitOfWork) -> tuple[Company, IdentitySecret]:
        company = uow.companies.by_slug(slug)
        customer = uow.customers.by_email(company.id, email)
        if customer is None or not customer.demo:
            raise NotAllowed("Only the demo's fictional customers can be signed in here.", field="email")
        keys = uow.companies.identity_secrets(company.id)
        return company, keys[0] if keys else uow.companies.add_identity_secret(
            company.id, DEMO_KID, new_token("sec")
        )

    company, key = await desk.store.write(Scope.operator(), find)
    return mint_site_token(
        email=email.lower(),
        company=company.slug,
        kid=key.kid,
        key=key.secret,
        token_id=desk.ids.new("jti"),
        now=desk.clock.now(),
    )


def company_view(company: Company, now: datetime) -> CompanyView:
    """The public side of a company."""
    return CompanyView(
        slug=company.slug,
        name=company.name,
        brand=company.brand,
        tagline=company.tagline,
        greeting=company.profile.get("greeting") or {},
        scenarios=[_scenario(item) for item in company.profile.get("scenarios", ())],
        waiting=waiting_words(hours_of(company.profile), now),
    )


def hint_of(email: str | None) -> str | None:
    """An address with its middle hidden."""
    if email is None:
        return None
    local, _, domain = email.partition("@")
    return f"{local[: 2 if len(local) > 3 else 1]}•••@{domain}"


def _scenario(item: Json) -> Json:
    shown = ("key", "en", "hinglish", "email", "verified")
    return {name: item[name] for name in shown if name in item}


def _company(uow: UnitOfWork, slug: str) -> tuple[Company, tuple[IdentitySecret, ...]]:
    company = uow.companies.by_slug(slug)
    return company, uow.companies.identity_secrets(company.id)
