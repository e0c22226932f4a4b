"""Lets callers in, a few at a time: next is whoever's company has the fewest inside, then the first come.

A company that sends a hundred messages at once waits for itself; another one's message passes them all.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(eq=False)
class Turnstile:
    """At most `places` inside at once; to be used from one event loop."""

    places: int = 2
    """Enough to keep one process busy."""
    _inside: Counter[str] = field(default_factory=Counter)
    _waiting: dict[str, deque[asyncio.Future[None]]] = field(default_factory=dict)
    """By company, first come first; in the order in which companies were last let in."""

    @asynccontextmanager
    async def passing(self, company: str) -> AsyncIterator[None]:
        """Wait for a place, and keep it for the length of the block."""
        await self.enter(company)
        try:
            yield
        finally:
            self.leave(company)

    def waiting(self, company: str) -> int:
        """How many of this company stand outside."""
        return len(self._waiting.get(company, ()))

    async def enter(self, company: str) -> None:
        """Wait for a place; whoever has one has to `leave`."""
        if self._inside.total() < self.places and not self._waiting:
            self._inside[company] += 1
        else:
            await self._wait(company)

    async def _wait(self, company: str) -> None:
        place = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(company, deque()).append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # let in, and gone in the same moment
                self.leave(company)
            raise

    def leave(self, company: str) -> None:
        """Give a place back, and let the next one in."""
        self._inside[company] -= 1
        if not self._inside[company]:
            del self._inside[company]
        while self._waiting and self._inside.total() < self.places:
            first = min(self._waiting, key=self._inside.__getitem__)
            queue = self._waiting.pop(first)
            place = queue.popleft()
            if queue:
                self._waiting[first] = queue
            if not place.done():
                self._inside[first] += 1
                place.set_result(None)
