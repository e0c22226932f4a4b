"""Copies of a desk: whole or refused, on the same engine or another one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL

from eval.faults.servers import url_text
from graph.errors import Invalid, Unavailable
from store.models.registry import metadata
from store.upkeep import back_up, check_file, move
from tests import postgres
from tests.store.conftest import open_store
from tests.store.desk import SmallDesk


@pytest.fixture
def target() -> Iterator[URL]:
    """An empty PostgreSQL database without tables."""
    url = postgres.new_database(template="template0")
    yield url
    postgres.drop_database(url)


async def test_that_a_desk_moves_to_postgres_whole_and_goes_on_there(
    desk: SmallDesk, database: Path, target: URL
) -> None:
    first, second = await desk.ticket(), await desk.ticket()
    await desk.answered(first.id)
    await desk.accept(second.id, "And how much is it?")
    claim = await desk.claimed()
    await desk.accept(second.id, "I mean per photo")  # a row refers to a later one

    copied = move(f"sqlite:///{database}", url_text(target))

    assert [item.table for item in copied] == [table.name for table in metadata.sorted_tables]
    counts = {item.table: item.rows for item in copied}
    assert (counts["tickets"], counts["turns"], counts["messages"]) == (2, 3, 4)
    moved = open_store(url_text(target), desk.clock)
    try:
        ticket = await moved.read(desk.scope, lambda uow: uow.tickets.get(first.id))
        assert ticket == await desk.read(lambda uow: uow.tickets.get(first.id))
        turn = await moved.read(desk.scope, lambda uow: uow.turns.get(claim.turn_id))
        assert turn.superseded_by is not None
        fresh = await moved.write(
            desk.scope,
            lambda uow: uow.tickets.open(desk.company.id, None, desk.agent.id, None, "widget"),
        )
        assert fresh.number == second.number + 1
    finally:
        await moved.close()


async def test_that_nothing_is_copied_onto_rows(desk: SmallDesk, database: Path, target: URL) -> None:
    await desk.ticket()
    move(f"sqlite:///{database}", url_text(target))

    with pytest.raises(Invalid, match="not empty"):
        move(f"sqlite:///{database}", url_text(target))
    with pytest.raises(Invalid, match="one engine to another"):
        move(f"sqlite:///{database}", f"sqlite:///{database}.copy")


async def test_that_a_backup_of_a_desk_in_use_is_whole(
    desk: SmallDesk, database: Path, tmp_path: Path
) -> None:
    ticket = await desk.ticket()
    await desk.answered(ticket.id)

    back_up(database, tmp_path / "copy.db")
    await desk.accept(ticket.id, "Later")

    copy = open_store(f"sqlite:///{tmp_path / 'copy.db'}", desk.clock)
    messages = await copy.read(desk.scope, lambda uow: uow.tickets.messages(ticket.id))
    await copy.close()
    assert [message.role for message in messages] == ["user", "assistant"]


async def test_that_a_damaged_file_is_refused_with_a_hint(
    desk: SmallDesk, database: Path, tmp_path: Path
) -> None:
    for _ in range(30):
        await desk.accept((await desk.ticket()).id, "words " * 200)
    back_up(database, tmp_path / "copy.db")
    size = (tmp_path / "copy.db").stat().st_size
    with (tmp_path / "copy.db").open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xff" * 8192)

    with pytest.raises(Unavailable, match="backup"):
        check_file(tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "text.db")):
        (tmp_path / "text.db").write_text("no database at all, but long enough to be read" * 10)
    with pytest.raises(Unavailable, match="restore it"):
        check_file(tmp_path / "text.db")
