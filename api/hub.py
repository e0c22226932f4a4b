"""Who watches which ticket, in this process; the events themselves are in the store.

A watcher subscribes first, then reads from the store, then waits for more: so there is one order, and a lost
word costs a moment and never an event. What this process has stored is handed over as soon as it is committed
and counts where its number is the next one; anything else, such as news of another process, is read from the
store. Watchers who stand at the same event share one reading, and all share one encoding of an event.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from store.values.tickets import Event

WAITING_NOTES = 256
PAGE = 200
"""A page of persisted events with fewer is the last one for now."""
POLL_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Note:
    """One event as watchers see it; a transient one has no id and is never replayed."""

    name: str
    data: Mapping[str, object]
    id: int | None = None
    wire: list[bytes] = field(default_factory=list, compare=False, repr=False)
    """How it is sent, once somebody has encoded it."""


@dataclass(eq=False, slots=True)
class Watcher:
    """One open stream; `lost` once it was too slow to take its notes."""

    lost: bool = False
    woken: bool = False
    customer: bool = False
    """Whether it is the customer's own chat."""
    waiting: deque[Note | None] = field(default_factory=deque)
    """Notes, and None where the store has more to be read, in the order in which they came."""
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, note: Note) -> None:
        """Queue a transient note, or give the watcher up: its client comes back with its last id."""
        if len(self.waiting) >= WAITING_NOTES:
            self.lost = True
        if not self.lost:
            self._put(note)

    def hand(self, notes: Sequence[Note]) -> None:
        """Queue what has just been stored; for who has much to take already, the store keeps it."""
        if len(self.waiting) + len(notes) > WAITING_NOTES:
            self.wake()
        else:
            self.waiting.extend(notes)
            self.bell.set()

    def wake(self) -> None:
        """Say that the store has more; once is enough until it was heard."""
        if not self.woken:
            self.woken = True
            self._put(None)

    async def next(self, seconds: float) -> Sequence[Note]:
        """The next notes; none when the store is to be read, after so many seconds, or at the end."""
        if self.lost and not self.waiting:
            return ()
        try:
            async with asyncio.timeout(seconds):  # wait_for would make a task of each wait of each stream
                await self.bell.wait()
        except TimeoutError:
            return ()
        found = []
        while self.waiting and (note := self.waiting[0]) is not None:
            found.append(note)
            self.waiting.popleft()
        if not found:
            self.waiting.popleft()
            self.woken = False
        if not self.waiting:
            self.bell.clear()
        return found

    def _put(self, note: Note | None) -> None:
        self.waiting.append(note)
        self.bell.set()


@dataclass(eq=False, slots=True)
class Board:
    """One open list of tickets: which of them got events since it was last asked."""

    moved: set[str] = field(default_factory=set)
    unknown: bool = False
    """Whether some moved that nobody could name."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def move(self, ticket_ids: Iterable[str] | None) -> None:
        """Note tickets (None: any) that got events."""
        self.unknown |= ticket_ids is None
        self.moved.update(ticket_ids or ())
        self.woken.set()

    async def next(self) -> tuple[frozenset[str], bool]:
        """Wait for news: the tickets that moved, and whether there may be others."""
        await self.woken.wait()
        self.woken.clear()
        moved, unknown = frozenset(self.moved), self.unknown
        self.moved, self.unknown = set(), False
        return moved, unknown


ReadAfter = Callable[[int], Awaitable[Sequence[Note]]]


class Hub:
    """Watchers per ticket; to be used from one event loop."""

    def __init__(self) -> None:
        self._watchers: defaultdict[str, set[Watcher]] = defaultdict(set)
        self._boards: set[Board] = set()
        self._readings: dict[str, dict[int, asyncio.Future[Sequence[Note]]]] = {}
        """What is being read of a ticket, by where it begins; nothing that began before the last wake-up."""
        self.closed = False

    @property
    def watching(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._watchers.values()))

    def is_watched(self, ticket_id: str) -> bool:
        """Whether anybody in this process watches the ticket."""
        return ticket_id in self._watchers

    def has_customer(self, ticket_id: str) -> bool:
        """Whether the ticket's customer has the chat open, as far as this process knows."""
        return any(watcher.customer for watcher in self._watchers.get(ticket_id, ()))

    def tell(self, written: Mapping[str, Sequence[Event]]) -> None:
        """Hand events that have just been committed, by ticket and in order, to all who watch."""
        for board in self._boards:
            board.move(written)
        for ticket_id in self._watchers.keys() & written.keys():
            self._readings.pop(ticket_id, None)
            notes = notes_of(written[ticket_id])
            for watcher in self._watchers[ticket_id]:
                watcher.hand(notes)

    def wake(self, ticket_ids: Iterable[str] | None) -> None:
        """Tell all who watch one of the tickets (None: any) that the store has new events of it."""
        for board in self._boards:
            board.move(ticket_ids)
        for ticket_id in self._watchers if ticket_ids is None else ticket_ids:
            self._readings.pop(ticket_id, None)
            for watcher in self._watchers.get(ticket_id, ()):
                watcher.wake()

    def pass_by(self, ticket_id: str, note: Note) -> None:
        """Show a note that is not kept, such as a stage, to all who watch the ticket now."""
        for watcher in self._watchers.get(ticket_id, ()):
            watcher.offer(note)

    def close(self) -> None:
        """End all streams: the process is going down."""
        self.closed = True
        for board in self._boards:
            board.woken.set()
        for watchers in self._watchers.values():
            for watcher in watchers:
                watcher.lost = True
                watcher.wake()

    @contextmanager
    def board(self) -> Iterator[Board]:
        """Hear of every ticket that moves, for the length of a block."""
        board = Board()
        self._boards.add(board)
        try:
            yield board
        finally:
            self._boards.discard(board)

    @contextmanager
    def watch(self, ticket_id: str, *, customer: bool = False) -> Iterator[Watcher]:
        """Subscribe to a ticket for the length of a block."""
        watcher = Watcher(lost=self.closed, customer=customer)
        self._watchers[ticket_id].add(watcher)
        try:
            yield watcher
        finally:
            self._watchers[ticket_id].discard(watcher)
            if not self._watchers[ticket_id]:
                del self._watchers[ticket_id]

    async def follow(
        self,
        ticket_id: str,
        after: int,
        read_after: ReadAfter,
        *,
        poll: float = POLL_SECONDS,
        customer: bool = False,
    ) -> AsyncIterator[Sequence[Note]]:
        """All events after an id, for ever: in order, none lost, none twice; ends for a watcher that is lost.

        What is there at once comes together, to be sent together. `read_after(id)` reads the next page of
        persisted events; it is asked after every wake-up, and every `poll` seconds in case one was missed.
        """
        last = after
        with self.watch(ticket_id, customer=customer) as watcher:
            while True:
                while page := await self._page(ticket_id, last, read_after):
                    yield page
                    last = _last(page, last)
                    if len(page) < PAGE:
                        break
                while notes := await watcher.next(poll):
                    fresh, whole = _after(last, notes)
                    if fresh:
                        yield fresh
                    last = _last(fresh, last)
                    if not whole:
                        break
                if watcher.lost:
                    return

    async def _page(self, ticket_id: str, after: int, read_after: ReadAfter) -> Sequence[Note]:
        """The events after a number, read once for all who ask for it at this moment."""
        readings = self._readings.setdefault(ticket_id, {})
        reading = readings.get(after)
        if reading is None:
            reading = readings[after] = asyncio.ensure_future(read_after(after))
            reading.add_done_callback(lambda _: self._read(ticket_id, after, readings))
        return await asyncio.shield(reading)

    def _read(
        self, ticket_id: str, after: int, readings: dict[int, "asyncio.Future[Sequence[Note]]"]
    ) -> None:
        readings.pop(after, None)
        if not readings and self._readings.get(ticket_id) is readings:
            del self._readings[ticket_id]


def notes_of(events: Sequence[Event]) -> list[Note]:
    """Stored events as watchers see them."""
    return [Note(event.name, event.data, event.id) for event in events]


def _last(notes: Sequence[Note], known: int) -> int:
    """The number of the newest event among them."""
    return next((note.id for note in reversed(notes) if note.id is not None), known)


def _after(last: int, notes: Sequence[Note]) -> tuple[list[Note], bool]:
    """What goes on from an event without a gap, and whether that is all that is new."""
    fresh: list[Note] = []
    for note in notes:
        if note.id is None or note.id == last + 1:
            fresh.append(note)
            last = last if note.id is None else note.id
        elif note.id > last:
            return fresh, False
    return fresh, True
