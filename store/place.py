"""Where an SQLite desk lies: whether its file is still the one that was opened, and whether it is whole."""

import os
from pathlib import Path
from typing import Self

from graph.errors import Unavailable
from store.engines import is_sqlite, normalised

_MAGIC = b"SQLite format 3\0"
DAMAGED = "is damaged; stop the desk and restore it from a backup (supportgraph restore)"


class Place:
    """A database file; of a server's or a memory's database nothing can be said, and nothing is."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._opened = self._now() if path is not None and path.exists() else None

    @classmethod
    def of(cls, url: str) -> Self:
        """The place of a database URL."""
        name = normalised(url).database or ""
        return cls(Path(name) if is_sqlite(url) and name not in ("", ":memory:") else None)

    def check(self) -> None:
        """`Unavailable` when the file was removed or replaced: what is written then would be lost."""
        if self._opened is not None and self._now() != self._opened:
            raise Unavailable("the database file was removed or replaced while the desk runs")

    @property
    def log_bytes(self) -> int:
        """The size of the write-ahead log beside it."""
        log = self._path.with_name(self._path.name + "-wal") if self._path is not None else None
        return log.stat().st_size if log is not None and log.exists() else 0

    def check_whole(self) -> None:
        """`Unavailable` when the file is none of SQLite's, or shorter than it says of itself."""
        if self._path is None or not self._path.exists() or not self._path.stat().st_size:
            return
        with self._path.open("rb") as file:
            head = file.read(100)
        if not head.startswith(_MAGIC):
            raise Unavailable(f"{self._path.name} {DAMAGED}")
        size = int.from_bytes(head[16:18], "big")
        pages = int.from_bytes(head[28:32], "big")
        if self._path.stat().st_size < pages * (65536 if size == 1 else size):
            raise Unavailable(f"{self._path.name} {DAMAGED}")

    def _now(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path or "")
        except OSError:
            return None
        return found.st_dev, found.st_ino
