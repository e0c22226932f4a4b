"""A loud company waits for itself."""

import asyncio

from api.turnstile import Turnstile


async def through(door: Turnstile, company: str, order: list[str]) -> None:
    """One caller who stays inside for a moment."""
    async with door.passing(company):
        order.append(company)
        await asyncio.sleep(0)


async def test_that_one_message_passes_by_a_hundred_of_another_company() -> None:
    door, order = Turnstile(places=2), list[str]()
    loud = [asyncio.create_task(through(door, "loud", order)) for _ in range(100)]
    await asyncio.sleep(0)
    await through(door, "quiet", order)
    assert order.index("quiet") <= 6
    await asyncio.gather(*loud)
    assert order.count("loud") == 100


async def test_that_no_more_are_inside_than_there_are_places() -> None:
    door, inside, most = Turnstile(places=2), 0, 0

    async def stay() -> None:
        nonlocal inside, most
        async with door.passing("any"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(stay() for _ in range(9)))
    assert (inside, most) == (0, 2)


async def test_that_who_gives_up_waiting_takes_no_place() -> None:
    door, order = Turnstile(places=1), list[str]()
    async with door.passing("first"):
        gone = asyncio.create_task(through(door, "gone", order))
        late = asyncio.create_task(through(door, "late", order))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
    await asyncio.wait_for(late, 1)
    async with door.passing("last"):
        assert order == ["late"]
    assert not door._inside.total()
    assert not door._waiting


async def test_that_who_is_let_in_and_gone_at_once_gives_the_place_back() -> None:
    door, order = Turnstile(places=1), list[str]()
    async with door.passing("first"):
        gone = asyncio.create_task(through(door, "gone", order))
        await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await asyncio.wait_for(through(door, "next", order), 1)
    assert order == ["next"]
