"""One turn for a server: who asks, in which session, under which limits, and the message accepted."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from api.auth.callers import Caller, company_of
from api.auth.identity import read_site_token
from api.auth.tokens import new_token
from api.desk import Desk
from api.opening import prove
from api.profiles import is_looser
from api.talk import Said, new_message, take
from graph.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from store.unit import UnitOfWork
from store.values.companies import Agent, Company, Customer
from store.values.tickets import Ticket
from store.values.turns import Accepted

SESSION_IDLE = timedelta(hours=24)
CHANNEL = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the request of `POST /api/run` says."""

    message: str
    company: str | None = None
    agent_id: str | None = None
    session_id: str | None = None
    client_message_id: str | None = None
    threshold: float | None = None
    mode: Literal["strict", "balanced", "permissive"] | None = None
    email: str | None = None
    verified: bool = False
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """An accepted request: its ticket as it was before, and what became of the message."""

    company: Company
    ticket: Ticket
    accepted: Accepted


async def begin(desk: Desk, caller: Caller, asked: Asked, *, watched: bool) -> Begun:
    """Check everything, then accept the message; nothing is written when anything is wrong."""
    if asked.verified and not caller.has("identity"):
        raise NotAllowed(
            "Saying that a customer is verified needs the right 'identity'.", field="customer.verified"
        )
    if asked.verified and asked.email is None:
        raise Invalid("A verified customer needs an e-mail.", field="customer.email")
    seen: list[tuple[Company, Ticket]] = []

    def accept(uow: UnitOfWork) -> Accepted:
        company = _company(uow, caller, asked)
        agent = _agent(uow, company, asked)
        _check_limits(caller, agent, asked)
        ticket = _ticket(uow, desk, company, agent, asked)
        seen.append((company, ticket))
        said = Said(
            text=asked.message,
            client_message_id=asked.client_message_id,
            threshold=asked.threshold,
            safety_mode=asked.mode,
            context=(asked.agent_id, asked.email, asked.verified),
        )
        return uow.turns.accept(new_message(said, ticket.id, company))

    accepted = await take(desk, caller.scope, accept, company=asked.company, watched=watched)
    return Begun(*seen[-1], accepted)


def _company(uow: UnitOfWork, caller: Caller, asked: Asked) -> Company:
    """The named company, the session's, or the only one that the caller has."""
    if asked.company is None and asked.session_id is not None:
        return uow.companies.get(_session(uow, asked.session_id).company_id)
    return company_of(uow, caller, asked.company)


def _session(uow: UnitOfWork, session_id: str) -> Ticket:
    try:
        return uow.tickets.get(session_id)
    except NotFound as error:
        raise NotFound("There is no such session.", field="sessionId") from error


def _agent(uow: UnitOfWork, company: Company, asked: Asked) -> Agent:
    """The named agent, the session's, or the company's default."""
    if asked.agent_id is None:
        if asked.session_id is not None:
            return uow.agents.get(_session(uow, asked.session_id).agent_id)
        return uow.agents.default(company.id)
    agent = uow.agents.get(asked.agent_id)
    if agent.company_id != company.id:
        raise NotFound("There is no such agent.", field="agentId")
    if agent.status != "active":
        raise Conflict("This agent is not active.", field="agentId")
    return agent


def _check_limits(caller: Caller, agent: Agent, asked: Asked) -> None:
    """Mode and threshold may only be tightened, but by an administrator."""
    if caller.has("admin"):
        return
    if asked.mode is not None and is_looser(asked.mode, agent.safety_mode):
        raise NotAllowed("The safety mode may only be tightened.", field="X-Safety-Mode")
    if asked.threshold is not None and asked.threshold < agent.confidence_threshold:
        raise NotAllowed("The threshold may only be raised.", field="confidenceThreshold")


def _ticket(uow: UnitOfWork, desk: Desk, company: Company, agent: Agent, asked: Asked) -> Ticket:
    """The session to go on with, or a new one."""
    if asked.session_id is not None:
        return _continued(uow, desk, company, agent, asked)
    if asked.client_message_id is not None:
        known = uow.tickets.by_client_message(company.id, CHANNEL, asked.client_message_id)
        if known is not None:
            return known
    customer, verified = _customer(uow, desk, company, asked)
    customer_id = customer.id if customer is not None else None
    session_id = None
    if customer is not None and customer.demo and verified and desk.settings.may_mint_demo_identities:
        session_id = _demo_session(uow, company, customer)
    return uow.tickets.open(company.id, customer_id, agent.id, session_id, CHANNEL, verified=verified)


def _demo_session(uow: UnitOfWork, company: Company, customer: Customer) -> str:
    """A fictional customer works on copies of the records, here too; nobody gets the session's token."""
    return uow.sessions.open(
        company.id, new_token("ses"), customer_id=customer.id, email=customer.email, verified=True, demo=True
    ).id


def _continued(uow: UnitOfWork, desk: Desk, company: Company, agent: Agent, asked: Asked) -> Ticket:
    ticket = _session(uow, asked.session_id or "")
    if ticket.company_id != company.id:
        raise NotFound("There is no such session.", field="sessionId")
    if desk.clock.now() - ticket.updated_at > SESSION_IDLE:
        raise Gone("The session was idle for a day; please start a new one.", field="sessionId")
    if ticket.agent_id != agent.id:
        raise Conflict("The session belongs to another agent.", field="agentId")
    customer, verified = _customer(uow, desk, company, asked)
    if customer is None:
        return ticket
    if ticket.customer_id is not None and ticket.customer_id != customer.id:
        raise Conflict("The session belongs to another customer.", field="sessionId")
    if ticket.customer_id is None or (verified and not ticket.verified):
        uow.tickets.identify(ticket.id, customer.id, verified=verified or ticket.verified)
    return ticket


def _customer(uow: UnitOfWork, desk: Desk, company: Company, asked: Asked) -> tuple[Customer | None, bool]:
    """Who the customer is, and whether that is proven: by the site's token or by the caller's word."""
    if asked.token is not None:
        keys = {key.kid: key.secret for key in uow.companies.identity_secrets(company.id)}
        identity = read_site_token(asked.token, company=company.slug, keys=keys, now=desk.clock.now())
        if asked.email is not None and asked.email.lower() != identity.email:
            raise Conflict("The token is another customer's.", field="customer.token")
        return prove(uow, company, identity), True
    if asked.email is None:
        return None, False
    customer = uow.customers.ensure(company.id, asked.email)
    return (uow.customers.proven(customer.id) if asked.verified else customer), asked.verified
