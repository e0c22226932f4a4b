"""Copies a desk: a backup while it runs, and a move to another engine, both compared row by row."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select, text, update

from graph.errors import Invalid, Unavailable
from store.engines import is_sqlite, open_engines
from store.migrate import newest, upgrade
from store.models.registry import metadata

BATCH = 500


@dataclass(frozen=True)
class Copied:
    """A table after copying it; the digests of source and target are equal."""

    table: str
    rows: int
    digest: str


def back_up(source: Path, target: Path) -> None:
    """A consistent copy of an SQLite file that is in use; nobody has to wait for it.

    `Unavailable` when the copy is not whole.
    """
    if not source.exists():
        raise Invalid(f"there is no database at {source.name}", field="path")
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there, pages=2000)
    check_file(target)


def check_file(path: Path) -> None:
    """Refuse an SQLite file that is damaged."""
    try:
        with closing(sqlite3.connect(path)) as copy:
            said = copy.execute("PRAGMA integrity_check").fetchone()[0]
            dangling = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise Unavailable(f"{path.name} is damaged: {error}; restore it from a backup") from error
    if said != "ok" or dangling is not None:
        raise Unavailable(f"{path.name} is damaged: {said}; restore it from a backup")


def move(source: str, target: str) -> list[Copied]:
    """Copy all tables into an empty database of another engine; counts and digests have to be equal.

    Nothing is written at the target unless all of it is: one transaction. The source is only read.
    """
    if is_sqlite(target) == is_sqlite(source):
        raise Invalid("a desk is moved from one engine to another", field="to")
    upgrade(source)
    upgrade(target)
    _, reader = open_engines(source)
    writer, _ = open_engines(target)
    try:
        with reader.begin() as old, writer.begin() as new:
            return [_copied(old, new, table) for table in _in_order(old, new)]
    finally:
        reader.dispose()
        writer.dispose()


def _in_order(old: Connection, new: Connection) -> Iterator[Table]:
    """The tables, those that others refer to first."""
    for db in (old, new):
        if db.execute(text("SELECT version_num FROM alembic_version")).scalar_one() != newest():
            raise Unavailable("both databases have to be at this version")
    for table in metadata.sorted_tables:
        if new.execute(select(table).limit(1)).first() is not None:
            raise Invalid(f"the target is not empty: {table.name} has rows", field="to")
        yield table


def _copied(old: Connection, new: Connection, table: Table) -> Copied:
    columns = [column for column in table.columns if column.computed is None]
    later = [column.name for column in columns if _is_of(table, column)]
    rows = old.execute(select(*columns)).mappings()
    while batch := [dict(row) for row in rows.fetchmany(BATCH)]:
        new.execute(insert(table), [row | dict.fromkeys(later) for row in batch])
    for name in later:
        linked = old.execute(select(table.c.id, table.c[name]).where(table.c[name].is_not(None)))
        for row in linked:
            new.execute(update(table).where(table.c.id == row.id).values({name: row[1]}))
    (count, mark), (found, copy) = _digest(old, columns), _digest(new, columns)
    if (count, mark) != (found, copy):
        raise Unavailable(f"{table.name} is not the same after copying: {count} rows and {found}")
    return Copied(table.name, count, mark)


def _is_of(table: Table, column: Any) -> bool:
    """Whether the column refers to a row of its own table, which may come later."""
    return any(key.column.table is table for key in column.foreign_keys)


def _digest(db: Connection, columns: list[Any]) -> tuple[int, str]:
    """Number of rows and a digest that does not depend on their order."""
    count, total = 0, 0
    for row in db.execute(select(*columns)):
        line = repr([_plain(value) for value in row]).encode()
        total ^= int.from_bytes(hashlib.sha256(line).digest(), "big")
        count += 1
    return count, f"{total:064x}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((key, _plain(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return bytes(value) if isinstance(value, memoryview) else value
