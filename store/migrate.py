"""Brings a database to the newest schema; works from an installed package, without a project file."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from graph.errors import Unavailable
from store.engines import normalised
from store.place import DAMAGED, Place

LOCK = 7_304_121
"""Held on PostgreSQL while the schema changes: processes that start together migrate one after the other."""


def upgrade(url: str, revision: str = "head") -> None:
    """Run what is missing, in one transaction; `Unavailable` when the database is newer than this code."""
    Place.of(url).check_whole()
    try:
        command.upgrade(configuration(url), revision)
    except CommandError as error:
        raise Unavailable(f"the database cannot be brought to this version: {error}") from error
    except OperationalError as error:
        raise Unavailable(f"the database does not answer: {error.orig}") from error


def check(url: str) -> None:
    """`Unavailable` unless the database is whole and at this version; says what to do."""
    Place.of(url).check_whole()
    engine = create_engine(normalised(url), poolclass=NullPool)
    try:
        with engine.connect() as db:
            found = MigrationContext.configure(db).get_current_revision()
    except OperationalError as error:
        raise Unavailable("the database does not answer") from error
    except DatabaseError as error:
        raise Unavailable(f"the database {DAMAGED}") from error
    if found != newest():
        known = {
            script.revision for script in ScriptDirectory.from_config(configuration(url)).walk_revisions()
        }
        hint = "run supportgraph migrate" if found is None or found in known else "it is of a newer release"
        raise Unavailable(f"the database is at version {found or 'none'} and not at {newest()}: {hint}")


def newest() -> str:
    """The revision that this code needs."""
    head = ScriptDirectory.from_config(configuration("sqlite://")).get_current_head()
    assert head is not None
    return head


def configuration(url: str) -> Config:
    """Alembic's configuration for one database."""
    config = Config()
    config.set_main_option("script_location", str(files("store") / "migrations"))
    rendered = normalised(url).render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", rendered.replace("%", "%%"))
    return config
