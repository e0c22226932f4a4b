"""Staff are told once that somebody waits; a webhook is signed, kept from inside, and tried again."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from api.alerts import tell
from api.desk import Desk
from api.hours import HoursBody, opens_at, waiting_words
from api.webhooks import Caller, signing_key
from store.unit import UnitOfWork
from store.values.scope import Scope
from tests.api.test_pages import ticket_of

OPERATOR = Scope.operator()
OFFICE = HoursBody.model_validate(
    {
        "zone": "Asia/Kolkata",
        "days": {"mon": {"opens": "10:00", "closes": "18:00"}, "tue": {"opens": "10:00", "closes": "18:00"}},
        "closed": ["2026-11-24"],
    },
    by_name=True,
)


class Receiver(HTTPServer):
    """A company's server: remembers what came, answers what it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.came: list[tuple[dict[str, str], str]] = []
        self.status = 200


class _Hook(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:  # as the base class calls it
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.came.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the base class names it
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


async def escalated(desk: Desk, server: httpx.AsyncClient, url: str) -> str:
    """A ticket whose customer waits, at a company that wants to be told by mail and webhook."""
    alerts = {"emails": ["lead@example.com"], "url": url}
    changed = await server.put("/api/companies/photo", json={"alerts": alerts})
    assert changed.status_code == 200
    ticket_id = await ticket_of(desk)
    await desk.store.write(OPERATOR, lambda uow: uow.tickets.request_handoff(ticket_id, "asked"))
    return ticket_id


async def told(desk: Desk, minutes: float = 0) -> int:
    """How many messages a look after so many minutes puts into the outbox."""
    now = desk.clock.now() + timedelta(minutes=minutes)
    return await desk.store.write(OPERATOR, lambda uow: tell(uow, now, "https://desk.example"))


async def test_that_staff_are_told_of_a_wait_once_and_again_when_time_runs_out(
    desk: Desk, server: httpx.AsyncClient
) -> None:
    await escalated(desk, server, "https://photo.example/hook")
    assert [await told(desk), await told(desk), await told(desk, 50), await told(desk, 50)] == [2, 0, 2, 0]
    kinds = await desk.store.read(OPERATOR, lambda uow: [item.subject for item in uow.outbox.all()])
    assert {"handoff", "sla_soon"} <= set(kinds)


async def test_that_a_webhook_is_signed_tried_again_and_delivered_once(
    desk: Desk, server: httpx.AsyncClient, receiver: Receiver
) -> None:
    ticket_id = await escalated(desk, server, f"http://127.0.0.1:{receiver.server_port}/hook")
    await told(desk)
    caller = Caller(desk.store, desk.clock, "secret", ("127.0.0.1",))
    receiver.status = 500
    assert await caller.call_due() == 0
    assert await caller.call_due() == 0  # it pauses first
    assert len(receiver.came) == 1
    receiver.status = 204
    desk.clock.shift(minutes=1)  # type: ignore[attr-defined]
    assert await caller.call_due() == 1
    assert await caller.call_due() == 0
    headers, body = receiver.came[-1]
    stamp, _, mark = headers["X-SupportGraph-Signature"].partition(",v1=")
    company = await desk.store.read(OPERATOR, lambda uow: uow.companies.by_slug("photo"))
    signed = f"{stamp.removeprefix('t=')}.{body}".encode()
    key = signing_key("secret", company.id).encode()
    assert hmac.compare_digest(mark, hmac.new(key, signed, hashlib.sha256).hexdigest())
    assert json.loads(body)["ticket"]["id"] == ticket_id
    assert receiver.came[0][0]["X-SupportGraph-Delivery"] == headers["X-SupportGraph-Delivery"]


async def test_that_a_webhook_reaches_no_address_inside(
    desk: Desk, server: httpx.AsyncClient, receiver: Receiver
) -> None:
    await escalated(desk, server, f"http://127.0.0.1:{receiver.server_port}/hook")
    await told(desk)
    assert await Caller(desk.store, desk.clock, "secret").call_due() == 0
    assert receiver.came == []

    def errors(uow: UnitOfWork) -> list[str]:
        return [item.error for item in uow.outbox.all() if item.kind == "webhook"]

    assert "only the ports" in (await desk.store.read(OPERATOR, errors))[0]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), datetime(2026, 11, 23, 6, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), datetime(2026, 11, 23, 4, 30, tzinfo=UTC)),
        (datetime(2026, 11, 23, 13, 0, tzinfo=UTC), datetime(2026, 11, 30, 4, 30, tzinfo=UTC)),
    ],
)
def test_that_office_hours_know_zones_and_closed_days(now: datetime, expected: datetime) -> None:
    assert opens_at(OFFICE, now) == expected


def test_that_who_waits_is_told_honestly_in_both_languages() -> None:
    closed = waiting_words(OFFICE, datetime(2026, 11, 23, 13, 0, tzinfo=UTC))
    assert "Mon 30 Nov, 10:00" in closed["en"]
    assert "Mon 30 Nov, 10:00" in closed["hinglish"]
    assert "office" in waiting_words(OFFICE, datetime(2026, 11, 23, 6, 0, tzinfo=UTC))["en"]
    assert waiting_words(HoursBody(), datetime(2026, 11, 23, 6, 0, tzinfo=UTC)) == {}
