"""How the queue of turns stands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Depth:
    """The queue of turns: how many wait and run, how long the oldest has waited, how long its lease lasts."""

    queued: int
    running: int
    oldest_seconds: float
    lease_left_seconds: float | None
    """Of the running turn whose lease ends first; negative when its worker has gone silent."""


@dataclass(frozen=True, slots=True)
class Strain:
    """What makes a database slow in the long run."""

    log_bytes: int
    """SQLite's log: it grows while somebody reads without end."""
    oldest_read_seconds: float
    """How long PostgreSQL's oldest transaction has been open: dead rows stay as long."""
