"""Exchanges with models and tools: kept in order, summed for the budget, without texts after a while."""

from dataclasses import replace
from datetime import timedelta

import pytest

from graph.errors import NotFound
from store.values.exchanges import Exchange
from tests.store.desk import SmallDesk


def exchange(desk: SmallDesk, **changes: object) -> Exchange:
    given = Exchange(
        kind="model",
        step="answer",
        name="scripted:echo",
        request={"user": "How long?"},
        response={"text": "One minute. [1]"},
        tokens_in=100,
        tokens_out=10,
        cost=0.25,
        started_at=desk.clock.now(),
    )
    return replace(given, **changes)  # type: ignore[arg-type]


async def begun(desk: SmallDesk) -> str:
    """The id of a turn that runs."""
    return (await desk.claimed((await desk.accept((await desk.ticket()).id)).turn_id)).turn_id


async def keep(desk: SmallDesk, turn_id: str, item: Exchange) -> None:
    """Keep an exchange with its texts."""
    await desk.write(lambda uow: uow.exchanges.add(turn_id, desk.company.id, 1, item, texts=True))


async def test_that_exchanges_of_a_turn_come_back_in_order(desk: SmallDesk) -> None:
    turn = await begun(desk)
    for text in ("first", "second"):
        said = exchange(desk, response={"text": text})
        await keep(desk, turn, said)

    found = await desk.read(lambda uow: uow.exchanges.of_turn(turn))

    assert [(item.seq, item.response["text"]) for item in found] == [(0, "first"), (1, "second")]


async def test_that_without_leave_to_keep_texts_only_the_figures_stay(desk: SmallDesk) -> None:
    turn = await begun(desk)
    await desk.write(lambda uow: uow.exchanges.add(turn, desk.company.id, 1, exchange(desk), texts=False))

    (found,) = await desk.read(lambda uow: uow.exchanges.of_turn(turn))

    assert (found.request, found.response, found.tokens_in) == ({}, {}, 100)


async def test_that_spending_counts_models_since_a_moment(desk: SmallDesk) -> None:
    turn = await begun(desk)
    midnight = desk.clock.now().replace(hour=0)
    old = exchange(desk, started_at=midnight - timedelta(hours=1))
    tool = exchange(desk, kind="tool", cost=0.0)
    failed = exchange(desk, fault="timed out")
    for item in (old, tool, failed, exchange(desk)):
        await keep(desk, turn, item)

    spent = await desk.read(lambda uow: uow.exchanges.spent(desk.company.id, midnight))

    assert (spent.calls, spent.cost, spent.tokens_in, spent.faults) == (2, 0.5, 200, {"timed out": 1})


async def test_that_old_texts_are_forgotten_and_figures_kept(desk: SmallDesk) -> None:
    turn = await begun(desk)
    old = exchange(desk, started_at=desk.clock.now() - timedelta(days=40))
    for item in (old, exchange(desk)):
        await keep(desk, turn, item)
    before = desk.clock.now() - timedelta(days=30)

    forgotten = await desk.write(lambda uow: uow.exchanges.forget_texts(before))

    found = await desk.read(lambda uow: uow.exchanges.of_turn(turn))
    assert forgotten == 1
    assert [bool(item.request) for item in found] == [False, True]
    assert {item.cost for item in found} == {0.25}


async def test_that_another_company_neither_reads_nor_writes_them(desk: SmallDesk) -> None:
    turn = await begun(desk)
    await desk.write(lambda uow: uow.exchanges.add(turn, desk.company.id, 1, exchange(desk), texts=True))

    assert await desk.store.read(desk.foreign, lambda uow: uow.exchanges.of_turn(turn)) == ()
    with pytest.raises(NotFound):
        await desk.store.write(
            desk.foreign, lambda uow: uow.exchanges.add(turn, desk.company.id, 1, exchange(desk), texts=True)
        )
