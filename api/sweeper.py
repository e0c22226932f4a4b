"""Closes chats that have gone silent, as each company's policy says; that they are solved is assumed."""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from graph.errors import Unavailable
from graph.ports import Clock
from store.database import Store
from store.unit import UnitOfWork
from store.values.scope import Scope
from store.values.service import ServicePolicy

EVERY_SECONDS = 60.0
NAME = "sweeper"
log = logging.getLogger("supportgraph.sweeper")


async def sweep(store: Store, clock: Clock) -> int:
    """Close what has been silent for longer than its company waits; how many tickets that were.

    Only tickets where the customer was answered and automation or nobody is asked for; one that a person
    owns is that person's to close. Each is closed in a transaction of its own.
    """
    now = clock.now()
    silent = await store.read(Scope.operator(), lambda uow: _silent(uow, now))
    for ticket_id in silent:
        await store.write(Scope.operator(), partial(_close, ticket_id))
    return len(silent)


async def keep_sweeping(store: Store, clock: Clock, owner: str) -> None:
    """Every minute until cancelled, in one process of all."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            if await store.hold(NAME, owner, 2 * EVERY_SECONDS) and (closed := await sweep(store, clock)):
                log.info("closed %d silent tickets", closed)
        except Unavailable as error:
            log.warning("silent tickets could not be closed: %s", error.message)


def _silent(uow: UnitOfWork, now: datetime) -> list[str]:
    found: list[str] = []
    for company in uow.companies.all():
        hours = ServicePolicy.of(company.profile).close_after_hours
        if hours:
            found += uow.tickets.silent_since(company.id, now - timedelta(hours=hours))
    return found


def _close(ticket_id: str, uow: UnitOfWork) -> None:
    uow.tickets.close_silent(ticket_id)
