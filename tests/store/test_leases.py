"""Who may run a turn, and what a worker that was too slow can still do: nothing."""

import asyncio

import pytest
from sqlalchemy import create_mock_engine

from graph.errors import LeaseLost
from store import queue
from store.unit import UnitOfWork
from store.values.turns import Claim, NewMessage
from tests.store.desk import LEASE, SmallDesk

DIALECTS = ("sqlite", "postgresql")


async def test_that_the_oldest_turn_is_claimed_first(desk: SmallDesk) -> None:
    older, newer = await desk.ticket(), await desk.ticket()
    first = await desk.accept(older.id)
    desk.clock.move(seconds=1)
    second = await desk.accept(newer.id)

    claims = [await desk.claimed(), await desk.claimed()]

    assert [claim.turn_id for claim in claims] == [first.turn_id, second.turn_id]
    assert await desk.store.claim("worker", LEASE) is None


async def test_that_a_company_that_asks_for_much_does_not_make_another_one_wait(desk: SmallDesk) -> None:
    for _ in range(4):
        await desk.accept((await desk.ticket()).id)
    desk.clock.move(seconds=1)
    quiet = await desk.store.write(
        desk.foreign, lambda uow: uow.tickets.open(desk.other.id, None, desk.other_agent.id, None, "widget")
    )
    message = NewMessage(ticket_id=quiet.id, text="How long?", body_hash="how long")
    await desk.store.write(desk.foreign, lambda uow: uow.turns.accept(message))

    companies = [(await desk.claimed()).company_id for _ in range(3)]

    assert companies == [desk.company.id, desk.other.id, desk.company.id]


async def test_that_a_turn_that_was_let_go_is_taken_at_once_and_counts_as_another_attempt(
    desk: SmallDesk,
) -> None:
    await desk.accept((await desk.ticket()).id)
    first = await desk.claimed()

    await desk.store.let_go(first.turn_id, first.token + 1)
    assert await desk.store.claim("another", LEASE) is None, "not with somebody else's token"
    await desk.store.let_go(first.turn_id, first.token)

    again = await desk.claimed()
    assert (again.turn_id, again.attempt, again.token) == (first.turn_id, 2, first.token + 1)


async def test_that_a_turn_can_be_claimed_in_the_transaction_that_accepts_it(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    message = NewMessage(ticket_id=ticket.id, text="How long?", body_hash="how long")

    def both(uow: UnitOfWork) -> Claim | None:
        accepted = uow.turns.accept(message)
        assert accepted.turn_id is not None
        return uow.turns.claim(accepted.turn_id, "worker", LEASE)

    claim = await desk.write(both)

    assert claim is not None
    assert (claim.ticket_id, claim.token, claim.attempt) == (ticket.id, 1, 1)
    assert await desk.store.claim("another", LEASE, claim.turn_id) is None
    assert await desk.store.renew(claim.turn_id, claim.token, LEASE)


async def test_that_no_turn_of_another_company_can_be_claimed(desk: SmallDesk) -> None:
    turn_id = (await desk.accept((await desk.ticket()).id)).turn_id or ""

    stolen = await desk.store.write(desk.foreign, lambda uow: uow.turns.claim(turn_id, "thief", LEASE))

    assert stolen is None
    assert await desk.write(lambda uow: uow.turns.claim(turn_id, "worker", LEASE)) is not None


async def test_that_one_of_many_workers_gets_a_turn(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    accepted = await desk.accept(ticket.id)

    claims = await asyncio.gather(
        *(desk.store.claim(f"worker-{number}", LEASE, accepted.turn_id) for number in range(10))
    )

    assert sum(claim is not None for claim in claims) == 1


async def test_that_a_turn_is_not_claimed_before_its_lease_has_run_out(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    first = await desk.claimed()
    desk.clock.move(seconds=LEASE - 1)

    assert await desk.store.expired() == []
    assert await desk.store.claim("another", LEASE, first.turn_id) is None


async def test_that_an_expired_turn_goes_to_another_worker_and_the_first_is_fenced_off(
    desk: SmallDesk,
) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    slow = await desk.claimed()
    desk.clock.move(seconds=LEASE + 1)

    assert await desk.store.expired() == [slow.turn_id]
    quick = await desk.claimed()

    assert (quick.turn_id, quick.attempt, quick.token > slow.token) == (slow.turn_id, 2, True)
    assert not await desk.store.renew(slow.turn_id, slow.token, LEASE)
    with pytest.raises(LeaseLost):
        await desk.flush(slow, (0, "Late."))
    with pytest.raises(LeaseLost):
        await desk.complete(slow)
    await desk.complete(quick)
    assert (await desk.names(ticket.id)).count("message") == 2


async def test_that_a_renewed_lease_is_kept(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()
    desk.clock.move(seconds=LEASE - 1)

    assert await desk.store.renew(claim.turn_id, claim.token, LEASE)
    desk.clock.move(seconds=LEASE - 1)

    assert await desk.store.expired() == []
    assert await desk.store.claim("another", LEASE) is None


async def test_that_a_done_turn_cannot_be_claimed_or_renewed(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    claim = await desk.answered(ticket.id)
    desk.clock.move(seconds=LEASE + 1)

    assert await desk.store.claim("another", LEASE, claim.turn_id) is None
    assert not await desk.store.renew(claim.turn_id, claim.token, LEASE)
    assert await desk.store.waiting() == []


async def test_that_a_persons_ticket_gives_no_turn_to_workers(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    accepted = await desk.accept(ticket.id)

    await desk.write(lambda uow: uow.tickets.request_handoff(ticket.id))

    assert await desk.store.claim("worker", LEASE, accepted.turn_id) is None


async def test_that_a_name_has_one_holder_and_its_token_grows(desk: SmallDesk) -> None:
    first = await desk.store.hold("vectors", "one", 10)
    assert await desk.store.hold("vectors", "two", 10) is None
    again = await desk.store.hold("vectors", "one", 10)
    desk.clock.move(seconds=11)
    taken = await desk.store.hold("vectors", "two", 10)

    assert first is not None
    assert again is not None
    assert taken is not None
    assert (first.token, again.token, taken.token) == (1, 1, 2)
    await desk.store.release("vectors", "two")
    assert await desk.store.hold("vectors", "three", 10) is not None


def test_that_postgres_workers_skip_the_turns_that_others_are_taking() -> None:
    postgres = create_mock_engine("postgresql+psycopg://", executor=print).dialect

    text = str(queue.next_claim().compile(dialect=postgres))

    assert "FOR UPDATE SKIP LOCKED" in text
    assert "RETURNING turns.id" in text
