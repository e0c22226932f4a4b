"""A desk that an earlier release left behind is brought up, and its turns in flight are answered.

Until there is a release before this one, the first schema stands for it.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    Table,
    create_engine,
    func,
    insert,
    select,
)
from sqlalchemy.pool import NullPool

from api.wiring import open_desk, refresh_index
from eval.faults.servers import url_text
from retrieval.embed import Hashing
from retrieval.index import Index
from retrieval.vectors import MemoryVectors
from store.migrate import newest, upgrade
from store.values.scope import Scope
from tests import postgres
from tests.api.conftest import PROFILE, settings_of

THEN = datetime(2026, 11, 1, 12, tzinfo=UTC)
QUESTION = "How long does it take?"
LISTS = ("origins", "domains", "id_patterns", "keywords", "tags", "citations", "safety_flags")


def as_then(table: Table, **values: Any) -> dict[str, Any]:
    """A whole row of an old table: what is not given and has to be there is empty."""
    row: dict[str, Any] = dict(values)
    for column in table.columns:
        if column.name in row or column.nullable or column.computed is not None or column.server_default:
            continue
        kind = column.type
        plain: Any = ""
        if isinstance(kind, JSON):
            plain = [] if column.name in LISTS else {}
        elif isinstance(kind, Boolean):
            plain = False
        elif isinstance(kind, Integer | Numeric):
            plain = 0
        elif isinstance(kind, DateTime):
            plain = THEN
        row[column.name] = plain
    return row


def left_behind(url: str) -> None:
    """A company, and a ticket whose turn was running when the earlier release was stopped."""
    upgrade(url, "0001")
    engine, tables = create_engine(url, poolclass=NullPool), MetaData()
    tables.reflect(engine)

    def put(db: Any, table_name: str, **values: Any) -> None:
        table = tables.tables[table_name]
        db.execute(insert(table), as_then(table, **values))

    with engine.begin() as db:
        put(db, "companies", id="cmp_1", slug="photo", name="Photo Desk", profile=PROFILE)
        put(db, "agents", id="agt_1", company_id="cmp_1", name="Desk", is_default=True, status="active",
            language_mode="auto", safety_mode="balanced", confidence_threshold=0.6)  # fmt: skip
        put(db, "tickets", id="tkt_1", number=1001, company_id="cmp_1", agent_id="agt_1", channel="widget",
            status="in_progress", layer="triage", event_seq=1, message_count=1)  # fmt: skip
        put(db, "turns", id="trn_1", company_id="cmp_1", ticket_id="tkt_1", agent_id="agt_1",
            status="running", token=3, attempts=1, lease_until=THEN, reply_id="msg_2")  # fmt: skip
        put(db, "messages", id="msg_1", ticket_id="tkt_1", company_id="cmp_1", seq=1, role="user",
            text=QUESTION, display=QUESTION, turn_id="trn_1")  # fmt: skip
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """The URL of a database of the earlier release."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'supportgraph.db'}"
        left_behind(url)
        yield url
        return
    made = postgres.new_database(template="template0")
    left_behind(url_text(made))
    yield url_text(made)
    postgres.drop_database(made)


async def test_that_an_earlier_release_s_turn_in_flight_is_answered_after_the_upgrade(
    old: str, tmp_path: Path
) -> None:
    index = Index(MemoryVectors(), Hashing())

    desk = await open_desk(settings_of(tmp_path, database_url=old), index=index)
    try:
        await refresh_index(desk)
        for _ in range(2000):
            if not await desk.store.open_turns():
                break
            await asyncio.sleep(0.02)
        messages = await desk.store.read(Scope.operator(), lambda uow: uow.tickets.messages("tkt_1"))
        turn = await desk.store.read(Scope.operator(), lambda uow: uow.turns.get("trn_1"))
    finally:
        await desk.close()

    assert [message.role for message in messages] == ["user", "assistant"]
    assert turn.status == "done"
    engine = create_engine(old, poolclass=NullPool)
    with engine.connect() as db:
        tables = MetaData()
        tables.reflect(engine, only=["alembic_version", "messages"])
        version = db.execute(select(tables.tables["alembic_version"].c.version_num)).scalar_one()
        count = db.execute(select(func.count()).select_from(tables.tables["messages"])).scalar_one()
    assert (version, count) == (newest(), 2)
