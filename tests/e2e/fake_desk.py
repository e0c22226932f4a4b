"""A desk with memory and no graph: it answers by script, so that a test can cut, hold and repeat the stream.

It keeps the widget's contract (routes, events, numbers) and nothing else of the product.
"""

import asyncio
import itertools
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Header, HTTPException, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from api.routes import pages_static
from ui.render import render
from ui.views.pages import ChatPage, brand_stylesheet

BRAND = {
    "brand": "#99284a",
    "brand_ink": "#ffffff",
    "brand_dark": "#b83a62",
    "brand_dark_ink": "#ffffff",
    "brand_dark_text": "#f5a3ba",
}
COMPANY = {
    "name": "Example Shop",
    "brand": BRAND,
    "greeting": {
        "en": "Ask about orders and returns.",
        "hinglish": "Order aur return ke baare mein poochiye.",
    },
    "scenarios": [
        {
            "key": "return",
            "en": "Can I return it?",
            "hinglish": "Kya return ho sakta hai?",
            "email": "rita@example.com",
            "verified": False,
        },
        {
            "key": "order",
            "en": "Where is my order?",
            "hinglish": "Mera order kahan hai?",
            "email": "asha@example.com",
            "verified": True,
        },
    ],
}
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; object-src 'none'"
)
SENTENCES = ("You can return it within 14 days.", "The pickup is free.", "Please keep the box.")
CITATIONS = [{"number": 1, "title": "Returns: the 14-day window", "url": "https://example.com/returns"}]


@dataclass
class FakeTicket:
    """A conversation and its numbered events."""

    id: str
    events: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    status: str = "new"
    owned: bool = False
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, name: str, data: dict[str, Any]) -> None:
        """Add an event and wake whoever listens."""
        self.events.append((len(self.events) + 1, name, data))
        if name == "message":
            self.messages.append(data)
        self.moved.set()
        self.moved = asyncio.Event()


@dataclass
class FakeDesk:
    """What a test may look at and turn."""

    tickets: dict[str, FakeTicket] = field(default_factory=dict)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    streams: list[int] = field(default_factory=list)
    """The number after which each stream was asked for."""
    cut_after: int | None = None
    """End every stream once it has sent this many events."""
    down: bool = False
    hosts: list[str] = field(default_factory=list)
    """Origins whose pages may hold the chat."""
    silent: bool = False
    """Take words and answer nothing."""
    steps: threading.Semaphore | None = None
    """With one, each sentence and the whole message wait for a release."""
    ids: Any = field(default_factory=lambda: itertools.count(1))

    def new_id(self, prefix: str) -> str:
        """A number that nobody has yet."""
        return f"{prefix}_{next(self.ids)}"

    @property
    def ticket(self) -> FakeTicket:
        """The newest ticket."""
        return list(self.tickets.values())[-1]

    async def _step(self) -> None:
        if self.steps is not None:
            await asyncio.to_thread(self.steps.acquire)

    async def answer(self, ticket: FakeTicket, text: str, turn_id: str) -> None:
        """Reply by script: the words of the message say which one."""
        if ticket.owned or self.silent:
            return
        message_id = self.new_id("msg")
        hinglish = "kya" in text.lower()
        sentences = ("Haan, 14 din mein return ho sakta hai.",) if hinglish else SENTENCES
        for index, sentence in enumerate(sentences):
            await self._step()
            ticket.tell(
                "delta", {"messageId": message_id, "turnId": turn_id, "index": index, "text": sentence}
            )
        await self._step()
        message = {
            "id": message_id,
            "role": "assistant",
            "text": " ".join(sentences),
            "citations": CITATIONS,
            "turnId": turn_id,
            "language": "hinglish" if hinglish else "en",
            "kind": "answer",
            "createdAt": "2026-11-21T14:02:00Z",
        }
        ticket.tell("message", message)
        if "person" in text:
            ticket.tell("handoff", {"offered": True, "accepted": False, "reason": "asked"})
        if "reboot" in text:
            offer = {"offerId": "off_1", "tool": "reboot_node", "question": "Reboot validator-1?"}
            ticket.tell("confirm", {**offer, "details": {"node": "validator-1"}})
        if "status" in text:
            ticket.tell("verify", {"needed": True})
        ticket.tell("done", {"turnId": turn_id, "kind": "answer"})


def fake_app(desk: FakeDesk) -> FastAPI:
    """The widget's pages and routes over a fake desk."""
    app = FastAPI()
    app.include_router(pages_static.router)
    tasks: set[asyncio.Task[None]] = set()

    @app.get("/widget/{company}/brand.css")
    async def brand(company: str) -> Response:
        return Response(brand_stylesheet(BRAND), media_type="text/css")

    @app.get("/widget/{company}")
    async def chat(company: str, full: int = 0) -> HTMLResponse:
        page = render(ChatPage(company, "Example Shop", tuple(desk.hosts), full=bool(full)))
        return HTMLResponse(page, headers={"Content-Security-Policy": PAGE_POLICY})

    @app.post("/api/widget/{company}/demo-identity")
    async def identity(company: str, body: dict[str, Any]) -> dict[str, Any]:
        return {"token": f"jwt-{body['email']}"}

    @app.post("/api/widget/{company}/sessions", status_code=201)
    async def sessions(company: str, body: dict[str, Any]) -> dict[str, Any]:
        if desk.down:
            raise HTTPException(503, "down")
        desk.sessions.append(body)
        email = str(body.get("token", "")).removeprefix("jwt-") or None
        token = f"ses_{len(desk.sessions)}"
        return {"sessionToken": token, "verified": email is not None, "email": email, "company": COMPANY}

    def ticket_of(ticket_id: str, authorization: str) -> FakeTicket:
        if desk.down:
            raise HTTPException(503, "down")
        if not authorization.startswith("Bearer ses_"):
            raise HTTPException(401, "no session")
        if ticket_id not in desk.tickets:
            raise HTTPException(404, "no such ticket")
        return desk.tickets[ticket_id]

    def take(ticket: FakeTicket, body: dict[str, Any]) -> dict[str, Any]:
        known = next(
            (m for m in ticket.messages if m.get("clientMessageId") == body["clientMessageId"]), None
        )
        if known is not None:
            return {"ticketId": ticket.id, "messageId": known["id"], "turnId": known["turnId"]}
        message_id = desk.new_id("msg")
        turn_id = None if ticket.owned else desk.new_id("trn")
        client = body["clientMessageId"]
        ticket.tell("ack", {"messageId": message_id, "turnId": turn_id, "clientMessageId": client})
        said = {"id": message_id, "role": "user", "text": body["message"], "turnId": turn_id}
        ticket.tell("message", {**said, "clientMessageId": client, "createdAt": "2026-11-21T14:01:00Z"})
        if turn_id is not None:
            task = asyncio.get_running_loop().create_task(desk.answer(ticket, body["message"], turn_id))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        return {"ticketId": ticket.id, "messageId": message_id, "turnId": turn_id}

    @app.post("/api/widget/{company}/tickets", status_code=202)
    async def open_ticket(company: str, body: dict[str, Any]) -> dict[str, Any]:
        if desk.down:
            raise HTTPException(503, "down")
        desk.posts.append(("tickets", body))
        ticket = FakeTicket(desk.new_id("tkt"))
        desk.tickets[ticket.id] = ticket
        return take(ticket, body)

    @app.get("/api/widget/{company}/tickets/{ticket_id}/events")
    async def events(
        ticket_id: str, authorization: str = Header(""), last_event_id: int = Header(0)
    ) -> StreamingResponse:
        ticket = ticket_of(ticket_id, authorization)
        desk.streams.append(last_event_id)

        async def lines() -> AsyncIterator[str]:
            at, sent = last_event_id, 0
            yield ": hello\n\n"
            while not desk.down:
                moved = ticket.moved
                for number, name, data in ticket.events[at:]:
                    if desk.cut_after is not None and sent >= desk.cut_after:
                        return
                    yield f"id: {number}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
                    at, sent = number, sent + 1
                try:
                    await asyncio.wait_for(moved.wait(), 0.2)
                except TimeoutError:
                    yield ": beat\n\n"

        return StreamingResponse(lines(), media_type="text/event-stream")

    @app.get("/api/widget/{company}/tickets/{ticket_id}")
    async def snapshot(ticket_id: str, authorization: str = Header("")) -> dict[str, Any]:
        ticket = ticket_of(ticket_id, authorization)
        return {
            "id": ticket.id,
            "status": ticket.status,
            "humanOwned": ticket.owned,
            "lastEventId": len(ticket.events),
            "messages": ticket.messages,
            "handoff": {"offered": False, "accepted": ticket.owned},
        }

    @app.post("/api/widget/{company}/tickets/{ticket_id}/{what}")
    async def act(
        ticket_id: str, what: str, body: dict[str, Any], authorization: str = Header("")
    ) -> dict[str, Any]:
        ticket = ticket_of(ticket_id, authorization)
        desk.posts.append((what, body))
        if what == "messages":
            return take(ticket, body)
        if what == "handoff" and body["accept"]:
            ticket.owned, ticket.status = True, "escalated"
            ticket.tell("handoff", {"offered": True, "accepted": True, "reason": "asked"})
            ticket.tell("status", {"status": "escalated", "layer": "human", "humanOwned": True})
        if what == "close":
            ticket.status = "resolved"
            ticket.tell("status", {"status": "resolved", "humanOwned": ticket.owned})
        if what == "confirm":
            ticket.tell("confirm", {"offerId": body["offerId"], "done": True})
            said = "Done: validator-1 reboots." if body["accept"] else "All right, nothing was done."
            ticket.tell(
                "message", {"id": desk.new_id("msg"), "role": "assistant", "text": said, "language": "en"}
            )
            ticket.tell("done", {"turnId": "trn_c"})
        if what == "verify" and "code" in body:
            if body["code"] != "123456":
                raise HTTPException(422, "That was not the last code we sent.")
            ticket.tell("verify", {"needed": False, "email": "a***@example.com"})
            return {"verified": True, "email": "a***@example.com"}
        return {}

    return app
