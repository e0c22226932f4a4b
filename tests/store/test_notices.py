"""Processes on one PostgreSQL hear of each other's events, and of no event that was not committed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from graph.errors import Conflict
from store.engines import conninfo
from store.notices import EVERYBODY, MOST_TICKETS, listen, notice_of
from store.unit import UnitOfWork
from tests.store.conftest import open_store
from tests.store.desk import SmallDesk

DIALECTS = ("postgresql",)
Heard = frozenset[str] | None


@dataclass
class Ear:
    """What one process has heard."""

    heard: asyncio.Queue[Heard]

    async def next(self) -> Heard:
        """The next notice."""
        return await asyncio.wait_for(self.heard.get(), 5)


@pytest.fixture
async def ear(desk: SmallDesk, database_url: str) -> AsyncIterator[Ear]:
    """Listens for the process of `desk`; it has begun."""
    made = Ear(asyncio.Queue())
    task = asyncio.create_task(listen(conninfo(database_url), desk.store.name, made.heard.put_nowait))
    assert await made.next() is None, "at first anything may have been missed"
    yield made
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_that_another_process_is_told_once_a_message_is_committed(
    desk: SmallDesk, database_url: str, ear: Ear
) -> None:
    other = open_store(database_url, desk.clock)
    ticket = await desk.ticket()
    await desk.accept(ticket.id)

    def undone(uow: UnitOfWork) -> None:
        uow.tickets.request_handoff(ticket.id)
        raise Conflict("no")

    with pytest.raises(Conflict):
        await other.write(desk.scope, undone)
    await replace(desk, store=other).accept(ticket.id, "And how much is it?")

    assert await ear.next() == frozenset({ticket.id})
    assert ear.heard.empty(), "neither of its own events nor of what was undone"
    await other.close()


def test_that_a_notice_of_very_many_tickets_stays_small() -> None:
    ids = [f"tkt_{number:026}" for number in range(MOST_TICKETS + 1)]

    assert notice_of("sto_1", ids[:2]) == f"sto_1 {ids[0]} {ids[1]}"
    assert len(notice_of("sto_1", ids[:-1])) < 8000
    assert notice_of("sto_1", ids) == f"sto_1 {EVERYBODY}"
