"""What goes and what stays: erasure to the last byte, pruned steps, expired tickets, figures of the size."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.desk import Desk
from api.housekeeping import Kept, keep_once, sweep
from api.strain import alarms_of
from graph.adapters.checkpoints import InlineSqliteSaver
from store.values.scope import Scope

SAID = "My quokka is on the photo, how long does it take?"
OPERATOR = Scope.operator()


async def conversation(anyone: httpx.AsyncClient, desk: Desk, email: str = "zoe@example.com") -> str:
    """A ticket with one answered message of a customer who typed an address."""
    opened = await anyone.post("/api/widget/photo/sessions", json={"email": email})
    headers = {"Authorization": f"Bearer {opened.json()['sessionToken']}"}
    body = {"message": SAID, "clientMessageId": "one", "email": email}
    taken = (await anyone.post("/api/widget/photo/tickets", json=body, headers=headers)).json()
    await desk.worker.ended(taken["turnId"], 10)
    return str(taken["ticketId"])


def bytes_with(folder: Path, *words: bytes) -> dict[str, list[bytes]]:
    """Which files of the desk hold which of the words."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found = {path.name: [word for word in words if word in path.read_bytes().lower()] for path in files}
    return {name: held for name, held in found.items() if held}


async def test_that_an_erased_customer_is_in_no_byte_of_any_file(
    server: httpx.AsyncClient, desk: Desk
) -> None:
    whose = {"company": "photo", "email": "zoe@example.com"}
    ticket_id = await conversation(server, desk)
    server.headers["Authorization"] = server.headers["Authorization"]
    kept = (await server.post("/api/customers/export", json=whose)).json()
    assert [message["text"] for message in kept["messages"] if message["role"] == "user"] == [SAID]
    assert bytes_with(desk.settings.data_dir, b"quokka", b"zoe@example.com"), "the scan can find something"

    erased = await server.post("/api/customers/erase", json=whose)

    assert erased.status_code == 200, erased.text
    counts = erased.json()["counts"]
    assert (counts["tickets"], counts["messages"], counts["customers"]) == (1, 2, 1)
    assert bytes_with(desk.settings.data_dir, b"quokka", b"zoe@example.com") == {}
    assert (await server.get(f"/api/tickets/{ticket_id}")).status_code == 404
    assert (await server.post("/api/customers/export", json=whose)).status_code == 404
    audit = await desk.store.read(OPERATOR, lambda uow: uow.audit.all())
    assert ("customer.erase", erased.json()["id"]) in [(row.action, row.target) for row in audit]


async def test_that_only_the_customer_of_that_company_goes(server: httpx.AsyncClient, desk: Desk) -> None:
    zoe, yan = await conversation(server, desk), await conversation(server, desk, "yan@example.com")

    erased = await server.post("/api/customers/erase", json={"company": "photo", "email": "ZOE@example.com"})
    other = await server.post("/api/customers/erase", json={"company": "nodes", "email": "yan@example.com"})

    assert (erased.status_code, other.status_code) == (200, 404)
    left = await desk.store.read(OPERATOR, lambda uow: uow.tickets.get(yan))
    assert left.id != zoe


async def test_that_steps_written_after_an_erasure_are_swept(
    server: httpx.AsyncClient, desk: Desk, clock_shift: Any
) -> None:
    assert isinstance(desk.saver, InlineSqliteSaver)
    ticket_id = await conversation(server, desk)
    late = desk.saver.conn.execute("SELECT * FROM checkpoints LIMIT 1").fetchone()
    await server.post("/api/customers/erase", json={"company": "photo", "email": "zoe@example.com"})
    marks = ", ".join("?" * len(late))
    desk.saver.conn.execute(f"INSERT INTO checkpoints VALUES ({marks})", late)
    desk.saver.conn.commit()

    assert await sweep(desk) == 0, "a turn may still run"
    clock_shift(seconds=4 * desk.settings.lease_seconds)
    assert await sweep(desk) == 1

    assert [found async for found in desk.saver.alist({"configurable": {"thread_id": ticket_id}})] == []
    assert await sweep(desk) == 0


async def test_that_a_closed_ticket_keeps_one_checkpoint_a_turn_after_a_while(
    server: httpx.AsyncClient, desk: Desk, clock_shift: Any
) -> None:
    ticket_id = await conversation(server, desk)
    thread: Any = {"configurable": {"thread_id": ticket_id}}
    await desk.store.write(OPERATOR, lambda uow: uow.tickets.close(ticket_id, "staff"))
    began = desk.clock.now() - timedelta(days=1)
    assert (await keep_once(desk, began))[0] == Kept()
    before = len([found async for found in desk.saver.alist(thread)])

    clock_shift(hours=73)
    done, _ = await keep_once(desk, began)

    assert done.pruned == before - 1 > 2
    assert len([found async for found in desk.saver.alist(thread)]) == 1
    trace = await desk.store.read(OPERATOR, lambda uow: uow.tickets.trace(ticket_id))
    assert len(trace[0].steps) >= 3, "the trace is in the tables"


async def test_that_old_closed_tickets_expire_where_that_is_set(
    server: httpx.AsyncClient, desk: Desk, clock_shift: Any
) -> None:
    closed, still_open = await conversation(server, desk), await conversation(server, desk, "yan@example.com")
    await desk.store.write(OPERATOR, lambda uow: uow.tickets.close(closed, "staff"))
    clock_shift(days=31)
    object.__setattr__(desk, "settings", desk.settings.model_copy(update={"ticket_days": 30}))

    done, _ = await keep_once(desk, desk.clock.now())

    assert done.expired == 1
    ids = await desk.store.read(OPERATOR, lambda uow: [uow.tickets.get(still_open).id, uow.tickets.count()])
    assert ids == [still_open, 1]


async def test_that_the_operator_sees_queue_size_and_index(server: httpx.AsyncClient, desk: Desk) -> None:
    await conversation(server, desk)
    for _ in range(500):  # the reply is out a moment before its turn lets go
        if desk.worker.pending:
            await asyncio.sleep(0.01)

    seen = (await server.get("/api/health")).json()

    assert seen["queue"] | {"leaseLeftSeconds": None} == {
        "queued": 0,
        "running": 0,
        "pendingHere": 0,
        "limit": 500,
        "oldestSeconds": 0.0,
        "leaseLeftSeconds": None,
    }
    assert seen["size"]["tickets"] == 1
    assert seen["size"]["bytesPerTicket"] > 1000
    assert seen["index"]["photo"]["drift"] == 0
    assert seen["alarms"] == []


def test_that_what_somebody_has_to_look_at_is_named() -> None:
    size = {"tickets": 2, "tableBytes": 5e6, "checkpointBytes": 1e6, "bytesPerTicket": 3e6}
    figures: Any = {
        "queue": {
            "queued": 300, "running": 4, "pendingHere": 304, "limit": 500, "oldestSeconds": 61.0,
            "leaseLeftSeconds": -45.0,
        },
        "size": {**size, "logBytes": 300_000_000, "oldestReadSeconds": 700.0},
        "streams": 3,
        "breakers": {"big": 2.0, "small": 1.0},
        "index": {"photo": {"passages": 4, "embedded": 3, "available": True, "drift": 1}},
    }  # fmt: skip

    assert alarms_of(figures) == [
        "Turns that wait: 300",
        "Oldest waiting turn: 61.0 s",
        "Oldest lease: -45 s left",
        "Log: 300.0 MB",
        "Oldest transaction: 700 s",
        "Breaker of big: open",
        "Index of photo: 3 of 4 passages",
    ]


async def test_that_messages_are_refused_before_they_are_taken_when_too_many_wait(
    server: httpx.AsyncClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(desk.worker), "is_full", lambda *_: True)

    refused = await server.post("/api/run", json={"company": "photo", "message": SAID})

    assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (503, True)
    assert await desk.store.read(OPERATOR, lambda uow: uow.tickets.count()) == 0


@pytest.fixture
def clock_shift(desk: Desk) -> Any:
    """Moves the desk's clock on."""
    return desk.clock.shift  # type: ignore[attr-defined]
