"""What keeps a desk small over years: pruned checkpoints, retention, erasure, figures of its size."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from api.desk import Desk
from graph.errors import Unavailable
from store.unit import UnitOfWork
from store.values.erasure import Erasure
from store.values.scope import Json, Scope

EVERY_SECONDS = 900.0
FIRST_LOOK = timedelta(days=7)
"""How far back a process that has just started looks for closed tickets."""
NAME = "housekeeping"
log = logging.getLogger("supportgraph.housekeeping")


@dataclass(frozen=True)
class Kept:
    """What one round did."""

    pruned: int = 0
    expired: int = 0
    swept: int = 0


async def erase(desk: Desk, slug: str, email: str, actor: str) -> Erasure:
    """Take a customer out of tables, checkpoints and logs; the receipt says what went.

    Vectors hold published knowledge only, and what a customer said is never among it.
    """

    def work(uow: UnitOfWork) -> Erasure:
        company = uow.companies.by_slug(slug)
        receipt = uow.erasures.erase(company.id, email)
        uow.audit.add(actor, "customer.erase", receipt.id, company_id=company.id)
        return receipt

    receipt = await desk.store.write(Scope.operator(), work)
    for ticket_id in receipt.threads:
        await desk.saver.adelete_thread(ticket_id)
    await desk.saver.scrub()
    await desk.store.scrub()
    return receipt


async def sweep(desk: Desk) -> int:
    """Once no turn of erased tickets can run any more, remove what it may have written late."""
    settled = desk.clock.now() - timedelta(seconds=3 * desk.settings.lease_seconds)
    open_receipts = await desk.store.read(Scope.operator(), lambda uow: uow.erasures.receipts(unswept=True))
    due = [receipt for receipt in open_receipts if receipt.created_at <= settled]
    for receipt in due:
        for ticket_id in receipt.threads:
            await desk.saver.adelete_thread(ticket_id)
        await desk.saver.scrub()
        await desk.store.write(Scope.operator(), partial(_swept, receipt.id))
    return len(due)


def _swept(erasure_id: str, uow: UnitOfWork) -> None:
    uow.erasures.swept(erasure_id)


async def keep_once(desk: Desk, after: datetime) -> tuple[Kept, datetime]:
    """One round over tickets closed since `after`; returns until when it looked."""
    settings, now = desk.settings, desk.clock.now()
    before = now - timedelta(hours=settings.checkpoint_hours)
    closed = await desk.store.read(Scope.operator(), lambda uow: uow.erasures.closed(after, before))
    pruned = sum([await desk.saver.keep_turn_ends(ticket_id) for ticket_id in closed])
    expired = 0
    oldest = now - timedelta(days=settings.ticket_days)
    while settings.ticket_days:
        gone = await desk.store.write(Scope.operator(), lambda uow: uow.erasures.expire(oldest))
        for ticket_id in gone:
            await desk.saver.adelete_thread(ticket_id)
        expired += len(gone)
        if not gone:
            break
    return Kept(pruned, expired, await sweep(desk)), before


async def keep_house(desk: Desk) -> None:
    """Every quarter of an hour until cancelled; one process at a time does it."""
    after = desk.clock.now() - FIRST_LOOK
    while True:
        try:
            if await desk.store.hold(NAME, desk.worker.owner, 2 * EVERY_SECONDS):
                done, after = await keep_once(desk, after)
                if done != Kept():
                    log.info("checkpoints pruned: %d, tickets expired: %d", done.pruned, done.expired)
        except Unavailable as error:
            log.warning("housekeeping waits: %s", error.message)
        await asyncio.sleep(EVERY_SECONDS)


async def figures(desk: Desk) -> Json:
    """How large the desk is, how long its queue, and whether its index has what it should."""
    operator = Scope.operator()
    depth = await desk.store.depth()
    strain = await desk.store.strain()
    tables, steps = await desk.store.bytes_kept(), await desk.saver.bytes_kept()
    tickets = await desk.store.read(operator, lambda uow: uow.tickets.count())
    return {
        "queue": {
            "queued": depth.queued,
            "running": depth.running,
            "pendingHere": desk.worker.pending,
            "limit": desk.settings.queue_limit,
            "oldestSeconds": round(depth.oldest_seconds, 1),
            "leaseLeftSeconds": depth.lease_left_seconds,
        },
        "size": {
            "tickets": tickets,
            "tableBytes": tables,
            "checkpointBytes": steps,
            "bytesPerTicket": round((tables + steps) / tickets) if tickets else 0,
            "logBytes": strain.log_bytes,
            "oldestReadSeconds": strain.oldest_read_seconds,
        },
        "streams": desk.hub.watching,
        "breakers": desk.models.breakers() if desk.models is not None else {},
        "index": await _drift(desk),
    }


async def _drift(desk: Desk) -> dict[str, Json]:
    """By company: how many passages are published and how many of them have vectors."""
    operator = Scope.operator()
    companies = await desk.store.read(operator, lambda uow: uow.companies.all())
    found: dict[str, Json] = {}
    for company in companies:
        passages = await desk.store.read(operator, partial(_published, company.id))
        status = await desk.index.status(company.id)
        found[company.slug] = {
            "passages": passages,
            "embedded": status.passages,
            "available": status.available,
            "drift": passages - status.passages,
        }
    return found


def _published(company_id: str, uow: UnitOfWork) -> int:
    return len(uow.knowledge.passages(company_id))
