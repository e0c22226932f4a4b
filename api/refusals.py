"""Notes in the audit who was turned away: wrong credentials, missing rights, and ids that are not theirs."""

from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth.address import client_address
from api.desk import Desk
from graph.errors import TooMany, Unavailable
from store.values.scope import Scope as Companies

REFUSED = frozenset({401, 403, 409, 410, 429})
LONGEST_TARGET = 200


class RefusalNotes:
    """ASGI middleware: one audit row for each refused request, so many from one address and no more.

    The row holds method, path, status and address; never a body, a token or a query.
    """

    def __init__(self, app: ASGIApp, desk: Callable[[], Desk]) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; note the refusals after they are sent."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, receive, watched)
        if status in REFUSED or (status == 404 and scope["path"].startswith("/api/")):
            await self._note(scope, status)

    async def _note(self, scope: Scope, status: int) -> None:
        desk = self._desk()
        address = client_address(HTTPConnection(scope), desk.settings)
        target = f"{scope['method']} {scope['path']}"[:LONGEST_TARGET]
        try:
            desk.limits.take("noted", address)
            await desk.store.write(
                Companies.operator(),
                lambda uow: uow.audit.add("unknown", f"refused.{status}", target, ip=address),
            )
        except (TooMany, Unavailable):
            return  # the refusal itself has been sent; a flood of them is bounded
