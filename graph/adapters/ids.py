"""Ids that sort by the time they were made and cannot be guessed."""

import secrets
import threading
from datetime import datetime
from typing import Protocol

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
RANDOM_BITS = 80


class _Clock(Protocol):
    def now(self) -> datetime:
        """The present moment."""
        ...


class UlidIds:
    """ULIDs with a prefix: 48 bits of milliseconds and 80 random bits as 26 characters.

    Within one process each id sorts after the last, even when the clock stands still or goes back.
    """

    def __init__(self, clock: _Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = 0

    def new(self, prefix: str) -> str:
        """A new id such as `tkt_01k...`; safe to call from any thread."""
        moment = int(self._clock.now().timestamp() * 1000)
        value = (moment << RANDOM_BITS) | secrets.randbits(RANDOM_BITS)
        with self._lock:
            if value <= self._last:
                value = self._last + 1 + secrets.randbits(32)
            self._last = value
        return f"{prefix}_{_encode(value)}"


def _encode(value: int) -> str:
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))
