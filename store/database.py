"""Opens the database and runs units of work on threads of its own, so that the event loop never waits.
A few rows found by their keys are read on the loop itself (`glance`): asking a thread takes longer.

SQLite: one writer thread with BEGIN IMMEDIATE (a deferred transaction that turns into a write fails at once
when another one wrote in between, whatever the busy timeout), four readers with snapshots of their own.
The writer is `synchronous=FULL`, so that what was acknowledged survives a power cut: 0.2 ms a commit where
NORMAL took 0.02 ms (median of 400 on a virtual disk), against 1.5 ms for a whole acceptance.
PostgreSQL: the same units of work on a pool. Two of them may look for a row, miss it, and both add it; the
one that comes second runs again and finds it. Other processes are told of new events by NOTIFY, which is
part of the transaction: nobody hears of what was not committed.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from graph.errors import Conflict, Unavailable
from store import queue
from store.crypto import Cipher
from store.engines import POSTGRES_WRITERS, READERS, open_engines
from store.notices import CHANNEL, notice_of
from store.place import DAMAGED, Place
from store.ports import Clock, Ids
from store.repositories.base import Work
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.depth import Depth, Strain
from store.values.scope import Scope
from store.values.tickets import Event
from store.values.turns import Claim
from store.values.work import Lease

__all__ = ["Scope", "Store"]

Result = TypeVar("Result")
Written = Mapping[str, Sequence[Event]]
Watcher = Callable[[Written], None]

TRIES = 4
"""How often a unit runs that loses races; on SQLite there are none."""
_RACES = {"40001", "40P01"}
"""PostgreSQL ended the transaction in favour of another one: serialisation, deadlock."""


class Store:
    """The desk's tables. Every call is one transaction: whole, or as if it had not been."""

    def __init__(
        self,
        writer: Engine,
        reader: Engine,
        *,
        clock: Clock,
        ids: Ids,
        cipher: Cipher,
        shared_clock: bool = True,
        place: Place | None = None,
    ) -> None:
        """With `shared_clock`, leases go by the time of a PostgreSQL server, which all machines share."""
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._ids = ids
        self._cipher = cipher
        self._place = place or Place(None)
        self._watchers: list[Watcher] = []
        self._companies: dict[str, Company] = {}
        self._is_postgres = writer.dialect.name == "postgresql"
        self._shared_clock = shared_clock and self._is_postgres
        self.name = ids.new("sto")
        """Marks notices of this process, which hears of its own events without them."""
        writers = POSTGRES_WRITERS if self._is_postgres else 1
        self._write_threads = ThreadPoolExecutor(writers, thread_name_prefix="store-write")
        self._read_threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")

    @classmethod
    def open(cls, url: str, *, clock: Clock, ids: Ids, secret_key: str, shared_clock: bool = True) -> Self:
        """The store behind a database URL, already migrated; `secret_key` opens its kept values."""
        writer, reader = open_engines(url)
        cipher, place = Cipher(secret_key), Place.of(url)
        return cls(
            writer, reader, clock=clock, ids=ids, cipher=cipher, shared_clock=shared_clock, place=place
        )

    async def write(self, scope: Scope, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run `work` in one transaction: committed when it returns, undone when it raises.

        Watchers are told of its events after the commit.
        """
        unit = partial(self._unit, self._writer, scope, work)
        result, written = await self._run(self._write_threads, partial(self._tried, unit))
        if written:
            for tell in self._watchers:
                tell(written)
        return result

    async def undone(self, scope: Scope, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run `work` in a writing transaction and undo it: what would be, without its having been."""
        return await self._run(self._write_threads, partial(self._unmade, scope, work))

    async def read(self, scope: Scope, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run `work` on one snapshot; it cannot write."""
        result, _ = await self._run(self._read_threads, partial(self._unit, self._reader, scope, work))
        return result

    async def glance(self, scope: Scope, work: Callable[[UnitOfWork], Result]) -> Result:
        """As `read`, for a few rows found by their keys: on SQLite at once, on the event loop.

        Such a reading waits for nobody (readers have snapshots) and takes less time than asking a thread for
        it, which then shares the interpreter with the loop.
        """
        if self._is_postgres:
            return await self.read(scope, work)
        self._place.check()
        with _refusals():
            return self._unit(self._reader, scope, work)[0]

    def watch(self, tell: Watcher) -> None:
        """Call `tell` with new events by ticket, on the event loop, after each commit."""
        self._watchers.append(tell)

    async def claim(self, owner: str, lease_seconds: float, turn_id: str | None = None) -> Claim | None:
        """Take a turn to run; see `queue.claim`."""
        return await self._queue(queue.claim, owner, lease_seconds, turn_id)

    async def renew(self, turn_id: str, token: int, lease_seconds: float) -> bool:
        """Keep a turn for longer; see `queue.renew`."""
        return await self._queue(queue.renew, turn_id, token, lease_seconds)

    async def let_go(self, turn_id: str, token: int) -> None:
        """Give a turn back before it has ended; see `queue.let_go`."""
        await self._queue(queue.let_go, turn_id, token)

    async def expired(self) -> list[str]:
        """Running turns whose lease has run out; see `queue.expired`."""
        return await self._queue(queue.expired)

    async def waiting(self) -> list[str]:
        """Turns that could be claimed now; see `queue.waiting`."""
        return await self._queue(queue.waiting)

    async def depth(self) -> Depth:
        """How long the queue is; see `queue.depth`."""
        return await self._queue(queue.depth)

    async def bytes_kept(self) -> int:
        """The size of the tables and indices."""
        return await self._run(self._read_threads, partial(_size, self._reader))

    async def strain(self) -> Strain:
        """What makes the database slow in the long run."""
        oldest = await self._run(self._read_threads, partial(_oldest_read, self._reader))
        return Strain(self._place.log_bytes, oldest)

    async def open_turns(self) -> int:
        """How many turns have not ended; see `queue.open_turns`."""
        return await self._queue(queue.open_turns)

    async def hold(self, name: str, owner: str, seconds: float) -> Lease | None:
        """Take or keep a name for one process; see `queue.hold`."""
        return await self._queue(queue.hold, name, owner, seconds)

    async def release(self, name: str, owner: str) -> None:
        """Give a name back."""
        await self._queue(lambda db, _: queue.release(db, name, owner))

    async def scrub(self) -> None:
        """Empty SQLite's log, so that nothing of what was deleted stays beside the file."""
        if not self._is_postgres:
            await self._run(self._write_threads, partial(_truncate_log, self._writer))

    async def ping(self) -> None:
        """Return when the database answers; `Unavailable` otherwise."""
        await self._run(self._read_threads, partial(_ping, self._reader))

    async def close(self) -> None:
        """Wait for what runs, then let go of the database."""
        await asyncio.to_thread(self.shut)

    def shut(self) -> None:
        """As `close`, where no event loop runs."""
        for threads in (self._write_threads, self._read_threads):
            threads.shutdown()
        self._writer.dispose()
        self._reader.dispose()

    def _tried(self, work: Callable[[], Result]) -> Result:
        """One writing transaction; it runs again when another one came first and it can find that now."""
        for last in (*[False] * (TRIES - 1), True):
            try:
                return work()
            except DBAPIError as error:
                if last or not self._lost_a_race(error):
                    raise
        raise AssertionError("the last try returns or raises")

    def _lost_a_race(self, error: DBAPIError) -> bool:
        state = getattr(error.orig, "sqlstate", None)
        return self._is_postgres and (isinstance(error, IntegrityError) or state in _RACES)

    def _unit(
        self, engine: Engine, scope: Scope, work: Callable[[UnitOfWork], Result]
    ) -> tuple[Result, Written]:
        with engine.begin() as db:
            unit = UnitOfWork(self._work(db, scope))
            result = work(unit)
            if unit.written and self._is_postgres:
                notice = {"channel": CHANNEL, "payload": notice_of(self.name, unit.written)}
                db.execute(_NOTIFY, notice)
            return result, unit.written

    def _unmade(self, scope: Scope, work: Callable[[UnitOfWork], Result]) -> Result:
        with self._writer.connect() as db, db.begin() as transaction:
            try:
                return work(UnitOfWork(self._work(db, scope)))
            finally:
                transaction.rollback()

    def _work(self, db: Connection, scope: Scope) -> Work:
        reads = db.engine is self._reader
        return Work(
            db, scope, self._clock, self._ids, self._cipher, self._shared_clock, reads, self._companies
        )

    async def _queue(self, statement: Callable[..., Result], *arguments: Any) -> Result:
        return await self._run(
            self._write_threads, partial(self._tried, partial(self._queued, statement, arguments))
        )

    def _queued(self, statement: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
        with self._writer.begin() as db:
            return statement(db, queue.moment(db, self._clock, shared=self._shared_clock), *arguments)

    async def _run(self, threads: ThreadPoolExecutor, work: Callable[[], Result]) -> Result:
        self._place.check()
        with _refusals():
            return await asyncio.get_running_loop().run_in_executor(threads, work)


@contextmanager
def _refusals() -> Iterator[None]:
    """What a database says that does not do it, in the desk's words."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise Unavailable("the database does not answer now") from error
    except IntegrityError as error:
        raise Conflict("another change came first; try again") from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _REFUSED:
            raise Unavailable("the database refused this") from error
        if getattr(error.orig, "sqlite_errorname", "").startswith(_DAMAGED):
            raise Unavailable(f"the database {DAMAGED}") from error
        raise


_NOTIFY = text("SELECT pg_notify(:channel, :payload)")
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_OLDEST_READ = text(
    """SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
)
_REFUSED = {"42P01", "25006"}
"""No such table (not migrated), and a write in a reading unit."""


def _size(engine: Engine) -> int:
    with engine.begin() as db:
        if engine.dialect.name == "postgresql":
            return int(db.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
        pages = db.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages) * int(db.execute(text("PRAGMA page_size")).scalar_one())


def _oldest_read(engine: Engine) -> float:
    if engine.dialect.name != "postgresql":
        return 0.0
    with engine.begin() as db:
        return round(float(db.execute(_OLDEST_READ).scalar_one()), 1)


def _truncate_log(engine: Engine) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def _ping(engine: Engine) -> None:
    with engine.begin() as db:
        db.execute(text("SELECT 1"))
