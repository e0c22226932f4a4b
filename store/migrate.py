"""Brings a database to the newest schema; works from an installed package, without a project file."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from graph.errors import Unavailable
from store.engines import normalised

LOCK = 7_304_121
"""Held on PostgreSQL while the schema changes: processes that start together migrate one after the other."""


def upgrade(url: str, revision: str = "head") -> None:
    """Run what is missing, in one transaction; `Unavailable` when the database is newer than this code."""
    try:
        command.upgrade(configuration(url), revision)
    except CommandError as error:
        raise Unavailable(f"the database cannot be brought to this version: {error}") from error


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
