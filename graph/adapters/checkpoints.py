"""Checkpoints in an SQLite file of their own, written in the event loop's thread, step by step.

`AsyncSqliteSaver` makes several thread hops per call; calling the synchronous saver inline halves the cost of
a turn and keeps every step durable. Only our own frozen values may be read back.
"""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

import graph.state as values
from retrieval.passages import Hit, Passage
from tools.values import ToolResult


class InlineSqliteSaver(SqliteSaver):
    """`SqliteSaver` with its asynchronous methods answered inline."""

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        return self.get_tuple(config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,  # noqa: A002 - the base class names it so
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        for found in self.list(config, filter=filter, before=before, limit=limit):
            yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        return self.put(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        self.put_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        self.delete_thread(thread_id)

    async def keep_turn_ends(self, thread_id: str) -> int:
        """Remove what lies within turns, so that each turn keeps its last checkpoint; returns how many."""
        with self.cursor() as cursor:
            removed = cursor.execute(_WITHIN_TURNS, (thread_id, thread_id)).rowcount
            cursor.execute(_LEFT_WRITES, (thread_id,))
            cursor.execute(_LEFT_PARENTS, (thread_id,))
        return removed

    async def bytes_kept(self) -> int:
        """The size of the file's pages that hold something."""
        pages, free, size = (
            self.conn.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    async def scrub(self) -> None:
        """Empty the log, so that nothing of what was deleted stays beside the file."""
        self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    async def aclose(self) -> None:
        """Let go of the file."""
        self.conn.close()


_WITHIN_TURNS = """
DELETE FROM checkpoints WHERE thread_id = ? AND checkpoint_id NOT IN (
  SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = ?
  GROUP BY checkpoint_ns, json_extract(CAST(metadata AS TEXT), '$.turn'))
"""
_LEFT_WRITES = """
DELETE FROM writes WHERE thread_id = ?1 AND checkpoint_id NOT IN (
  SELECT checkpoint_id FROM checkpoints WHERE thread_id = ?1)
"""
_LEFT_PARENTS = """
UPDATE checkpoints SET parent_checkpoint_id = NULL WHERE thread_id = ?1 AND parent_checkpoint_id NOT IN (
  SELECT checkpoint_id FROM checkpoints WHERE thread_id = ?1)
"""


_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "wal_autocheckpoint=4000",
    "busy_timeout=5000",
    "secure_delete=ON",
)


def known_values() -> list[type]:
    """Every type that a checkpoint of ours may hold."""
    state = [
        kind for kind in vars(values).values() if isinstance(kind, type) and issubclass(kind, values.Value)
    ]
    return [*state, Hit, Passage, ToolResult]


def serializer() -> JsonPlusSerializer:
    """Reads back our own frozen values and nothing else."""
    return JsonPlusSerializer(allowed_msgpack_modules=known_values())


def open_saver(path: Path) -> InlineSqliteSaver:
    """Open (and create) the checkpoint file."""
    connection = sqlite3.connect(path, check_same_thread=False, timeout=5.0)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    saver = InlineSqliteSaver(connection, serde=serializer())
    saver.setup()
    return saver
