"""Who watches which ticket, in this process; the events themselves are in the store.

A watcher subscribes first, then replays from the store, then goes on live without repeats. A note only
wakes: what is missing is read from the store, so a lost note costs a moment and never an event.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

WAITING_NOTES = 256
POLL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Note:
    """One event as watchers see it; a transient one has no id and is never replayed."""

    name: str
    data: Mapping[str, object]
    id: int | None = None


@dataclass(eq=False, slots=True)
class Watcher:
    """One open stream; `lost` once it was too slow to take its notes."""

    queue: asyncio.Queue[Note | None]
    lost: bool = field(default=False)

    def offer(self, note: Note) -> None:
        """Queue a note, or give the watcher up: its client comes back with its last id."""
        if self.lost:
            return
        try:
            self.queue.put_nowait(note)
        except asyncio.QueueFull:
            self.lost = True

    async def next(self, seconds: float) -> Note | None:
        """The next note; None after so many seconds without one, or when the watcher is lost."""
        if self.lost and self.queue.empty():
            return None
        try:
            return await asyncio.wait_for(self.queue.get(), seconds)
        except TimeoutError:
            return None


ReadAfter = Callable[[int], Awaitable[Sequence[Note]]]


class Hub:
    """Subscribers per ticket; to be used from one event loop."""

    def __init__(self) -> None:
        self._watchers: defaultdict[str, set[Watcher]] = defaultdict(set)
        self.closed = False

    @property
    def watching(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._watchers.values()))

    def publish(self, ticket_id: str, notes: Sequence[Note]) -> None:
        """Give notes to all who watch the ticket."""
        for watcher in tuple(self._watchers.get(ticket_id, ())):
            for note in notes:
                watcher.offer(note)

    def close(self) -> None:
        """End all streams: the process is going down."""
        self.closed = True
        for watchers in self._watchers.values():
            for watcher in watchers:
                watcher.lost = True
                if not watcher.queue.full():
                    watcher.queue.put_nowait(None)

    @contextmanager
    def watch(self, ticket_id: str) -> Iterator[Watcher]:
        """Subscribe to a ticket for the length of a block."""
        watcher = Watcher(asyncio.Queue(WAITING_NOTES), lost=self.closed)
        self._watchers[ticket_id].add(watcher)
        try:
            yield watcher
        finally:
            self._watchers[ticket_id].discard(watcher)
            if not self._watchers[ticket_id]:
                del self._watchers[ticket_id]

    async def follow(
        self, ticket_id: str, after: int, read_after: ReadAfter, *, poll: float = POLL_SECONDS
    ) -> AsyncIterator[Note]:
        """All events after an id, for ever: in order, none lost, none twice; ends for a watcher that is lost.

        `read_after(id)` reads persisted events from the store. Whenever a live one does not continue the
        sequence, and every `poll` seconds, the store is asked.
        """
        last = after
        with self.watch(ticket_id) as watcher:
            while True:
                missed = await read_after(last)
                for note in missed:
                    last = note.id if note.id is not None else last
                    yield note
                if missed:
                    continue
                while (live := await watcher.next(poll)) is not None:
                    if live.id is None:
                        yield live
                    elif live.id == last + 1:
                        last = live.id
                        yield live
                    elif live.id > last:
                        break
                if watcher.lost:
                    return
