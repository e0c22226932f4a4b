"""How Alembic reaches the database: one transaction for all missing revisions."""

from alembic import context
from sqlalchemy import Connection, create_engine, event, pool, text

from store.migrate import LOCK
from store.models.registry import metadata


def run() -> None:
    """Run the revisions on the database of the configuration."""
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
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
