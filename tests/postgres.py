"""Databases for tests on the PostgreSQL server that the fault runs use too."""

import os
from functools import cache
from itertools import count

from sqlalchemy import URL

from eval.faults.servers import GIVEN, command, postgres_server, url_text
from store.migrate import upgrade
from store.models.registry import metadata

_NUMBERS = count(1)


def server() -> URL:
    """The server of all tests."""
    return postgres_server(os.environ.get(GIVEN, ""))


@cache
def migrated() -> str:
    """The name of a database with an empty desk, from which others are copied."""
    name = f"supportgraph_template_{os.getpid()}"
    upgrade(url_text(new_database(name, template="template0")))
    return name


def new_database(name: str | None = None, *, template: str | None = None) -> URL:
    """A fresh database: a copy of the migrated one unless another template is named."""
    name = name or f"supportgraph_{os.getpid()}_{next(_NUMBERS)}"
    source = template or migrated()
    command(server(), f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
    return server().set(database=name)


def empty(url: URL) -> None:
    """Take every row of the desk out; much quicker than a new database."""
    tables = "; ".join(f'DELETE FROM "{name}"' for name in metadata.tables)
    command(url, f"SET session_replication_role = replica; {tables}")


def drop_database(url: URL) -> None:
    """Remove a database and end whoever is still connected to it."""
    command(server(), f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')
