"""Units of work: whole or not at all, one writer at a time, readers on snapshots, followers told after."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from graph.adapters.ids import UlidIds
from graph.errors import Conflict, Unavailable
from store.crypto import Cipher
from store.database import Store
from store.unit import UnitOfWork
from store.values.companies import CompanyFields
from store.values.scope import Scope
from store.values.tickets import Event, InboxFilters
from tests.store.conftest import open_store
from tests.store.desk import SmallDesk

OPERATOR = Scope.operator()

DIALECTS = ("sqlite", "postgresql")


async def test_that_an_error_undoes_the_whole_unit(desk: SmallDesk) -> None:
    def half(uow: UnitOfWork) -> None:
        uow.companies.create(CompanyFields(slug="third", name="Third"))
        raise Conflict("no")

    with pytest.raises(Conflict):
        await desk.store.write(OPERATOR, half)

    assert await desk.store.read(OPERATOR, lambda uow: uow.companies.find("third")) is None


async def test_that_a_reading_unit_cannot_write(desk: SmallDesk) -> None:
    with pytest.raises(Unavailable):
        await desk.store.read(OPERATOR, lambda uow: uow.companies.create(CompanyFields(slug="x", name="X")))


async def test_that_two_stores_on_one_database_number_tickets_and_events_without_gaps(
    desk: SmallDesk, database_url: str
) -> None:
    other = open_store(database_url, desk.clock)
    shared = await desk.ticket()

    async def busy(store: Store, name: str) -> None:
        for number in range(15):
            await store.write(
                desk.scope,
                lambda uow: uow.tickets.open(desk.company.id, None, desk.agent.id, None, "widget"),
            )
            text = f"{name} {number}"
            await replace(desk, store=store).accept(shared.id, text)

    await asyncio.gather(busy(desk.store, "one"), busy(other, "two"))
    await other.close()

    assert await desk.names(shared.id) == ["ack", "message"] * 30
    numbers = [
        row.ticket.number
        for row in (await desk.read(lambda uow: uow.tickets.inbox(InboxFilters(), size=100))).rows
    ]
    assert sorted(numbers) == list(range(1001, 1001 + 31))


async def test_that_followers_are_told_after_the_commit(desk: SmallDesk) -> None:
    told: list[Mapping[str, Sequence[Event]]] = []
    desk.store.watch(told.append)
    ticket = await desk.ticket()
    await desk.accept(ticket.id, client_message_id="one")
    await desk.accept(ticket.id, client_message_id="one")

    stored = await desk.read(lambda uow: uow.tickets.events(ticket.id))
    assert told == [{ticket.id: stored}], "as they can be read, and a repeated message is no news"


async def test_that_a_missing_schema_is_told_plainly(tmp_path: Path, desk: SmallDesk) -> None:
    empty = Store.open(
        f"sqlite:///{tmp_path / 'none.db'}", clock=desk.clock, ids=UlidIds(desk.clock), secret_key="x"
    )

    with pytest.raises(Unavailable):
        await empty.read(OPERATOR, lambda uow: uow.companies.all())
    await empty.close()


async def test_that_a_moment_without_zone_is_refused(desk: SmallDesk) -> None:
    naive = datetime(2026, 11, 21, 9, 0, tzinfo=UTC).replace(tzinfo=None)

    with pytest.raises(StatementError, match="without a time zone"):
        await desk.write(lambda uow: uow.sessions.use_token_id(desk.company.id, "jti", naive))


async def test_that_the_database_answers_a_ping(desk: SmallDesk) -> None:
    await desk.store.ping()


def test_that_a_value_opens_with_its_own_key_only() -> None:
    sealed = Cipher("one").seal("TL-10471")

    assert Cipher("one").open(sealed) == "TL-10471"
    with pytest.raises(Unavailable):
        Cipher("two").open(sealed)
    assert Cipher("one").fingerprint("a", "b") != Cipher("two").fingerprint("a", "b")
    assert Cipher("one").fingerprint("a", "b") != Cipher("one").fingerprint("ab", "")


async def test_that_a_glance_sees_what_was_committed_and_cannot_write(desk: SmallDesk) -> None:
    ticket = await desk.ticket()

    assert await desk.store.glance(desk.scope, lambda uow: uow.tickets.get(ticket.id)) == ticket
    with pytest.raises(Unavailable):
        await desk.store.glance(desk.scope, lambda uow: uow.tickets.close(ticket.id, "nobody"))


async def test_that_a_changed_company_is_read_anew_and_an_undone_change_is_not_remembered(
    desk: SmallDesk,
) -> None:
    company = await desk.read(lambda uow: uow.companies.get(desk.company.id))

    def renamed(name: str) -> CompanyFields:
        return CompanyFields(slug=company.slug, name=name)

    def half(uow: UnitOfWork) -> None:
        uow.companies.change(company.id, renamed("Undone"))
        assert uow.companies.get(company.id).name == "Undone"
        raise Conflict("no")

    with pytest.raises(Conflict):
        await desk.store.write(OPERATOR, half)
    assert (await desk.read(lambda uow: uow.companies.get(company.id))) == company
    await desk.store.write(OPERATOR, lambda uow: uow.companies.change(company.id, renamed("Another")))
    assert (await desk.read(lambda uow: uow.companies.by_slug(company.slug))).name == "Another"
