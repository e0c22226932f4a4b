"""Tells staff that a customer waits for a person, or that a promised time is about to pass: mail and webhook.

What is told is put into the outbox together with the note that it was told, so it is told once, whatever
process looks. A company says in its profile whom: `alerts: {emails: [], url: ""}`.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from api.wire import Body, Email
from graph.errors import Unavailable
from graph.ports import Clock
from store.database import Store
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.scope import Json, Scope
from store.values.service import ServicePolicy
from store.values.tickets import InboxFilters, Ticket

LOOK_SECONDS = 5.0
NAME = "alerts"
HOLD_SECONDS = 30.0
MOST = 200
FRESH = timedelta(days=2)
"""Waits that began longer ago are not told: a desk that was away for a week sends no thousand mails."""
WEBHOOK = "webhook"
WORDS = {"handoff": "waits for a person", "sla_soon": "should be answered soon", "sla_late": "waits too long"}
log = logging.getLogger("supportgraph.alerts")


def _https(value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise ValueError("has to begin with https://")
    return value


class AlertsBody(Body):
    """Whom a company wants to have told."""

    emails: Annotated[list[Email], Field(max_length=20, default_factory=list)]
    url: Annotated[str, Field(max_length=500), AfterValidator(_https)] = ""


def alerts_of(profile: Mapping[str, Any]) -> AlertsBody:
    """A company's wish as it is kept."""
    return AlertsBody.model_validate(profile.get("alerts") or {}, by_name=True)


def tell(uow: UnitOfWork, now: datetime, base: str) -> int:
    """Put into the outbox what has not been told yet; how many messages that were."""
    told = 0
    companies = {item.id: item for item in uow.companies.all()}
    for row in uow.tickets.inbox(InboxFilters(status="escalated"), size=MOST).rows:
        ticket, company = row.ticket, companies[row.ticket.company_id]
        if ticket.waiting_since is None or now - ticket.waiting_since > FRESH:
            continue
        for event in _events(ticket, company, now):
            key = f"{ticket.id}:{event}:{ticket.waiting_since.isoformat()}"
            if uow.alerts.first(company.id, key):
                told += _put(uow, event, ticket, company, base)
    return told


def _events(ticket: Ticket, company: Company, now: datetime) -> tuple[str, ...]:
    policy = ServicePolicy.of(company.profile)
    stands = policy.stands(ticket.waiting_since, ticket.priority, now)
    return ("handoff", *({"soon": ("sla_soon",), "late": ("sla_late",)}.get(stands, ())))


def _put(uow: UnitOfWork, event: str, ticket: Ticket, company: Company, base: str) -> int:
    wanted = alerts_of(company.profile)
    url = f"{base}/tickets/{ticket.id}"
    subject = f"#{ticket.number} {WORDS[event]}: {ticket.subject[:80]}"
    lines = (f"{company.name}, ticket #{ticket.number} {WORDS[event]}.", ticket.summary, url)
    for email in wanted.emails:
        uow.outbox.put(
            "email", email, subject=subject, body="\n\n".join(filter(None, lines)), company_id=company.id
        )
    if wanted.url:
        body = json.dumps(_payload(event, ticket, company, url), ensure_ascii=False)
        uow.outbox.put(WEBHOOK, wanted.url, subject=event, body=body, company_id=company.id)
    return len(wanted.emails) + bool(wanted.url)


def _payload(event: str, ticket: Ticket, company: Company, url: str) -> Json:
    """What a webhook carries: no word of the customer but the subject, which is redacted."""
    assert ticket.waiting_since is not None
    return {
        "event": f"ticket.{event}",
        "company": company.slug,
        "ticket": {
            "id": ticket.id,
            "number": ticket.number,
            "subject": ticket.subject,
            "priority": ticket.priority,
            "reason": ticket.escalation_reason,
            "waitingSince": ticket.waiting_since.isoformat(),
            "url": url,
        },
    }


async def keep_telling(store: Store, clock: Clock, owner: str, base: str) -> None:
    """Look every few seconds until cancelled, in one process of all."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            if await store.hold(NAME, owner, HOLD_SECONDS):
                await store.write(Scope.operator(), lambda uow: tell(uow, clock.now(), base))
        except Unavailable as error:
            log.warning("staff are told later: %s", error.message)
