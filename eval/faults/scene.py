"""What a row of the fault matrix works with: talks, what was promised in them, what went wrong."""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from eval.faults.customers import Customer, Ticket
from eval.faults.stage import Stage

Json = dict[str, Any]
SLUG = "aipassportphoto"
PATIENCE_SECONDS = 180.0
"""How long a row waits for what has to come; on a machine that does much else at once, too."""
QUESTION = "How much does a photo cost?"


@dataclass
class Scene:
    """One row on a stage."""

    stage: Stage
    http: httpx.AsyncClient
    number: str
    broken: list[str] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    """What customers were told; the checker holds it against the tables."""

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note what went otherwise than promised."""
        if not holds:
            self.broken.append(f"row {self.number}: {otherwise}")

    async def talk(self, slug: str = SLUG, email: str | None = None, place: int = 0) -> "Talk":
        """A customer in front of one process."""
        ticket = Ticket(slug)
        self.tickets.append(ticket)
        server = self.stage.servers[place % len(self.stage.servers)]
        name = f"row{self.number}-{len(self.tickets)}"
        customer = Customer(lambda: [server.url], self.http, random.Random(0), name, ticket)
        await customer.open(email)
        return Talk(self, customer)

    async def restart(self, sabotage: str = "", **settings: str) -> None:
        """All processes anew, with these settings besides."""
        for server in self.stage.servers:
            await asyncio.to_thread(server.kill)
            server.start(sabotage, **settings)
        await self.stage.ready()

    async def operator(self, method: str, path: str, place: int = 0, **more: Any) -> httpx.Response:
        """A request with the operator's key."""
        headers = {"Authorization": f"Bearer {self.stage.key}"}
        url = f"{self.stage.servers[place].url}{path}"
        return await self.http.request(method, url, headers=headers, **more)

    async def is_red(self, seconds: float, place: int = 0) -> bool:
        """Whether the process says that it is not ready, within so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not await asyncio.to_thread(lambda: self.stage.servers[place].is_ready):
                return True
            await asyncio.sleep(0.2)
        return False

    async def is_green(self, seconds: float, place: int = 0) -> bool:
        """Whether it says that it is ready, within so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if await asyncio.to_thread(lambda: self.stage.servers[place].is_ready):
                return True
            await asyncio.sleep(0.2)
        return False

    async def warmed(self, seconds: float = 120.0) -> None:
        """Wait until every process has loaded everything: what is measured then is its work."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if await asyncio.to_thread(lambda: all(server.is_warm for server in self.stage.servers)):
                return
            await asyncio.sleep(0.2)
        self.expect(False, "a process does not get warm")


@dataclass
class Talk:
    """One customer's conversation."""

    scene: Scene
    customer: Customer
    said: int = 0

    @property
    def base(self) -> str:
        """The widget's address at the process that the customer asks."""
        return f"{self.customer.urls()[0]}/api/widget/{self.customer.ticket.company}"

    @property
    def headers(self) -> dict[str, str]:
        """The session."""
        return {"Authorization": f"Bearer {self.customer.token}"}

    @property
    def ticket_id(self) -> str:
        """Known once a message was acknowledged."""
        return self.customer.ticket.ticket_id

    def at(self, place: int) -> Self:
        """Ask another process from now on."""
        server = self.scene.stage.servers[place % len(self.scene.stage.servers)]
        self.customer.urls = lambda: [server.url]
        return self

    async def say(self, text: str = QUESTION) -> None:
        """Say it until it is acknowledged."""
        self.said += 1
        await self.customer.say(self.said, text)

    async def once(self, text: str = QUESTION, seconds: float = 30.0) -> httpx.Response | None:
        """Say it once; what came back, None when nobody answered. The next `say` or `once` says it anew."""
        where = f"tickets/{self.ticket_id}/messages" if self.ticket_id else "tickets"
        client_id = f"{self.customer.name}-{self.said + 1}"
        body = {"message": text, "clientMessageId": client_id}
        try:
            answer = await self.scene.http.post(
                f"{self.base}/{where}", json=body, headers=self.headers, timeout=seconds
            )
        except httpx.HTTPError:
            return None
        if answer.status_code == 202:
            self.said += 1
            taken = answer.json()
            self.customer.ticket.ticket_id = taken["ticketId"]
            self.customer.ticket.acknowledged[client_id] = taken["messageId"]
        return answer

    async def replies(self, seconds: float = PATIENCE_SECONDS) -> list[str]:
        """What was answered, once the last message is followed by a reply or the time is over."""
        roles, end = [""], time.monotonic() + seconds
        found: list[Json] = []
        while time.monotonic() < end:
            with contextlib.suppress(httpx.HTTPError, ValueError, KeyError):
                url = f"{self.base}/tickets/{self.ticket_id}"
                found = (await self.scene.http.get(url, headers=self.headers)).json()["messages"]
                roles = [message["role"] for message in found]
                if roles[-1] != "user":
                    break
            await asyncio.sleep(0.1)
        else:
            self.scene.expect(False, f"{self.ticket_id} is not answered after {seconds:g} s ({roles})")
        return [message["text"] for message in found if message["role"] != "user"]

    async def ask(self, text: str = QUESTION, seconds: float = PATIENCE_SECONDS) -> str:
        """Say it and wait for the reply to it."""
        await self.say(text)
        replies = await self.replies(seconds)
        return replies[-1] if replies else ""
