"""Streams over a real socket: frames, resuming, snapshots, ends."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.desk import Desk
from api.streams import last_event_id
from tests.api.conftest import KEY
from tests.api.test_widget import BASE, Customer


@dataclass(frozen=True)
class Frame:
    """One event as a browser reads it."""

    id: int | None
    name: str
    data: dict[str, Any]


@pytest.fixture
async def wire(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A client on a loopback socket: the in-process transport would hold a stream back until its end."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(desk=desk, pages=False), log_level="error", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=url, timeout=5, trust_env=False) as client:
        yield client
    desk.hub.close()
    server.should_exit = True
    await serving


async def frames(response: httpx.Response) -> AsyncIterator[Frame]:
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
        elif "data" in fields:
            number = int(fields["id"]) if "id" in fields else None
            yield Frame(number, fields["event"], json.loads(fields["data"]))
            fields = {}


async def read_until(customer: Customer, name: str, seen: str | None = None) -> list[Frame]:
    """The frames of the ticket's stream up to the first one of this name."""
    headers = customer.headers | ({} if seen is None else {"Last-Event-ID": seen})
    path = f"{BASE}/tickets/{customer.ticket}/events"
    found = []
    async with customer.client.stream("GET", path, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        async for frame in frames(response):
            found.append(frame)
            if frame.name == name:
                break
    return found


async def watched_by(desk: Desk, count: int) -> None:
    """Wait until so many streams are open."""
    async with asyncio.timeout(5):
        while True:
            if desk.hub.watching == count:
                return
            await asyncio.sleep(0.01)


async def test_that_a_stream_shows_the_turn_in_order_and_resumes_anywhere(
    wire: httpx.AsyncClient, desk: Desk
) -> None:
    customer = Customer(wire, desk)
    await customer.arrive()
    await customer.say("How long does it take?")

    whole = await read_until(customer, "done")

    assert [frame.id for frame in whole] == list(range(1, len(whole) + 1))
    assert {"ack", "message", "delta", "status", "done"} <= {frame.name for frame in whole}
    for place in range(len(whole)):
        assert await read_until(customer, "done", str(place)) == whole[place:]


async def test_that_a_watcher_sees_a_turn_while_it_runs(wire: httpx.AsyncClient, desk: Desk) -> None:
    customer = Customer(wire, desk)
    await customer.arrive()
    await customer.say("Hello")
    seen = (await customer.snapshot())["lastEventId"]
    watching = asyncio.create_task(read_until(customer, "done", str(seen)))
    await watched_by(desk, 1)

    await customer.say("How long does it take?")
    live = await asyncio.wait_for(watching, 5)

    stages = [frame.data["node"] for frame in live if frame.name == "stage"]
    assert stages[:2] == ["safety", "triage"]
    assert [frame.id for frame in live if frame.id is not None] == list(
        range(int(str(seen)) + 1, int(str(seen)) + 1 + len([frame for frame in live if frame.id is not None]))
    )


@pytest.mark.parametrize("seen", ["99999", "garbage", "-1", "1.5"])
async def test_that_a_number_that_was_never_given_out_gets_a_snapshot(
    wire: httpx.AsyncClient, desk: Desk, seen: str
) -> None:
    customer = Customer(wire, desk)
    await customer.arrive()
    await customer.say("Hello")
    headers = customer.headers | {"Last-Event-ID": seen}
    path = f"{BASE}/tickets/{customer.ticket}/events"

    async with wire.stream("GET", path, headers=headers) as response:
        first = await anext(frames(response))

    assert first.name == "reset"
    assert first.data["snapshot"]["lastEventId"] == first.id
    assert len(first.data["snapshot"]["messages"]) == 2


async def test_that_a_run_can_be_streamed_and_ends_with_its_turn(wire: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Accept": "text/event-stream"}
    body = {"message": "How long does it take?", "company": "photo", "clientMessageId": "m-1"}

    async def ask() -> list[Frame]:
        async with wire.stream("POST", "/api/run", json=body, headers=headers) as response:
            assert response.status_code == 200
            return [frame async for frame in frames(response)]

    first, again = await ask(), await ask()

    assert (first[0].name, first[-1].name) == ("ack", "done")
    assert [frame for frame in again if frame.id] == [frame for frame in first if frame.id]


async def test_that_leaving_a_stream_leaves_nothing_behind(wire: httpx.AsyncClient, desk: Desk) -> None:
    customer = Customer(wire, desk)
    await customer.arrive()
    await customer.say("Hello")

    await read_until(customer, "done")

    await watched_by(desk, 0)


@pytest.mark.parametrize(
    ("header", "query", "expected"),
    [(None, None, 0), ("", None, 0), ("7", None, 7), (None, "8", 8), ("x", "8", None), ("1e3", None, None)],
)
def test_that_the_last_number_comes_from_the_header_first(
    header: str | None, query: str | None, expected: int | None
) -> None:
    assert last_event_id(header, query) == expected
