"""Answers of one version of the knowledge to what was asked a moment ago."""

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")

MOST = 1024
"""Answers that are kept at most."""


class Recent(Generic[V]):
    """The answers asked for last: customers ask the same over and over, and each costs milliseconds."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: dict[Hashable, V] = {}
        self._lock = Lock()

    def get(self, key: Hashable) -> V | None:
        """The remembered answer, which is then the last one to be forgotten."""
        with self._lock:
            found = self._held.pop(key, None)
            if found is not None:
                self._held[key] = found
            return found

    def keep(self, key: Hashable, found: V) -> V:
        """Remember, and forget the one not asked for longest when there are too many."""
        with self._lock:
            self._held[key] = found
            if len(self._held) > self._most:
                del self._held[next(iter(self._held))]
        return found
