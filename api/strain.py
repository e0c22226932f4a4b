"""Which of the health figures somebody has to look at: named, so that a page or a script can tell."""

from collections.abc import Iterator
from dataclasses import dataclass

from store.values.scope import Json

LATE_SECONDS = 30.0
LARGE_LOG = 256_000_000
LONG_READ_SECONDS = 600.0


@dataclass(frozen=True)
class Measure:
    """One figure of the desk, in words; `alarm` says that somebody has to look."""

    name: str
    value: str
    detail: str = ""
    alarm: bool = False


def measures_of(figures: Json) -> tuple[Measure, ...]:
    """The figures of `api.housekeeping.figures`, in the order in which an operator asks."""
    return (*_queue(figures["queue"]), *_size(figures["size"]), *_parts(figures))


def alarms_of(figures: Json) -> list[str]:
    """What somebody has to look at, in a sentence each."""
    return [f"{one.name}: {one.value}" for one in measures_of(figures) if one.alarm]


def _queue(queue: Json) -> Iterator[Measure]:
    waits, limit = queue["pendingHere"], queue["limit"]
    yield Measure(
        "Turns that wait", f"{queue['queued']}", f"{waits} of {limit} in this process", 2 * waits > limit
    )
    oldest = queue["oldestSeconds"]
    yield Measure("Oldest waiting turn", f"{oldest:.1f} s", "since it was accepted", oldest > LATE_SECONDS)
    left = queue["leaseLeftSeconds"]
    told = "nothing runs" if left is None else f"{left:.0f} s left"
    detail = f"{queue['running']} turns run; below zero its process has gone silent"
    yield Measure("Oldest lease", told, detail, left is not None and left < -LATE_SECONDS)


def _size(size: Json) -> Iterator[Measure]:
    yield Measure("Tickets", f"{size['tickets']:,}", f"{size['bytesPerTicket'] / 1000:,.1f} kB each")
    yield Measure("Tables", f"{size['tableBytes'] / 1e6:,.1f} MB")
    yield Measure("Checkpoints", f"{size['checkpointBytes'] / 1e6:,.1f} MB", "steps of turns")
    log = size["logBytes"]
    detail = "SQLite's, beside the tables; it grows while somebody reads without end"
    yield Measure("Log", f"{log / 1e6:,.1f} MB", detail, log > LARGE_LOG)
    read = size["oldestReadSeconds"]
    yield Measure("Oldest transaction", f"{read:,.0f} s", "PostgreSQL's", read > LONG_READ_SECONDS)


def _parts(figures: Json) -> Iterator[Measure]:
    yield Measure("Open streams", f"{figures['streams']:,}")
    for model, state in figures["breakers"].items():
        words = ("closed", "half open", "open")[int(state)]
        yield Measure(f"Breaker of {model}", words, "open: the desk answers without it", state == 2.0)
    for slug, index in figures["index"].items():
        drift = index["drift"]
        told = f"{index['embedded']:,} of {index['passages']:,} passages"
        detail = "" if index["available"] else "the vectors cannot be read"
        yield Measure(f"Index of {slug}", told, detail, bool(drift) or not index["available"])
