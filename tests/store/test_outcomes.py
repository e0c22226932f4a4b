"""Ends of tickets: what the rows say equals a recount from the events, whatever happened in which order."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from store.models.tickets import Tickets
from store.unit import UnitOfWork
from store.values.outcomes import ENDS, REASONS, reason_of
from tests.store.desk import SmallDesk
from tests.store.test_handling import hire

DIALECTS = ("sqlite", "postgresql")
ENDLESS = timedelta(days=60)


async def act(desk: SmallDesk, ticket_id: str, lea: str) -> None:
    """Let an action of the customer's be done."""

    def write(uow: UnitOfWork) -> None:
        turn = uow.turns.of_ticket(ticket_id)[-1]
        entry = uow.ledger.begin(
            desk.company.id, ticket_id, turn.id, f"key {ticket_id} {turn.id}", "reboot_node", {}
        )
        uow.ledger.finish(entry, "done", {})

    await desk.accept(ticket_id, "Reboot it")
    claim = await desk.claimed()
    await desk.write(write)
    await desk.complete(claim)


async def ends(desk: SmallDesk) -> dict[str, str]:
    """By ticket: the end of its row."""
    since = desk.clock.now() - ENDLESS
    found = await desk.read(lambda uow: uow.outcomes.tickets(since, limit=1_000))
    return {item.id: item.end for item in found}


async def owned(desk: SmallDesk, ticket_id: str) -> bool:
    """Whether a person has the ticket, so that no turn answers."""
    return (await desk.read(lambda uow: uow.tickets.get(ticket_id))).human_owned


def steps(ticket_id: str, lea: str) -> list[Callable[[UnitOfWork], Any]]:
    """What may happen to a ticket beside answers."""
    return [
        lambda uow: uow.tickets.close(ticket_id, "customer"),
        lambda uow: uow.tickets.close_silent(ticket_id),
        lambda uow: uow.tickets.conclude(ticket_id, "yes"),
        lambda uow: uow.tickets.conclude(ticket_id, "no"),
        lambda uow: uow.tickets.request_handoff(ticket_id, "money"),
        lambda uow: uow.tickets.request_handoff(ticket_id),
        lambda uow: uow.tickets.take_over(ticket_id, lea, "Lea"),
        lambda uow: uow.tickets.hand_back(ticket_id),
        lambda uow: uow.tickets.human_reply(ticket_id, lea, "Hello", author="Lea"),
        lambda uow: uow.tickets.reopen(ticket_id),
        lambda uow: uow.tickets.decline_handoff(ticket_id),
        lambda uow: uow.tickets.prioritise(ticket_id, "high"),
    ]


async def test_that_figures_equal_a_recount_from_the_events(desk: SmallDesk) -> None:
    chance = random.Random(5)  # not for secrets
    lea = await hire(desk, "Lea")
    for _ in range(24):
        ticket = await desk.ticket()
        await desk.answered(ticket.id, language=chance.choice(("en", "hinglish")))
        for _ in range(chance.randrange(5)):
            if chance.random() < 0.3 and not await owned(desk, ticket.id):
                await act(desk, ticket.id, lea)
            else:
                await desk.write(chance.choice(steps(ticket.id, lea)))
            desk.clock.move(hours=chance.choice((1, 5, 30)))
    last = desk.clock.now()
    begin = last - ENDLESS
    for step in range(61):
        day = (begin + timedelta(days=step)).replace(hour=0)
        counted = await desk.read(lambda uow: uow.figures.count(desk.company.id, f"{day:%Y-%m-%d}"))  # noqa: B023
        again = await desk.read(
            lambda uow: uow.outcomes.recount(desk.company.id, day, day + timedelta(days=1))  # noqa: B023
        )
        assert (counted["outcomes"], counted["handed"]) == (again.outcomes, again.handed)
    seen = set((await ends(desk)).values())
    assert seen <= {*ENDS, "open"}
    assert {"handed", "reopened", "confirmed", "verified", "assumed"} <= seen


async def test_that_a_row_that_says_another_end_is_found(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.answered(ticket.id)
    await desk.write(lambda uow: uow.tickets.close(ticket.id, "customer"))
    forged = update(Tickets).where(Tickets.id == ticket.id).values(outcome="confirmed")
    await desk.write(lambda uow: uow._work.db.execute(forged))
    day = desk.clock.now()
    begin = day.replace(hour=0, minute=0)
    counted = await desk.read(lambda uow: uow.figures.count(desk.company.id, f"{day:%Y-%m-%d}"))
    again = await desk.read(
        lambda uow: uow.outcomes.recount(desk.company.id, begin, begin + timedelta(days=1))
    )
    assert (counted["outcomes"], again.outcomes) == ({"confirmed": 1}, {"assumed": 1})


async def test_that_an_action_that_is_done_verifies_and_the_customer_has_the_last_word(
    desk: SmallDesk,
) -> None:
    lea = await hire(desk, "Lea")
    ticket = await desk.ticket()
    await act(desk, ticket.id, lea)
    await desk.write(lambda uow: uow.tickets.close_silent(ticket.id))
    assert (await ends(desk))[ticket.id] == "verified"
    await desk.write(lambda uow: uow.tickets.conclude(ticket.id, "partly"))
    assert (await ends(desk))[ticket.id] == "refused"


@pytest.mark.parametrize(("hours", "end"), [(71, "reopened"), (73, "assumed")])
async def test_that_opening_again_counts_within_72_hours_only(desk: SmallDesk, hours: int, end: str) -> None:
    ticket = await desk.ticket()
    await desk.answered(ticket.id)
    await desk.write(lambda uow: uow.tickets.close(ticket.id, "staff"))
    desk.clock.move(hours=hours)
    await desk.write(lambda uow: uow.tickets.reopen(ticket.id))
    await desk.write(lambda uow: uow.tickets.close(ticket.id, "staff"))
    assert (await ends(desk))[ticket.id] == end


async def test_that_the_reason_of_a_hand_off_is_one_of_the_list(desk: SmallDesk) -> None:
    lea = await hire(desk, "Lea")
    told = {
        "safety:threat": "safety",
        "half_not_in_knowledge": "not_known",
        "already refunded": "not_allowed",
        "": "asked",
    }
    for raw in told:
        ticket = await desk.ticket()
        await desk.write(lambda uow: uow.tickets.request_handoff(ticket.id, raw))  # noqa: B023
        await desk.write(lambda uow: uow.tickets.human_reply(ticket.id, lea, "Hello", author="Lea"))  # noqa: B023
    stepped_in = await desk.ticket()
    await desk.write(lambda uow: uow.tickets.take_over(stepped_in.id, lea, "Lea"))
    since = desk.clock.now() - ENDLESS
    found = await desk.read(lambda uow: uow.outcomes.tickets(since, end="handed"))
    assert sorted(item.reason for item in found) == sorted([*told.values(), "staff"])
    assert {reason_of(raw) for raw in told} | {"staff"} <= set(REASONS)
    assert await desk.read(lambda uow: uow.outcomes.tickets(since, reason="money")) == ()
