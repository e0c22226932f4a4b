"""Requests of a loud company stand outside while another one's passes them."""

import asyncio
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import Message, Receive, Scope, Send

from api.entrance import CLOSED_SECONDS, Entrance, give_back
from api.turnstile import Turnstile


class Desk:
    """Answers when it is told to, and knows in which order it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer = asyncio.Event()
        self.releases = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        self.asked.append(message["body"].decode() or scope["path"])
        if self.releases:
            give_back(HTTPConnection({**scope, "type": "http"}))
        await self.answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})


async def ask(entrance: Entrance, path: str, body: str = "", method: str = "POST") -> int:
    """One request; the status of its answer."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body.encode(), "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "headers": []}
    await entrance(scope, receive, send)
    return int(sent[0]["status"])


async def test_that_a_message_passes_by_those_of_a_loud_company() -> None:
    desk = Desk()
    entrance = Entrance(desk, Turnstile(places=2))
    loud = [asyncio.create_task(ask(entrance, "/api/widget/loud/tickets")) for _ in range(9)]
    await asyncio.sleep(0)
    quiet = asyncio.create_task(ask(entrance, "/api/widget/quiet/tickets"))
    await asyncio.sleep(0)
    assert desk.asked == ["/api/widget/loud/tickets"] * 2
    desk.answer.set()
    assert await asyncio.wait_for(asyncio.gather(quiet, *loud), 1) == [200] * 10
    assert desk.asked[2] == "/api/widget/quiet/tickets"


async def test_that_a_server_says_in_the_body_whose_customer_asks() -> None:
    desk = Desk()
    desk.releases = True
    entrance = Entrance(desk, Turnstile(places=1))
    bodies = ['{"company":"loud","message":"a"}', '{"company": "quiet", "message": "b"}', "{}"]
    asking = [asyncio.create_task(ask(entrance, "/api/run", body)) for body in bodies]
    for _ in range(5):
        await asyncio.sleep(0)
    assert desk.asked == bodies  # whoever only waits for the reply has left its place
    desk.answer.set()
    assert await asyncio.gather(*asking) == [200] * 3


async def test_that_too_many_of_one_company_are_refused_and_others_are_not() -> None:
    desk = Desk()
    entrance = Entrance(desk, Turnstile(places=1), most_waiting=2)
    loud = [asyncio.create_task(ask(entrance, "/api/widget/loud/tickets")) for _ in range(3)]
    await asyncio.sleep(0)
    assert await ask(entrance, "/api/widget/loud/tickets") == 503
    quiet = asyncio.create_task(ask(entrance, "/api/widget/quiet/tickets"))
    desk.answer.set()
    assert await asyncio.gather(quiet, *loud) == [200] * 4


async def test_that_what_brings_no_message_does_not_wait() -> None:
    desk = Desk()
    entrance = Entrance(desk, Turnstile(places=1))
    inside = asyncio.create_task(ask(entrance, "/api/widget/loud/tickets"))
    await asyncio.sleep(0)
    others = [
        asyncio.create_task(ask(entrance, "/api/widget/loud/tickets/1/events", method="GET")),
        asyncio.create_task(ask(entrance, "/api/tickets/1/reply")),
    ]
    await asyncio.sleep(0)
    assert len(desk.asked) == 3
    desk.answer.set()
    await asyncio.gather(inside, *others)


async def test_that_a_request_that_fails_gives_its_place_back() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError

    entrance = Entrance(broken, Turnstile(places=1))
    for _ in range(3):
        try:
            await asyncio.wait_for(ask(entrance, "/api/widget/loud/tickets"), 1)
        except ValueError:
            continue
        raise AssertionError


async def test_that_a_desk_without_room_is_not_asked_again_at_once_by_the_same_company() -> None:
    now, asked = 0.0, list[str]()

    async def full(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        status = 503 if "loud" in scope["path"] else 202
        await send({"type": "http.response.start", "status": status, "headers": []})

    entrance = Entrance(full, Turnstile(places=1), tick=lambda: now)
    loud, quiet = "/api/widget/loud/tickets", "/api/widget/quiet/tickets"
    assert [await ask(entrance, path) for path in (loud, loud, quiet)] == [503, 503, 202]
    assert asked == [loud, quiet]
    now = CLOSED_SECONDS
    assert await ask(entrance, loud) == 503
    assert asked == [loud, quiet, loud]
