"""Imports of a desk: started by people or by night, run by the process that owns the vector index."""

import asyncio
import ctypes
import ctypes.util
import logging
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from api.settings import Settings
from graph.errors import Conflict, SupportError, Unavailable
from store.database import Store
from store.unit import UnitOfWork
from store.values.imports import ImportSchedule
from store.values.scope import Json, Scope
from store.values.work import Job

if TYPE_CHECKING:
    from api.desk import Desk
    from graph.ports import Ids
    from ingest.runner import Imports
    from retrieval.index import Index

NIGHT = 2
"""The hour (UTC) at which sites are imported again."""
POLL_SECONDS = 1.0
DUE_EVERY = timedelta(minutes=1)
"""How often schedules are looked at: every look costs customers a few milliseconds."""
MORE_ARENAS, ARENAS = -8, 2
log = logging.getLogger("supportgraph.imports")


def open_imports(settings: Settings, store: Store, index: "Index", ids: "Ids") -> "Imports":
    """What runs imports in this process."""
    from ingest.runner import Imports

    _few_arenas()
    return Imports(
        store=store,
        index=index,
        ids=ids,
        owner=ids.new("imp"),
        listed=settings.import_hosts,
        contact=settings.public_url,
    )


async def keep_importing(desk: "Desk") -> None:
    """Run what waits, and start what is due, until cancelled; trouble with one import does not end it."""
    imports = open_imports(desk.settings, desk.store, desk.index, desk.ids)
    looked = desk.clock.now() - DUE_EVERY
    while True:
        try:
            now = desk.clock.now()
            if abs(now - looked) >= DUE_EVERY:
                await start_due(desk.store, now)
                looked = now
            if await desk.store.read(Scope.operator(), lambda uow: uow.imports.waiting()):
                await imports.run_next()
        except Unavailable as error:
            log.warning("imports wait: %s", error.message)
        except SupportError as error:
            log.warning("an import broke; it is tried again when its lease has run out: %s", error.message)
        await asyncio.sleep(POLL_SECONDS)


async def start_due(store: Store, now: datetime) -> list[Job]:
    """Queue the imports whose night has come; of several processes one does."""
    due = await store.read(Scope.operator(), lambda uow: uow.imports.schedules(due=now))
    started = []
    for schedule in due:
        job = await store.write(
            Scope.of(schedule.company_id), partial(_start, schedule=schedule, then=next_night(now))
        )
        started += [job] if job is not None else []
    return started


def _start(uow: UnitOfWork, schedule: ImportSchedule, then: datetime) -> Job | None:
    """Move a schedule on and queue its import; None when another process was faster, or it runs already."""
    if not uow.imports.postpone(schedule, then):
        return None
    try:
        return uow.imports.start(schedule.company_id, schedule.arguments)
    except Conflict:
        return None


def next_night(now: datetime) -> datetime:
    """The next moment at which nightly imports run."""
    night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return night if night > now else night + timedelta(days=1)


def schedule_nightly(uow: UnitOfWork, company_id: str, arguments: Json, now: datetime) -> ImportSchedule:
    """Import this site every night from now on."""
    kept = {**arguments, "dry_run": False}
    return uow.imports.schedule(company_id, str(arguments["url"]), kept, next_night(now))


def _few_arenas() -> None:
    """Many threads with a heap of their own each hold 300 MB more during an import than two heaps do."""
    library = ctypes.util.find_library("c")
    mallopt = getattr(ctypes.CDLL(library), "mallopt", None) if library else None
    if mallopt is not None:  # only glibc has it
        mallopt(MORE_ARENAS, ARENAS)
