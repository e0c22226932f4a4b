"""How SQLite and PostgreSQL have to be opened so that a unit of work is whole."""

import json
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

READERS = 4
"""Threads that read; one more connection is the event loop's."""
POSTGRES_WRITERS = 8
BUSY_TIMEOUT_MS = 5000
CONNECT_SECONDS = 5


def normalised(url: str) -> URL:
    """The URL with the driver that this product uses, however it was written."""
    made = make_url(url)
    is_postgres = made.get_backend_name() in ("postgresql", "postgres")
    return made.set(drivername="postgresql+psycopg") if is_postgres else made


def conninfo(url: str) -> str:
    """A PostgreSQL URL as its own library takes it."""
    return normalised(url).set(drivername="postgresql").render_as_string(hide_password=False)


def is_sqlite(url: str) -> bool:
    """Whether the tables are in a file of this machine."""
    return normalised(url).get_backend_name() == "sqlite"


def open_engines(url: str) -> tuple[Engine, Engine]:
    """The engine of writing and the one of reading units.

    SQLite: one writer with BEGIN IMMEDIATE and `synchronous=FULL`, readers that cannot write. What is deleted
    is written over, so that an erased customer is not left in the file.
    PostgreSQL: one pool; a reading unit is one read-only snapshot.
    """
    if is_sqlite(url):
        writer = _sqlite(url, begin="BEGIN IMMEDIATE", size=1, pragmas=_WRITER)
        return writer, _sqlite(url, begin="BEGIN", size=READERS + 1, pragmas=("query_only=ON",))
    writer = create_engine(
        normalised(url),
        pool_size=POSTGRES_WRITERS + READERS,
        max_overflow=0,
        pool_timeout=CONNECT_SECONDS,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "supportgraph",
            "options": f"-c lock_timeout={BUSY_TIMEOUT_MS}",
        },
        **_COMMON,
    )
    return writer, writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_WRITER = ("synchronous=FULL", "secure_delete=ON")
_COMMON: dict[str, Any] = {"json_serializer": _to_json, "hide_parameters": True}
"""Errors name the statement but not its values: those are customers' words, and errors are logged."""


def _sqlite(url: str, *, begin: str, size: int, pragmas: tuple[str, ...]) -> Engine:
    """An engine whose transactions begin as we say, not as the driver guesses."""
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        **_COMMON,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        common = ("journal_mode=WAL", f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON")
        for pragma in (*common, *pragmas):
            connection.execute(f"PRAGMA {pragma}").close()

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine
