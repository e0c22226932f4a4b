"""Customers who write until they are acknowledged, and keep what they were promised."""

import asyncio
import contextlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import httpx

Json = dict[str, Any]
PAUSE_SECONDS = 0.15
QUESTIONS: tuple[tuple[str, str | None, tuple[str, ...]], ...] = (
    ("aipassportphoto", None, ("How much does a photo cost?", "photo kitne ki hai?", "Thank you")),
    ("nodes-garden", None, ("Which states can a deployment have?", "billing kaise hoti hai?")),
    ("tamarind-lane", "priya@example.com", ("Where is my order TL-10482?", "Is cash on delivery available?")),
    ("nodes-garden", "operator@example.com", ("Please reboot my node.", "Yes, please.")),
    ("tamarind-lane", None, ("COD hai kya?", "Mujhe kisi insaan se baat karni hai.")),
    ("aipassportphoto", None, ("Do you sell fishing rods?", "How long does it take?")),
)
"""Company, proven address, what is said: answers, look-ups, an action that is confirmed, a hand-off."""


@dataclass
class Ticket:
    """What one customer knows: acknowledgements and events, each as it was first received."""

    company: str
    ticket_id: str = ""
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Message ids by the customer's own ids."""
    events: dict[int, tuple[str, Json]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    """What no fault excuses, such as an event that came twice with different contents."""

    def so_far(self) -> Self:
        """A copy that learns nothing more."""
        return replace(
            self,
            acknowledged=dict(self.acknowledged),
            events=dict(self.events),
            problems=list(self.problems),
        )


@dataclass
class Customer:
    """One browser: asks whichever process it gets, again and again, with the same client id."""

    urls: Callable[[], Sequence[str]]
    http: httpx.AsyncClient
    chance: random.Random
    name: str
    ticket: Ticket
    token: str = ""
    refused: int = 0

    async def open(self, email: str | None) -> None:
        """A session, proven when there is an address."""
        body: Json = {}
        if email is not None:
            minted = await self._post("demo-identity", {"email": email})
            body = {"token": minted["token"]}
        try:
            opened = await self._post("sessions", body)
        except PermissionError:  # the token was used by a request whose answer was lost
            await self.open(email)
            return
        self.token = opened["sessionToken"]

    async def say(self, number: int, text: str) -> None:
        """One message, until it is acknowledged."""
        client_id = f"{self.name}-{number}"
        where = f"tickets/{self.ticket.ticket_id}/messages" if self.ticket.ticket_id else "tickets"
        taken = await self._post(where, {"message": text, "clientMessageId": client_id})
        self.ticket.ticket_id = taken["ticketId"]
        self.ticket.acknowledged[client_id] = taken["messageId"]

    async def listen(self) -> None:
        """Follow the ticket for ever; a stream that breaks is taken up behind its last event."""
        while True:
            with contextlib.suppress(httpx.HTTPError):
                await self._stream()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _stream(self) -> None:
        last = max(self.ticket.events, default=0)
        url = f"{self._base()}/tickets/{self.ticket.ticket_id}/events"
        headers = {**self._headers(), "Last-Event-ID": str(last)}
        async with self.http.stream("GET", url, headers=headers, timeout=30.0) as response:
            if response.status_code != 200:
                return
            frame: dict[str, str] = {}
            async for line in response.aiter_lines():
                name, _, value = line.partition(": ")
                if line:
                    frame[name] = value
                    continue
                self._note(frame)
                frame = {}

    def _note(self, frame: dict[str, str]) -> None:
        if "id" not in frame:
            return
        number, event = int(frame["id"]), (frame["event"], json.loads(frame["data"]))
        known = self.ticket.events.setdefault(number, event)
        if known != event:
            self.ticket.problems.append(f"event {number} came twice and read differently")

    async def _post(self, path: str, body: Json) -> Json:
        """Ask until somebody answers; a refusal that names a fault of ours is a problem."""
        while True:
            try:
                url = f"{self._base()}/{path}"
                response = await self.http.post(url, json=body, headers=self._headers(), timeout=15.0)
            except httpx.HTTPError:
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if response.status_code < 300:
                answer: Json = response.json()
                return answer
            if response.status_code == 401:
                raise PermissionError(path)
            if response.status_code not in (503, 429):
                self.ticket.problems.append(f"{path}: {response.status_code} {response.text[:200]}")
                raise AssertionError(self.ticket.problems[-1])
            self.refused += 1
            await asyncio.sleep(PAUSE_SECONDS)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def _base(self) -> str:
        return f"{self.chance.choice(self.urls())}/api/widget/{self.ticket.company}"


async def converse(customer: Customer, email: str | None, messages: Sequence[str]) -> None:
    """A whole conversation: each message is sent when the one before it was answered, or soon after."""
    listening: asyncio.Task[None] | None = None
    try:
        await customer.open(email)
        for number, text in enumerate(messages):
            await customer.say(number, text)
            listening = listening or asyncio.create_task(customer.listen())
            await _answered(customer.ticket, number + 1, seconds=customer.chance.choice((0.3, 8.0)))
        await _answered(customer.ticket, len(messages), seconds=60.0)
    finally:
        if listening is not None:
            listening.cancel()


async def _answered(ticket: Ticket, turns: int, *, seconds: float) -> None:
    """Wait until so many messages are covered by a `done`, or a person owns the ticket."""
    end = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        names = [name for name, _ in ticket.events.values()]
        accepted = any(name == "handoff" and data.get("accepted") for name, data in ticket.events.values())
        if accepted or names.count("done") >= turns:
            return
        await asyncio.sleep(0.05)
