"""Following a ticket: nothing lost, nothing twice."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from api.hub import PAGE, WAITING_NOTES, Hub, Note
from store.values.tickets import Event

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Shelf:
    """The persisted events of one ticket."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.reads = 0

    def add(self, count: int = 1) -> list[Note]:
        first = len(self.notes) + 1
        added = [Note("delta", {"index": number}, number) for number in range(first, first + count)]
        self.notes += added
        return added

    async def read_after(self, last: int) -> Sequence[Note]:
        self.reads += 1
        await asyncio.sleep(0)
        return [note for note in self.notes if note.id is not None and note.id > last][:PAGE]


def handed(*numbers: int) -> list[Event]:
    return [Event(number, "tkt_1", "delta", {"index": number}, NOW) for number in numbers]


async def take(stream: AsyncIterator[Sequence[Note]], count: int) -> list[int | None]:
    found: list[int | None] = []
    async for together in stream:
        found += [note.id for note in together]
        if len(found) >= count:
            break
    return found


async def test_that_a_watcher_gets_the_past_and_then_the_present() -> None:
    hub, shelf = Hub(), Shelf()
    shelf.add(7)
    watching = asyncio.create_task(take(hub.follow("tkt_1", 2, shelf.read_after), 6))
    await asyncio.sleep(0.02)
    shelf.add()
    hub.wake({"tkt_1"})

    assert await watching == [3, 4, 5, 6, 7, 8]


async def test_that_events_stored_during_the_replay_come_once() -> None:
    hub, shelf = Hub(), Shelf()
    shelf.add(3)
    watching = asyncio.create_task(take(hub.follow("tkt_1", 0, shelf.read_after), 9))
    for _ in range(6):
        await asyncio.sleep(0)
        shelf.add()
        hub.wake({"tkt_1"})

    assert await watching == list(range(1, 10))


async def test_that_many_wake_ups_are_one_read() -> None:
    hub, shelf = Hub(), Shelf()
    watching = asyncio.create_task(take(hub.follow("tkt_1", 0, shelf.read_after), 2))
    await asyncio.sleep(0.01)
    before = shelf.reads
    shelf.add(2)
    for _ in range(1000):
        hub.wake({"tkt_1"})

    assert await watching == [1, 2]
    assert shelf.reads == before + 1


async def test_that_a_lost_wake_up_is_found_in_the_store() -> None:
    hub, shelf = Hub(), Shelf()
    watching = asyncio.create_task(take(hub.follow("tkt_1", 0, shelf.read_after, poll=0.02), 2))
    await asyncio.sleep(0.01)
    shelf.add(2)

    assert await asyncio.wait_for(watching, 1) == [1, 2]


async def test_that_a_transient_note_passes_by_and_other_tickets_stay_quiet() -> None:
    hub, shelf = Hub(), Shelf()
    watching = asyncio.create_task(take(hub.follow("tkt_1", 0, shelf.read_after), 2))
    await asyncio.sleep(0.01)
    hub.pass_by("tkt_2", Note("stage", {"node": "safety"}))
    hub.pass_by("tkt_1", Note("stage", {"node": "triage"}))
    shelf.add()
    hub.wake({"tkt_1", "tkt_2"})

    assert await asyncio.wait_for(watching, 1) == [None, 1]


async def test_that_a_slow_watcher_is_let_go_and_forgotten() -> None:
    hub, shelf = Hub(), Shelf()
    stream = hub.follow("tkt_1", 0, shelf.read_after)
    shelf.add()
    assert [note.id for note in await anext(stream)] == [1]
    for _ in range(WAITING_NOTES + 5):
        hub.pass_by("tkt_1", Note("stage", {}))

    rest = [note async for together in stream for note in together]

    assert len(rest) == WAITING_NOTES
    assert hub.watching == 0


async def test_that_closing_the_hub_ends_the_streams() -> None:
    hub, shelf = Hub(), Shelf()
    watching = asyncio.create_task(take(hub.follow("tkt_1", 0, shelf.read_after), 1))
    await asyncio.sleep(0.01)
    hub.close()

    assert await asyncio.wait_for(watching, 1) == []


async def test_that_events_that_are_handed_over_need_no_reading() -> None:
    hub, shelf = Hub(), Shelf()
    watching = [asyncio.create_task(take(hub.follow("tkt_1", 0, shelf.read_after), 4)) for _ in range(2)]
    await asyncio.sleep(0.01)
    before = shelf.reads

    hub.tell({"tkt_1": handed(1), "tkt_2": handed(1)})
    hub.pass_by("tkt_1", Note("stage", {}))
    hub.tell({"tkt_1": handed(2, 3)})

    assert [await one for one in watching] == [[1, None, 2, 3]] * 2
    assert shelf.reads == before


async def test_that_a_gap_in_what_is_handed_over_is_filled_from_the_store() -> None:
    hub, shelf = Hub(), Shelf()
    watching = asyncio.create_task(take(hub.follow("tkt_1", 0, shelf.read_after), 4))
    await asyncio.sleep(0.01)
    shelf.add(4)

    hub.tell({"tkt_1": handed(1)})
    hub.tell({"tkt_1": handed(4)})  # 2 and 3 are another process's
    hub.tell({"tkt_1": handed(3)})

    assert await asyncio.wait_for(watching, 1) == [1, 2, 3, 4]


async def test_that_what_a_slow_watcher_cannot_hold_is_read_from_the_store() -> None:
    hub, shelf = Hub(), Shelf()
    stream = hub.follow("tkt_1", 0, shelf.read_after)
    shelf.add()
    assert [note.id for note in await anext(stream)] == [1]
    shelf.add(2 * WAITING_NOTES)
    for number in range(2, 2 * WAITING_NOTES + 2):
        hub.tell({"tkt_1": handed(number)})

    found = await asyncio.wait_for(take(stream, 2 * WAITING_NOTES), 5)

    assert found == list(range(2, 2 * WAITING_NOTES + 2))


async def test_that_watchers_who_are_woken_together_read_once() -> None:
    hub, shelf = Hub(), Shelf()
    watching = [asyncio.create_task(take(hub.follow("tkt_1", 0, shelf.read_after), 2)) for _ in range(50)]
    await asyncio.sleep(0.01)
    before = shelf.reads

    shelf.add(2)
    hub.wake(["tkt_1"])

    found = [await one for one in watching]
    assert found == [[1, 2]] * 50
    assert shelf.reads - before == 1


async def test_that_who_is_woken_does_not_join_a_reading_that_began_before() -> None:
    hub, gate = Hub(), asyncio.Event()
    stored = [Note("message", {}, 1)]

    async def slow(after: int) -> list[Note]:
        seen = [note for note in stored if (note.id or 0) > after]
        await gate.wait()
        return seen

    first = asyncio.create_task(take(hub.follow("tkt_1", 0, slow, poll=60), 2))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(take(hub.follow("tkt_1", 0, slow, poll=60), 2))
    stored.append(Note("message", {}, 2))
    hub.wake(["tkt_1"])
    await asyncio.sleep(0.01)
    gate.set()

    async with asyncio.timeout(5):
        assert await first == [1, 2]
        assert await second == [1, 2]
