"""The revisions make exactly the tables that the models describe."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, create_mock_engine, inspect, pool, text

from graph.errors import Unavailable
from store.migrate import configuration, newest, upgrade
from store.models.registry import metadata


def engine_of(database: Path) -> Engine:
    """An engine that keeps nothing open."""
    return create_engine(f"sqlite:///{database}", poolclass=pool.NullPool)


def test_that_migrations_from_empty_equal_the_models(database: Path) -> None:
    with engine_of(database).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
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


def test_that_postgres_takes_the_same_tables() -> None:
    statements: list[str] = []

    def note(statement: object, *_: object, **__: object) -> None:
        statements.append(str(statement.compile(dialect=postgres.dialect)))  # type: ignore[attr-defined]

    postgres = create_mock_engine("postgresql+psycopg://", executor=note)
    metadata.create_all(postgres, checkfirst=False)

    script = "\n".join(statements)
    assert script.count("CREATE TABLE") == len(metadata.tables)
    assert "TIMESTAMP WITH TIME ZONE" in script
    assert "WHERE is_default" in script
