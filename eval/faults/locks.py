"""Somebody else who holds the database: nobody can write to it meanwhile."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from typing import Any

from eval.faults.stage import Stage
from store.engines import conninfo, is_sqlite, normalised


def locked(stage: Stage) -> AbstractAsyncContextManager[None]:
    """Hold the lock of writing for the length of a block."""
    return _begun(stage, _HOLD[stage.profile])


def reading(stage: Stage) -> AbstractAsyncContextManager[None]:
    """Hold a snapshot for the length of a block, as a report that runs for hours would."""
    return _begun(stage, _READ[stage.profile])


@asynccontextmanager
async def _begun(stage: Stage, statements: tuple[str, ...]) -> AsyncIterator[None]:
    connection = await asyncio.to_thread(_connect, stage.database)
    try:
        for statement in statements:
            await asyncio.to_thread(connection.execute, statement)
        yield
    finally:
        await asyncio.to_thread(connection.close)


_HOLD = {
    "embedded": ("BEGIN IMMEDIATE",),
    "postgres": ("BEGIN", "LOCK TABLE messages, turns IN ACCESS EXCLUSIVE MODE"),
}
_READ = {
    "embedded": ("BEGIN", "SELECT id FROM messages"),
    "postgres": ("BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM messages"),
}


def _connect(url: str) -> Any:
    if is_sqlite(url):
        path = normalised(url).database or ""
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    import psycopg

    return psycopg.connect(conninfo(url), autocommit=True)


def run_on(stage: Stage, *statements: str) -> list[Any]:
    """Run statements on the stage's database, each by itself; the rows of the last one."""
    with closing(_connect(stage.database)) as connection:
        for statement in statements:
            found = connection.execute(statement)
        return list(found.fetchall()) if found.description else []
