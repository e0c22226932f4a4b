"""The revisions make exactly the tables that the models describe."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Engine, create_engine, inspect, pool, text

from eval.faults.servers import url_text
from graph.errors import Unavailable
from store.migrate import LOCK, configuration, newest, upgrade
from store.models.kinds import TICKET_KINDS
from store.models.registry import metadata
from store.models.words import SQLITE_TABLE
from tests import postgres

COMPARED: dict[str, Any] = {"compare_type": True}
OF_MIGRATIONS = (SQLITE_TABLE, TICKET_KINDS.name)
ON_SQLITE = {**COMPARED, "include_name": lambda name, *_: not str(name).startswith(OF_MIGRATIONS)}
"""SQLite's full-text table with its parts and the kinds of tickets are no tables of the models."""


def engine_of(database: Path) -> Engine:
    """An engine that keeps nothing open."""
    return create_engine(f"sqlite:///{database}", poolclass=pool.NullPool)


def test_that_migrations_from_empty_equal_the_models(database: Path) -> None:
    with engine_of(database).connect() as connection:
        context = MigrationContext.configure(connection, opts=ON_SQLITE)
        with pytest.warns(UserWarning, match="ix_messages_words"):  # PostgreSQL's only
            differences = compare_metadata(context, metadata)

    assert differences == []


def test_that_indices_with_conditions_are_those_of_the_models(database: Path, tmp_path: Path) -> None:
    """Alembic does not compare the conditions of indices."""
    made = tmp_path / "models.db"
    metadata.create_all(engine_of(made))

    def indices(path: Path) -> dict[str, str]:
        wanted = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        with engine_of(path).connect() as connection:
            return {row.name: row.sql for row in connection.execute(wanted)}

    assert indices(database) == indices(made)


def test_that_a_migrated_database_is_left_as_it_is(database: Path) -> None:
    upgrade(f"sqlite:///{database}")

    with engine_of(database).connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == newest()


def test_that_the_first_revision_can_be_taken_back(database: Path) -> None:
    command.downgrade(configuration(f"sqlite:///{database}"), "base")

    assert inspect(engine_of(database)).get_table_names() == ["alembic_version"]


def test_that_a_newer_database_is_refused(database: Path) -> None:
    with engine_of(database).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Unavailable):
        upgrade(f"sqlite:///{database}")


def test_that_migrations_on_postgres_equal_the_models_too(postgres_url: URL) -> None:
    with create_engine(postgres_url, poolclass=pool.NullPool).connect() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        differences = compare_metadata(context, metadata)
        conditions = text("SELECT indexdef FROM pg_indexes WHERE indexname = 'uq_turns_running'")
        running = connection.execute(conditions).scalar_one()

    assert differences == []
    assert "WHERE ((status)::text = 'running'::text)" in running


def test_that_a_process_waits_while_another_one_migrates_postgres() -> None:
    url = postgres.new_database(template="template0")
    engine = create_engine(url, poolclass=pool.NullPool)
    with ThreadPoolExecutor(1) as threads:
        with engine.connect() as other:
            other.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            waiting = threads.submit(upgrade, url_text(url))
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        waiting.result(20)

    assert len(inspect(engine).get_table_names()) == len(metadata.tables) + 1
    postgres.drop_database(url)
