"""How Alembic reaches the database: one transaction for all missing revisions."""

from alembic import context
from sqlalchemy import Connection, create_engine, event, pool, text

from store.migrate import LOCK
from store.models.registry import metadata

WAIT_SECONDS = 120
"""How long a process waits on SQLite while another one migrates."""


def run() -> None:
    """Run the revisions on the database of the configuration."""
    url = context.config.get_main_option("sqlalchemy.url") or ""
    waits = {"timeout": WAIT_SECONDS} if url.startswith("sqlite") else {}
    engine = create_engine(url, poolclass=pool.NullPool, connect_args=waits)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _own_transactions)
        event.listen(engine, "begin", _begin)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.configure(
            connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
        )
        with context.begin_transaction():
            context.run_migrations()


def _own_transactions(connection: object, _record: object) -> None:
    """The driver must not commit before a change of the schema, or half a migration could stay."""
    connection.isolation_level = None  # type: ignore[attr-defined]


def _begin(connection: Connection) -> None:
    """Two processes that start together migrate one after the other."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


run()
