"""What becomes of a customer's message, whatever the ticket is doing."""

import asyncio

import pytest

from graph.errors import Conflict, LeaseLost, NotFound
from store.values.turns import KeptValue
from tests.store.desk import SmallDesk

EMAIL = KeptValue("[email_1]", "email", "anna@example.com", "an•••@example.com")
OTHER_EMAIL = KeptValue("[email_1]", "email", "mark@example.com", "ma•••@example.com")

DIALECTS = ("sqlite", "postgresql")


async def test_that_a_message_is_stored_with_its_turn_and_its_events(desk: SmallDesk) -> None:
    ticket = await desk.ticket()

    accepted = await desk.accept(ticket.id, client_message_id="one")

    turn = await desk.turn(accepted.turn_id)
    assert (turn.status, turn.question) == ("queued", "How long does it take?")
    events = await desk.read(lambda uow: uow.tickets.events(ticket.id))
    assert events[0].data == {
        "messageId": accepted.message_id,
        "turnId": accepted.turn_id,
        "clientMessageId": "one",
    }
    assert (events[1].name, events[1].data["role"]) == ("message", "user")
    after = await desk.read(lambda uow: uow.tickets.get(ticket.id))
    assert (after.status, after.message_count, after.subject) == ("new", 1, "How long does it take?")
    assert after.waiting_since == desk.clock.now()


async def test_that_a_repeated_client_id_gives_the_first_result(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    first = await desk.accept(ticket.id, client_message_id="one")

    second = await desk.accept(ticket.id, client_message_id="one")

    assert second.repeated
    assert (second.message_id, second.turn_id) == (first.message_id, first.turn_id)
    assert await desk.names(ticket.id) == ["ack", "message"]


async def test_that_a_repeated_client_id_with_another_body_is_refused(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id, client_message_id="one")

    with pytest.raises(Conflict) as refusal:
        await desk.accept(ticket.id, "Something else", client_message_id="one")

    assert refusal.value.field == "clientMessageId"
    assert await desk.names(ticket.id) == ["ack", "message"]


async def test_that_twenty_copies_at_once_are_one_message(desk: SmallDesk) -> None:
    ticket = await desk.ticket()

    results = await asyncio.gather(*(desk.accept(ticket.id, client_message_id="one") for _ in range(20)))

    assert {result.message_id for result in results} == {results[0].message_id}
    assert {result.turn_id for result in results} == {results[0].turn_id}
    assert sum(not result.repeated for result in results) == 1
    assert await desk.names(ticket.id) == ["ack", "message"]


async def test_that_a_message_joins_the_queued_turn(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    first = await desk.accept(ticket.id, "My order")

    second = await desk.accept(ticket.id, "where is it?", threshold=0.8)

    assert second.turn_id == first.turn_id
    turn = await desk.claimed()
    loaded = await desk.read(lambda uow: uow.turns.load(turn.turn_id))
    assert loaded.text == "My order\nwhere is it?"
    assert loaded.message_ids == (first.message_id, second.message_id)
    assert loaded.threshold == 0.8


async def test_that_a_message_supersedes_a_turn_that_has_said_nothing(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    first = await desk.accept(ticket.id, "My order", threshold=0.9, safety_mode="strict")
    claim = await desk.claimed()

    second = await desk.accept(ticket.id, "where is it?")

    assert (second.superseded, second.turn_id != first.turn_id) == (first.turn_id, True)
    old, new = await desk.turn(first.turn_id), await desk.turn(second.turn_id)
    assert (old.status, old.superseded_by) == ("superseded", new.id)
    assert (new.status, new.question) == ("queued", "My order\nwhere is it?")
    with pytest.raises(LeaseLost):
        await desk.flush(claim, (0, "Hello."))
    with pytest.raises(LeaseLost):
        await desk.complete(claim)
    loaded = await desk.read(lambda uow: uow.turns.load(new.id))
    assert loaded.message_ids == (first.message_id, second.message_id)
    assert (loaded.threshold, loaded.safety_mode) == (0.9, "strict")


async def test_that_a_message_waits_behind_a_turn_that_has_spoken(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    first = await desk.accept(ticket.id, "My order")
    claim = await desk.claimed()
    await desk.flush(claim, (0, "One moment."))

    second = await desk.accept(ticket.id, "where is it?")

    assert second.superseded is None
    assert await desk.store.claim("another", 30) is None, "two runs on one ticket"
    await desk.complete(claim)
    ticket = await desk.read(lambda uow: uow.tickets.get(ticket.id))
    assert ticket.status == "in_progress", "the second message still waits"
    assert (await desk.claimed()).turn_id == second.turn_id != first.turn_id


async def test_that_a_message_waits_behind_a_turn_that_has_acted(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id, "Reboot my node")
    claim = await desk.claimed()

    await desk.write(
        lambda uow: uow.ledger.begin(
            desk.company.id, ticket.id, claim.turn_id, "key", "reboot_node", {"id": "ND-1"}
        )
    )

    accepted = await desk.accept(ticket.id, "please")

    assert accepted.superseded is None
    assert (await desk.turn(claim.turn_id)).status == "running"


async def test_that_a_persons_ticket_gets_the_message_and_no_turn(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.write(lambda uow: uow.tickets.request_handoff(ticket.id))

    accepted = await desk.accept(ticket.id)

    assert accepted.turn_id is None
    assert await desk.store.claim("worker", 30) is None
    messages = await desk.read(lambda uow: uow.tickets.messages(ticket.id))
    assert [message.id for message in messages] == [accepted.message_id]
    assert (await desk.read(lambda uow: uow.tickets.get(ticket.id))).status == "escalated"


async def test_that_a_message_soon_after_closing_reopens_the_ticket(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.answered(ticket.id)
    await desk.write(lambda uow: uow.tickets.close(ticket.id, "customer"))
    desk.clock.move(hours=71)

    accepted = await desk.accept(ticket.id, "One more thing")

    assert accepted.ticket_id == ticket.id
    after = await desk.read(lambda uow: uow.tickets.get(ticket.id))
    assert (after.status, after.closed_at) == ("in_progress", None)


async def test_that_a_message_long_after_closing_opens_one_linked_ticket(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.answered(ticket.id)
    await desk.write(lambda uow: uow.tickets.close(ticket.id, "customer"))
    desk.clock.move(hours=73)

    accepted = await desk.accept(ticket.id, "One more thing", client_message_id="late")
    again = await desk.accept(ticket.id, "One more thing", client_message_id="late")
    next_one = await desk.accept(ticket.id, "And another")

    assert accepted.ticket_id != ticket.id
    assert (again.ticket_id, again.message_id, again.repeated) == (
        accepted.ticket_id,
        accepted.message_id,
        True,
    )
    assert next_one.ticket_id == accepted.ticket_id
    linked = await desk.read(lambda uow: uow.tickets.get(accepted.ticket_id))
    assert (linked.linked_to, linked.number) == (ticket.id, ticket.number + 1)


async def test_that_an_answer_to_an_offer_reaches_the_turn(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    accepted = await desk.accept(ticket.id, "Yes", offer_answer=("off_1", True))
    claim = await desk.claimed(accepted.turn_id)

    loaded = await desk.read(lambda uow: uow.turns.load(claim.turn_id))

    assert (loaded.confirmed_offer, loaded.refused_offer) == ("off_1", None)
    assert await desk.names(ticket.id) == ["ack", "message", "confirm"]


async def test_that_a_ticket_calls_each_value_by_one_name(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id, "I am [email_1]", values=(EMAIL,))

    await desk.accept(ticket.id, "not [email_1]", values=(OTHER_EMAIL,))
    await desk.accept(ticket.id, "but [email_1]", values=(EMAIL,))

    messages = await desk.read(lambda uow: uow.tickets.messages(ticket.id))
    assert [message.text for message in messages] == ["I am [email_1]", "not [email_2]", "but [email_1]"]
    second = await desk.read(lambda uow: uow.turns.open_value(ticket.id, "[email_2]"))
    assert second == "mark@example.com"


async def test_that_an_unknown_ticket_takes_no_message(desk: SmallDesk) -> None:
    with pytest.raises(NotFound):
        await desk.accept("tkt_none")
