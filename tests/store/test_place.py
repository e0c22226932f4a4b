"""A database file that is not what it was: noticed before anything is written to it or read from it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graph.errors import Unavailable
from store.migrate import check, upgrade
from store.place import Place
from tests.store.desk import SmallDesk


def moved(old: Path, new: Path) -> Path:
    return old.rename(new)


async def test_that_nothing_is_acknowledged_once_the_file_is_gone(desk: SmallDesk, database: Path) -> None:
    ticket = await desk.ticket()
    aside = moved(database, database.with_suffix(".aside"))

    for _ in range(2):
        with pytest.raises(Unavailable, match="removed or replaced"):
            await desk.accept(ticket.id, "Anybody there?")
    with pytest.raises(Unavailable):
        await desk.store.ping()
    assert database.name not in os.listdir(database.parent), "no empty file is made in its place"

    moved(aside, database)
    await desk.accept(ticket.id, "Anybody there?")


def test_that_a_damaged_or_foreign_database_is_not_served(database: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{database}"
    check(url)

    whole = database.read_bytes()
    for damaged in (b"x" * len(whole), whole[: len(whole) // 2 // 4096 * 4096], whole[:3000]):
        database.write_bytes(damaged)
        with pytest.raises(Unavailable, match="restore it from a backup"):
            check(url)
    with pytest.raises(Unavailable, match="run supportgraph migrate"):
        check(f"sqlite:///{tmp_path / 'none.db'}")


def test_that_an_older_database_is_sent_to_migrate_and_a_newer_one_away(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    upgrade(f"sqlite:///{path}", "0001")
    with pytest.raises(Unavailable, match="run supportgraph migrate"):
        check(f"sqlite:///{path}")

    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    with pytest.raises(Unavailable, match="newer release"):
        check(f"sqlite:///{path}")


async def test_that_the_log_beside_the_file_is_weighed(desk: SmallDesk) -> None:
    await desk.ticket()

    strain = await desk.store.strain()

    assert strain.log_bytes > 0
    assert Place.of("postgresql://localhost/x").log_bytes == 0
