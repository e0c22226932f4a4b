"""Keeps the day figures in step with the tables: a page counts what changed last, the rest follows."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from fastapi import FastAPI

from api.desk import Desk
from graph.errors import Unavailable
from store.unit import UnitOfWork
from store.values.figures import FigureDay
from store.values.scope import Json, Scope

AT_ONCE = 3
"""So many changed days are counted before a page is shown; one with 3,000 turns takes some 30 ms."""
OVERLAP = timedelta(seconds=5)
"""Changes that were on their way while figures were counted are looked at again."""
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
log = logging.getLogger("supportgraph.figures")


@dataclass
class Counting:
    """The days of one desk that are still to be counted; one counter at a time."""

    desk: Desk
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _behind: asyncio.Task[None] | None = None

    async def catch_up(self) -> int:
        """Count what changed last; how many older days are being counted behind the page."""
        async with self._lock:
            changed, started = await self._changed()
            older = changed[AT_ONCE:]
            await self._count(changed[:AT_ONCE], _until(older, started))
        if older and (self._behind is None or self._behind.done()):
            self._behind = asyncio.create_task(self._rest(older, started))
        return len(older)

    async def all(self) -> int:
        """Count every changed day now; how many those were."""
        async with self._lock:
            changed, started = await self._changed()
            await self._count(changed, started)
            return len(changed)

    async def _rest(self, days: Sequence[tuple[str, str]], started: datetime) -> None:
        try:
            for at in range(0, len(days), AT_ONCE):
                left = days[at + AT_ONCE :]
                await self._count(days[at : at + AT_ONCE], _until(left, started))
                await asyncio.sleep(0)
        except Unavailable as error:
            log.warning("figures are counted later: %s", error.message)

    async def _changed(self) -> tuple[Sequence[tuple[str, str]], datetime]:
        store, operator = self.desk.store, Scope.operator()
        last = await store.read(operator, lambda uow: uow.figures.counted_until()) or BEGINNING
        started = self.desk.clock.now()
        return await store.read(operator, lambda uow: uow.figures.changed(last - OVERLAP)), started

    async def _count(self, days: Sequence[tuple[str, str]], at: datetime) -> None:
        for company_id, day in days:
            scope = Scope.of(company_id)
            data = await self.desk.store.read(scope, partial(_counted, company_id, day))
            kept = FigureDay(company_id=company_id, day=day, data=data, counted_at=at)
            await self.desk.store.write(scope, partial(_keep, kept))


def counting_of(app: FastAPI) -> Counting:
    """The app's one counter, made when it is first asked for."""
    found: Counting | None = getattr(app.state, "counting", None)
    if found is None:
        found = app.state.counting = Counting(app.state.desk)
    return found


def _until(left: Sequence[tuple[str, str]], started: datetime) -> datetime:
    """Until when figures are whole: what was counted last moves on only when no day is left behind."""
    return BEGINNING if left else started


def _counted(company_id: str, day: str, uow: UnitOfWork) -> Json:
    return uow.figures.count(company_id, day)


def _keep(day: FigureDay, uow: UnitOfWork) -> None:
    uow.figures.keep(day.company_id, day.day, day.data, day.counted_at)
