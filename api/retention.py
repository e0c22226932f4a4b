"""Forgets the texts of old exchanges once an hour; their figures stay."""

import asyncio
import logging
from datetime import timedelta

from graph.errors import Unavailable
from graph.ports import Clock
from store.database import Store
from store.unit import UnitOfWork
from store.values.scope import Scope

HOUR = 3600.0
log = logging.getLogger("supportgraph.retention")


async def forget_old_texts(store: Store, clock: Clock, days: int) -> int:
    """Remove what passed between turns and models or tools before so many days; how many that were."""
    before = clock.now() - timedelta(days=days)

    def forget(uow: UnitOfWork) -> int:
        uow.recordings.forget(before)
        uow.reruns.thin(before)
        return uow.exchanges.forget_texts(before)

    return await store.write(Scope.operator(), forget)


async def keep_forgetting(store: Store, clock: Clock, days: int) -> None:
    """Every hour until cancelled; a database that does not answer is asked again an hour later."""
    while True:
        try:
            if forgotten := await forget_old_texts(store, clock, days):
                log.info("forgot the texts of %d exchanges", forgotten)
        except Unavailable as error:
            log.warning("texts could not be forgotten: %s", error.message)
        await asyncio.sleep(HOUR)
