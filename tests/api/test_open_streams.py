"""One address may hold so many streams and no more, and gets its place back when one ends."""

from collections.abc import AsyncIterator

import pytest

from api.hub import Note
from api.open_streams import OpenStreams
from graph.errors import TooMany


async def two_notes() -> AsyncIterator[list[Note]]:
    yield [Note("typing", {"by": "Lea"})]
    yield [Note("typing", {"by": "Max"})]


async def test_that_one_stream_too_many_is_refused_and_an_ended_one_gives_its_place_back() -> None:
    streams = OpenStreams(1)
    streams.check("10.0.0.1")
    open_one = streams.counted("10.0.0.1", two_notes())
    await anext(open_one)

    with pytest.raises(TooMany) as refused:
        streams.check("10.0.0.1")
    streams.check("10.0.0.2")
    await open_one.aclose()
    streams.check("10.0.0.1")

    assert refused.value.retry_after > 0
    assert [note.data["by"] async for (note,) in streams.counted("10.0.0.1", two_notes())] == ["Lea", "Max"]
    streams.check("10.0.0.1")


async def test_that_nothing_is_refused_without_a_limit() -> None:
    streams = OpenStreams(0)
    held = [streams.counted("10.0.0.1", two_notes()) for _ in range(3)]
    for one in held:
        await anext(one)

    streams.check("10.0.0.1")
    for one in held:
        await one.aclose()
