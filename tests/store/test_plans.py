"""SQLite reads what has changed, and not the whole of a large desk."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from store.unit import UnitOfWork
from store.values.scope import Scope
from tests.store.desk import SmallDesk

STATISTICS = (
    ("turns", "ix_turns_log", "200000 66667 1"),
    ("turns", "ix_turns_finished", "200000 1 1 1"),
    ("tickets", "ix_tickets_made", "100000 33334 1"),
    ("tickets", "ix_tickets_changed", "100000 1 1 1"),
)
"""What SQLite gathers about a desk of three companies with 100,000 tickets."""


async def test_that_days_that_changed_are_found_by_their_time(desk: SmallDesk) -> None:
    if desk.store._writer.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by its own statistics")

    def plans(uow: UnitOfWork) -> list[str]:
        db, asked = uow._work.db, list[tuple[str, Any]]()

        def keep(_db: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
            asked.append((statement, parameters))

        db.execute(text("ANALYZE"))
        db.execute(text("DELETE FROM sqlite_stat1"))
        for table, index, numbers in STATISTICS:
            row = {"table": table, "index": index, "numbers": numbers}
            db.execute(text("INSERT INTO sqlite_stat1 VALUES (:table, :index, :numbers)"), row)
        db.execute(text("ANALYZE sqlite_schema"))
        event.listen(db, "before_cursor_execute", keep)
        assert uow.figures.changed(desk.clock.now() + timedelta(days=1)) == ()
        event.remove(db, "before_cursor_execute", keep)
        explained = [db.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given) for said, given in asked]
        return [str(row[-1]) for rows in explained for row in rows]

    read = await desk.store.write(Scope.operator(), plans)
    found = [plan for plan in read if "turns" in plan or "tickets" in plan]
    assert len(found) == 2
    assert all(plan.startswith("SEARCH") for plan in found), found
