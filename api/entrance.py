"""Lets requests that bring messages in, fairly by company, before anything is spent on them.

A company that sends a hundred messages at once waits for itself: its requests stand outside, where they cost
a socket, and another company's request passes them all. Who is asked for is told by the address or the body;
whether the caller may is found out inside.
"""

import re
import time
from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bodies import replay
from api.errors import from_support_error
from api.turnstile import Turnstile
from graph.errors import Unavailable

MOST_WAITING = 500
"""Requests of one company that may stand outside; more are refused."""
CLOSED_SECONDS = 0.25
"""After the desk has refused a company for want of room, others of it are refused at the entrance so long."""
_WIDGET = re.compile(r"/api/widget/([a-z0-9-]{1,64})/")
_RUN = "/api/run"
_COMPANY = re.compile(rb'"company"\s*:\s*"([^"\\]{1,64})"')
_PASS = "supportgraph.pass"


class Pass:
    """A place inside, given back once: at the end of the request, or before a long wait."""

    def __init__(self, door: Turnstile, company: str) -> None:
        self._door, self._company, self._inside = door, company, True

    @property
    def inside(self) -> bool:
        """Whether it is still held."""
        return self._inside

    def give_back(self) -> None:
        """Let the next one in."""
        if self._inside:
            self._inside = False
            self._door.leave(self._company)


class Entrance:
    """ASGI middleware: few requests with messages inside at once, the company with the fewest first."""

    def __init__(
        self,
        app: ASGIApp,
        door: Turnstile,
        most_waiting: int = MOST_WAITING,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._door, self._most, self._tick = app, door, most_waiting, tick
        self._closed: dict[str, float] = {}
        """Until when, by company."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for a place, or refuse with 503 where too many of this company wait already."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if (widget := _WIDGET.match(path)) is not None:
            company = widget[1]
        elif path == _RUN:
            body: bytes = (await receive()).get("body", b"")  # whole: the guard of bodies has read it
            company, receive = _company_in(body), replay(body, receive)
        else:
            await self._app(scope, receive, send)
            return
        if self._is_closed(company) or self._door.waiting(company) >= self._most:
            refusal = Unavailable("Too many messages wait to be answered; please try again soon.")
            await from_support_error(refusal)(scope, receive, send)
            return
        await self._door.enter(company)
        held = Pass(self._door, company)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 503 and held.inside:
                self._closed[company] = self._tick() + CLOSED_SECONDS
            await send(message)

        try:
            await self._app({**scope, _PASS: held}, receive, noting)
        finally:
            held.give_back()

    def _is_closed(self, company: str) -> bool:
        until = self._closed.get(company)
        if until is not None and self._tick() >= until:
            del self._closed[company]
            return False
        return until is not None


def give_back(request: HTTPConnection) -> None:
    """Leave the place of this request to the next: what is left to do is to wait."""
    held = request.scope.get(_PASS)
    if isinstance(held, Pass):
        held.give_back()


def _company_in(body: bytes) -> str:
    found = _COMPANY.search(body)
    return found[1].decode("utf-8", "replace") if found is not None else ""
