"""A process dies before or after each single write of a conversation, and the next one finishes it.

The desk runs in a child that ends itself with SIGKILL at the n-th point; a point lies before and after every
commit of the tables and every step that is kept as a checkpoint. Then the desk is opened again, the customer
repeats what was not acknowledged, and every promise is checked. A run of the suite takes some points by
chance from a fixed seed; SUPPORTGRAPH_CRASH_POINTS=all takes each.
"""

import asyncio
import os
import random
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.desk import Desk
from api.talk import Said, new_message, take
from api.wiring import open_desk, open_store, refresh_index
from eval.faults.check import violations
from eval.faults.customers import Ticket
from retrieval.embed import Hashing
from retrieval.index import Index
from retrieval.vectors import MemoryVectors
from store.unit import UnitOfWork
from store.values.scope import Scope
from store.values.turns import Accepted
from tests.api.conftest import ShiftedClock, _fill, settings_of

SCRIPTS: dict[str, tuple[str, ...]] = {
    "answer": ("How long does it take?", "Photo kitni der mein milegi?"),
    "action": ("Please resend my download link for APP-1001", "Yes, please."),
    "person": ("I want to speak to a person.", "yes please"),
}
SAMPLE = 5
EMAIL = "anna@example.com"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated folder with two companies."""
    folder = tmp_path_factory.mktemp("crash")

    async def fill() -> None:
        store = await open_store(settings_of(folder))
        await store.write(Scope.operator(), _fill)
        await store.close()

    asyncio.run(fill())
    return folder


@dataclass
class Points:
    """Counts the writes of this process and ends it at one of them; 0 only counts."""

    last: int
    passed: int = 0

    def around(self, write: Callable[..., Any]) -> Callable[..., Any]:
        """The same write with a point before and after it."""

        def watched(*arguments: Any, **named: Any) -> Any:
            self.point()
            result = write(*arguments, **named)
            self.point()
            return result

        return watched

    def point(self) -> None:
        """Die here, if this is the one."""
        self.passed += 1
        if self.passed == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


async def opened(folder: Path, *, later: bool) -> Desk:
    """The desk in a folder, a minute on where the leases of a dead process have to be over."""
    clock = ShiftedClock()
    clock.by = timedelta(minutes=1 if later else 0)
    index = Index(MemoryVectors(), Hashing())
    desk = await open_desk(settings_of(folder), clock=clock, index=index, migrate=False)
    await refresh_index(desk)
    return desk


async def talk(desk: Desk, script: Sequence[str], told: Callable[[str], None]) -> None:
    """The customer says each sentence under its own id and waits for the reply."""
    ticket_id = ""
    for number, said in enumerate(script):
        message = Said(text=said, client_message_id=f"crash-{number}")

        def accept(uow: UnitOfWork, message: Said = message) -> Accepted:
            company = uow.companies.by_slug("photo")
            known = uow.tickets.by_client_message(company.id, "widget", "crash-0")
            customer = uow.customers.ensure(company.id, EMAIL)
            opened = known or uow.tickets.open(
                company.id, customer.id, uow.agents.default(company.id).id, None, "widget", verified=True
            )
            return uow.turns.accept(new_message(message, opened.id, company))

        accepted = await take(desk, Scope.operator(), accept)
        ticket_id = accepted.ticket_id
        told(f"{ticket_id} crash-{number} {accepted.message_id}\n")
        for _ in range(400):
            if not await desk.store.read(Scope.operator(), _open_turns):
                break
            await asyncio.sleep(0.02)


def in_a_child(folder: Path, script: Sequence[str], last: int) -> tuple[int, list[str], int]:
    """Talk in a process of its own; returns how it ended, what was acknowledged, and the points it passed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        with os.fdopen(reader) as heard:
            lines = heard.read().splitlines()
        _, status = os.waitpid(child, 0)
        counted = [int(line[1:]) for line in lines if line.startswith("=")]
        acknowledged = [line for line in lines if not line.startswith("=")]
        return status, acknowledged, counted[0] if counted else 0

    def told(line: str) -> None:
        os.write(writer, line.encode())

    async def run() -> None:
        desk = await opened(folder, later=False)
        points = Points(last)
        dialect = desk.store._writer.dialect
        dialect.do_commit = points.around(dialect.do_commit)  # type: ignore[method-assign]
        saver: Any = type(desk.saver)  # the graph works on a copy of the saver
        saver.put, saver.put_writes = points.around(saver.put), points.around(saver.put_writes)
        await talk(desk, script, told)
        os.write(writer, f"={points.passed}\n".encode())

    try:
        asyncio.run(run())
    finally:
        os._exit(0)


async def finished(folder: Path, script: Sequence[str]) -> tuple[int, int]:
    """The next process goes on and the customer asks again; actions begun, and those that were told."""
    desk = await opened(folder, later=True)
    try:
        await talk(desk, script, lambda _: None)
        return await desk.store.read(Scope.operator(), _actions)
    finally:
        await desk.close()


def _open_turns(uow: UnitOfWork) -> int:
    query = "SELECT count(*) FROM turns JOIN tickets ON tickets.id = ticket_id"
    query += " WHERE turns.status IN ('queued', 'running') AND NOT human_owned"
    return int(uow._work.db.execute(text(query)).scalar_one())


def _actions(uow: UnitOfWork) -> tuple[int, int]:
    db = uow._work.db
    begun = db.execute(text("SELECT count(*) FROM ledger")).scalar_one()
    told = db.execute(
        text("SELECT count(*) FROM tool_calls WHERE tool = 'resend_download_link' AND status = 'success'")
    )
    return int(begun), int(told.scalar_one())


@cache
def points_of(name: str, template: Path, scratch: Path) -> int:
    """How many points the whole conversation has."""
    folder = Path(shutil.copytree(template, scratch / f"whole-{name}"))
    status, acknowledged, points = in_a_child(folder, SCRIPTS[name], 0)
    assert (status, len(acknowledged)) == (0, len(SCRIPTS[name]))
    return points


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.timeout(1800)
def test_that_a_death_at_any_write_loses_and_doubles_nothing(
    name: str, template: Path, tmp_path: Path
) -> None:
    script, count = SCRIPTS[name], points_of(name, template, tmp_path)
    assert count > 40
    every = os.environ.get("SUPPORTGRAPH_CRASH_POINTS") == "all"
    chosen = list(range(1, count + 1)) if every else random.Random(name).sample(range(1, count + 1), SAMPLE)
    survived = 0
    for last in chosen:
        folder = Path(shutil.copytree(template, tmp_path / f"at-{last}"))
        status, acknowledged, _ = in_a_child(folder, script, last)
        survived += not os.WIFSIGNALED(status)

        begun, told = asyncio.run(finished(folder, script))

        ticket = Ticket("photo")
        for line in acknowledged:
            ticket.ticket_id, client_id, ticket.acknowledged[client_id] = *line.split()[:2], line.split()[2]
        broken = violations(settings_of(folder).database, [ticket], [])
        assert broken == [], f"at point {last} of {count}"
        assert told <= begun <= 1, f"at point {last} of {count}"
        shutil.rmtree(folder)
    assert survived <= 1 + len(chosen) // 5, "most points have to be reached"
