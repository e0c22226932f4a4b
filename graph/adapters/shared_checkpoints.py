"""Checkpoints on PostgreSQL, so that any process can go on with a turn that another one left.

The library's saver holds one lock over all its work, also over a pool, where it only makes turns wait for
each other. The pool's connections do not wait for the disk at each step: a killed worker loses nothing by
that, and what the tables of the desk acknowledge is written by another pool, which does wait.
"""

import asyncio
import contextlib
from typing import Any, cast

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from graph.adapters.checkpoints import serializer

LOCK = 7_304_122
"""Held while the library makes its tables: two processes that start together would fail."""
Pool = AsyncConnectionPool[AsyncConnection[DictRow]]


class PooledPostgresSaver(AsyncPostgresSaver):
    """`AsyncPostgresSaver` on a pool of its own, without the lock that a pool does not need."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool, serde=serializer())
        self._pool = pool
        self.lock = cast(asyncio.Lock, contextlib.nullcontext())

    async def keep_turn_ends(self, thread_id: str) -> int:
        """Remove what lies within turns, so that each turn keeps its last checkpoint; returns how many."""
        async with self._pool.connection() as connection, connection.transaction():
            removed = (await connection.execute(_WITHIN_TURNS, {"thread": thread_id})).rowcount
            for statement in (_LEFT_WRITES, _LEFT_PARENTS, _LEFT_BLOBS):
                await connection.execute(statement, {"thread": thread_id})
        return removed

    async def bytes_kept(self) -> int:
        """The size of the checkpoints' tables and indices."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_SIZE)).fetchone()
        return int(row["bytes"]) if row else 0

    async def scrub(self) -> None:
        """Write the tables anew without what was deleted."""
        async with self._pool.connection() as connection:
            for table in _TABLES:
                await connection.execute(f"VACUUM FULL {table}".encode())

    async def aclose(self) -> None:
        """Close the connections."""
        await self._pool.close()


async def open_pooled_saver(conninfo: str, *, concurrency: int) -> PooledPostgresSaver:
    """A saver for so many turns at once; makes its tables when they are missing."""
    pool: Pool = AsyncConnectionPool(
        conninfo,
        min_size=1,
        max_size=concurrency + 2,
        timeout=5.0,
        open=False,
        kwargs=_CONNECTION,
        check=AsyncConnectionPool.check_connection,
    )
    await pool.open()
    saver = PooledPostgresSaver(pool)
    async with pool.connection() as connection:
        await _lock(connection)
        try:
            await saver.setup()
        finally:
            await connection.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    return saver


async def _lock(connection: AsyncConnection[DictRow]) -> None:
    """Wait until this process may make the tables. To wait inside the server would be a deadlock: an index
    that is built concurrently waits for everybody who waits."""
    while True:
        row = await (await connection.execute("SELECT pg_try_advisory_lock(%s) AS mine", (LOCK,))).fetchone()
        if row and row["mine"]:
            return
        await asyncio.sleep(0.1)


_CONNECTION: dict[str, Any] = {
    "autocommit": True,
    "prepare_threshold": 0,
    "row_factory": dict_row,
    "options": "-c synchronous_commit=off",
    "application_name": "supportgraph checkpoints",
}
_TABLES = ("checkpoints", "checkpoint_writes", "checkpoint_blobs")
_SIZE = """
SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0) AS bytes
FROM unnest(ARRAY['checkpoints', 'checkpoint_writes', 'checkpoint_blobs']) AS name
"""
_WITHIN_TURNS = """
DELETE FROM checkpoints WHERE thread_id = %(thread)s AND checkpoint_id NOT IN (
  SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = %(thread)s
  GROUP BY checkpoint_ns, metadata->>'turn')
"""
_LEFT_WRITES = """
DELETE FROM checkpoint_writes WHERE thread_id = %(thread)s AND checkpoint_id NOT IN (
  SELECT checkpoint_id FROM checkpoints WHERE thread_id = %(thread)s)
"""
_LEFT_PARENTS = """
UPDATE checkpoints SET parent_checkpoint_id = NULL
WHERE thread_id = %(thread)s AND parent_checkpoint_id NOT IN (
  SELECT checkpoint_id FROM checkpoints WHERE thread_id = %(thread)s)
"""
_LEFT_BLOBS = """
DELETE FROM checkpoint_blobs b WHERE b.thread_id = %(thread)s AND NOT EXISTS (
  SELECT 1 FROM checkpoints c, jsonb_each_text(c.checkpoint->'channel_versions') v
  WHERE c.thread_id = b.thread_id AND c.checkpoint_ns = b.checkpoint_ns
    AND v.key = b.channel AND v.value = b.version)
"""
