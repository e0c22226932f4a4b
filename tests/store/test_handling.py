"""What is settled beside answering: who has a ticket, how it ended, what was read, what is counted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from graph.errors import Conflict
from store.repositories.inbox_counts import Kind, fold
from store.unit import UnitOfWork
from store.values.scope import Scope
from store.values.tickets import InboxFilters
from tests.store.desk import SmallDesk

KIND = Kind(6, "cmp_1", "awaiting_customer", False, False, "en", "faq_query", "", 10)


async def hire(desk: SmallDesk, name: str) -> str:
    """A member of staff of the first company."""

    def create(uow: UnitOfWork) -> str:
        user = uow.staff.create(f"{name}@example.com", "hash", name=name)
        uow.staff.grant(user.id, desk.company.id, "lead")
        return user.id

    return await desk.store.write(Scope.operator(), create)


def test_that_each_count_respects_the_other_filters_but_not_its_own() -> None:
    kinds = [
        KIND,
        KIND._replace(language="hinglish", tickets=5),
        KIND._replace(language="hinglish", intent="greeting", tickets=3),
        KIND._replace(place=7, status="resolved", tickets=100),
    ]
    counts = fold(kinds, InboxFilters(group="open", language="hinglish"))
    assert counts.total == 8
    assert counts.by_language == {"en": 10, "hinglish": 8}
    assert counts.by_intent == {"faq_query": 5, "greeting": 3}
    assert counts.by_group == {"customer": 8}
    everything = fold(kinds, InboxFilters(language="en"))
    assert everything.by_group == {"customer": 10, "resolved": 100}
    assert everything.by_assignee == {"nobody": 110}


async def test_that_the_closed_are_counted_beside_the_open(desk: SmallDesk) -> None:
    one, two = await desk.ticket(), await desk.ticket()
    for ticket in (one, two):
        await desk.answered(ticket.id)
    await desk.write(lambda uow: uow.tickets.close(two.id, "staff"))
    page = await desk.read(lambda uow: uow.tickets.inbox(InboxFilters(group="open")))
    assert (page.total, page.by_group) == (1, {"customer": 1, "resolved": 1})
    assert [row.ticket.id for row in page.rows] == [one.id]


async def test_that_urgent_waits_come_before_others_and_an_offer_has_its_own_place(desk: SmallDesk) -> None:
    calm, urgent, offered, busy = [await desk.ticket() for _ in range(4)]
    for ticket in (calm, urgent, offered, busy):
        desk.clock.move(seconds=1)
        await desk.answered(ticket.id, handoff_offered=ticket is offered)
    for ticket in (calm, urgent):
        await desk.write(lambda uow, one=ticket: uow.tickets.request_handoff(one.id))  # type: ignore[misc]
    await desk.write(lambda uow: uow.tickets.prioritise(urgent.id, "urgent"))
    await desk.accept(busy.id, "And one more thing")
    page = await desk.read(lambda uow: uow.tickets.inbox(InboxFilters(group="open")))
    assert [(row.ticket.id, row.ticket.place) for row in page.rows] == [
        (urgent.id, 0),
        (calm.id, 1),
        (offered.id, 4),
        (busy.id, 5),
    ]


async def test_that_labels_on_the_row_are_those_of_the_ticket(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.answered(ticket.id, tags=("refund", "billing"))
    await desk.write(lambda uow: uow.tickets.tag(ticket.id, ("vip", "refund")))
    page = await desk.read(lambda uow: uow.tickets.inbox(InboxFilters(tag="vip")))
    assert page.rows[0].tags == ("refund", "vip") == await desk.read(lambda uow: uow.tickets.tags(ticket.id))
    assert page.by_tag == {"refund": 1, "vip": 1}


async def test_that_a_ticket_is_not_taken_from_whoever_took_it_since(desk: SmallDesk) -> None:
    lea, dev = await hire(desk, "Lea"), await hire(desk, "Dev")
    ticket = await desk.ticket()
    await desk.write(lambda uow: uow.tickets.assign(ticket.id, lea, "Lea"))
    with pytest.raises(Conflict):
        await desk.write(lambda uow: uow.tickets.assign(ticket.id, dev, "Dev"))
    await desk.write(lambda uow: uow.tickets.assign(ticket.id, dev, "Dev", held_by=lea))
    taken = await desk.read(lambda uow: uow.tickets.get(ticket.id))
    assert (taken.assignee_id, taken.human_owned, taken.status) == (dev, True, "in_progress")


async def test_that_a_colleague_s_answer_since_is_told(desk: SmallDesk) -> None:
    lea, dev = await hire(desk, "Lea"), await hire(desk, "Dev")
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    seen = (await desk.read(lambda uow: uow.tickets.get(ticket.id))).event_seq
    await desk.write(lambda uow: uow.tickets.human_reply(ticket.id, lea, "Mine", author="Lea"))
    assert await desk.read(lambda uow: uow.tickets.told_since(ticket.id, seen, dev)) == "Lea"
    assert await desk.read(lambda uow: uow.tickets.told_since(ticket.id, seen, lea)) is None


async def test_that_a_reply_that_is_being_made_can_be_stopped(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()
    await desk.flush(claim, (0, "It takes"))
    await desk.write(lambda uow: uow.tickets.stop_reply(ticket.id))
    events = await desk.read(lambda uow: uow.tickets.events(ticket.id))
    assert [event.name for event in events[-3:]] == ["reset", "done", "status"]
    assert events[-2].data["kind"] == "stopped"
    stopped = await desk.read(lambda uow: uow.tickets.get(ticket.id))
    assert (stopped.status, stopped.waiting_since) == ("awaiting_customer", None)
    assert await desk.write(lambda uow: uow.tickets.stop_reply(ticket.id)) == []


async def test_that_silence_closes_by_policy_and_a_message_opens_again(desk: SmallDesk) -> None:
    silent, owned = await desk.ticket(), await desk.ticket()
    lea = await hire(desk, "Lea")
    for ticket in (silent, owned):
        await desk.answered(ticket.id)
    await desk.write(lambda uow: uow.tickets.human_reply(owned.id, lea, "Hello", author="Lea"))
    moment = desk.clock.now()
    desk.clock.move(hours=25)
    due = moment + timedelta(seconds=1)
    assert await desk.read(lambda uow: uow.tickets.silent_since(desk.company.id, moment)) == []
    assert await desk.read(lambda uow: uow.tickets.silent_since(desk.company.id, due)) == [silent.id]
    await desk.write(lambda uow: uow.tickets.close_silent(silent.id))
    closed = await desk.read(lambda uow: uow.tickets.get(silent.id))
    assert (closed.status, closed.outcome, closed.place) == ("resolved", "assumed", 7)
    await desk.write(lambda uow: uow.tickets.conclude(silent.id, "yes", "thanks"))
    assert (await desk.read(lambda uow: uow.tickets.get(silent.id))).outcome == "confirmed"
    await desk.accept(silent.id, "One more thing")
    again = await desk.read(lambda uow: uow.tickets.get(silent.id))
    assert (again.status, again.outcome, again.reopened) == ("in_progress", None, 1)


async def test_that_what_was_read_and_who_is_here_are_known_per_reader(desk: SmallDesk) -> None:
    lea, dev = await hire(desk, "Lea"), await hire(desk, "Dev")
    ticket = await desk.ticket()
    await desk.write(lambda uow: uow.desk_work.read(ticket.id, lea, 7))
    await desk.write(lambda uow: uow.desk_work.read(ticket.id, lea, 3))
    since = desk.clock.now() - timedelta(seconds=25)
    assert await desk.read(lambda uow: uow.desk_work.reads(lea, [ticket.id])) == {ticket.id: 7}
    assert await desk.read(lambda uow: uow.desk_work.reads(dev, [ticket.id])) == {}
    assert await desk.read(lambda uow: uow.desk_work.watchers(ticket.id, since)) == ((lea, "Lea"),)
    desk.clock.move(seconds=30)
    later = desk.clock.now() - timedelta(seconds=25)
    assert await desk.read(lambda uow: uow.desk_work.watchers(ticket.id, later)) == ()


async def test_that_a_greeting_is_no_subject_once_there_is_a_question(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.answered(ticket.id, "hi", intent="greeting", kind="clarify")
    await desk.answered(ticket.id, "Where is my parcel?")
    await desk.answered(ticket.id, "And the refund?")
    assert (await desk.read(lambda uow: uow.tickets.get(ticket.id))).subject == "Where is my parcel?"


def test_that_filters_without_a_choice_count_everything() -> None:
    assert fold([KIND], replace(InboxFilters(), needs_person=True)).total == 0
    assert fold([KIND._replace(handoff_available=True)], InboxFilters(needs_person=True)).total == 10
