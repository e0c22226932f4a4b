"""How many streams an address holds open in this process: one page that runs wild takes not all of them."""

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Sequence

from api.hub import Note
from graph.errors import TooMany

RETRY_SECONDS = 10


class OpenStreams:
    """Open streams by address, at most `most` each; 0 is no limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def check(self, address: str) -> None:
        """Refuse one more stream than the limit with `TooMany`."""
        if self._most and self._open[address] >= self._most:
            raise TooMany("Too many open streams from this address.", retry_after=RETRY_SECONDS)

    async def counted(
        self, address: str, notes: AsyncIterator[Sequence[Note]]
    ) -> AsyncGenerator[Sequence[Note], None]:
        """The same notes, counted from when the first is asked for until the stream ends."""
        self._open[address] += 1
        try:
            async for together in notes:
                yield together
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]
