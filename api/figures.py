"""Keeps the day figures in step with the tables: a page counts what changed last, the rest follows."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from fastapi import FastAPI

from api.desk import Desk
from graph.errors import Unavailable
from store.unit import UnitOfWork
from store.values.figures import FigureDay
from store.values.scope import Json, Scope

PAGE_SECONDS = 0.04
"""A page waits so long for its figures; what is counted later stands on the next one."""
OVERLAP = timedelta(seconds=5)
"""Changes that were on their way while figures were counted are looked at again."""
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
log = logging.getLogger("supportgraph.figures")


@dataclass
class Counting:
    """Counts the days of one desk that have changed, newest first, one round at a time.

    A day is kept with the moment until which everything was counted, so only the last one of a round says
    so: a round that was cut off is counted again.
    """

    desk: Desk
    _task: asyncio.Task[None] | None = None

    async def catch_up(self, seconds: float = PAGE_SECONDS) -> bool:
        """Begin to count what changed and wait so long for it; whether some of it is still being counted."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._count_all())
        await asyncio.wait([self._task], timeout=seconds)
        return not self._task.done()

    async def _count_all(self) -> None:
        try:
            days, started = await self._changed()
            for place, (company_id, day) in enumerate(days):
                until = started if place + 1 == len(days) else BEGINNING
                await self._count(company_id, day, until)
        except Unavailable as error:
            log.warning("figures are counted later: %s", error.message)

    async def _changed(self) -> tuple[Sequence[tuple[str, str]], datetime]:
        store, operator = self.desk.store, Scope.operator()
        last = await store.read(operator, lambda uow: uow.figures.counted_until()) or BEGINNING
        started = self.desk.clock.now()
        return await store.read(operator, lambda uow: uow.figures.changed(last - OVERLAP)), started

    async def _count(self, company_id: str, day: str, until: datetime) -> None:
        scope = Scope.of(company_id)
        data = await self.desk.store.read(scope, partial(_counted, company_id, day))
        kept = FigureDay(company_id=company_id, day=day, data=data, counted_at=until)
        await self.desk.store.write(scope, partial(_keep, kept))


def counting_of(app: FastAPI) -> Counting:
    """The app's one counter, made when it is first asked for."""
    found: Counting | None = getattr(app.state, "counting", None)
    if found is None:
        found = app.state.counting = Counting(app.state.desk)
    return found


def _counted(company_id: str, day: str, uow: UnitOfWork) -> Json:
    return uow.figures.count(company_id, day)


def _keep(day: FigureDay, uow: UnitOfWork) -> None:
    uow.figures.keep(day.company_id, day.day, day.data, day.counted_at)
