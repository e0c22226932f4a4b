"""Automation and people on one ticket: who has it, and what happens to the other."""

import pytest

from graph.errors import Conflict, LeaseLost, NotFound
from store.values.people import StaffUser
from store.values.scope import Scope
from store.values.tickets import InboxFilters
from tests.store.desk import SmallDesk

DIALECTS = ("sqlite", "postgresql")


async def staff(desk: SmallDesk, email: str = "lead@example.com") -> StaffUser:
    """A member of staff."""
    return await desk.store.write(Scope.operator(), lambda uow: uow.staff.create(email, "hash"))


async def test_that_a_take_over_stops_the_reply_that_is_being_said(desk: SmallDesk) -> None:
    ticket, lead = await desk.ticket(), await staff(desk)
    await desk.accept(ticket.id)
    claim = await desk.claimed()
    await desk.flush(claim, (0, "One."))

    events = await desk.write(lambda uow: uow.tickets.take_over(ticket.id, lead.id, "Lea"))

    assert [event.name for event in events] == ["reset", "done", "handoff", "status"]
    with pytest.raises(LeaseLost):
        await desk.flush(claim, (1, "Two."))
    with pytest.raises(LeaseLost):
        await desk.complete(claim)
    after = await desk.read(lambda uow: uow.tickets.get(ticket.id))
    assert (after.status, after.human_owned, after.assignee_id) == ("in_progress", True, lead.id)


async def test_that_a_ticket_has_one_assignee(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    lead, agent = await staff(desk), await staff(desk, "agent@example.com")
    await desk.write(lambda uow: uow.tickets.take_over(ticket.id, lead.id, "Lea"))

    assert await desk.write(lambda uow: uow.tickets.take_over(ticket.id, lead.id, "Lea")) == []
    with pytest.raises(Conflict):
        await desk.write(lambda uow: uow.tickets.take_over(ticket.id, agent.id, "Ari"))


async def test_that_an_accepted_hand_off_escalates_once(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.answered(ticket.id, handoff_offered=True, handoff_reason="explicit_request")

    events = await desk.write(lambda uow: uow.tickets.request_handoff(ticket.id))
    again = await desk.write(lambda uow: uow.tickets.request_handoff(ticket.id))

    assert [event.name for event in events] == ["handoff", "status"]
    assert events[0].data["reason"] == "explicit_request"
    assert again == []
    after = await desk.read(lambda uow: uow.tickets.get(ticket.id))
    assert (after.status, after.layer, after.handoff_available) == ("escalated", "human", False)


async def test_that_a_declined_hand_off_is_no_longer_offered(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.answered(ticket.id, handoff_offered=True)

    events = await desk.write(lambda uow: uow.tickets.decline_handoff(ticket.id))

    assert events[0].data["offered"] is False
    assert await desk.write(lambda uow: uow.tickets.decline_handoff(ticket.id)) == []


async def test_that_a_persons_reply_waits_for_the_customer_and_keeps_the_ticket(desk: SmallDesk) -> None:
    ticket, lead = await desk.ticket(), await staff(desk)
    await desk.accept(ticket.id)
    await desk.write(lambda uow: uow.tickets.request_handoff(ticket.id))

    events = await desk.write(
        lambda uow: uow.tickets.human_reply(ticket.id, lead.id, "I am on it.", author="Lea")
    )

    said = events[0].data
    assert (said["role"], said["text"], said["author"]) == ("human", "I am on it.", "Lea")
    after = await desk.read(lambda uow: uow.tickets.get(ticket.id))
    assert (after.status, after.human_owned, after.waiting_since) == ("awaiting_customer", True, None)
    assert after.message_count == 2


async def test_that_a_ticket_handed_back_is_answered_by_automation_again(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.write(lambda uow: uow.tickets.request_handoff(ticket.id))

    await desk.write(lambda uow: uow.tickets.hand_back(ticket.id))

    accepted = await desk.accept(ticket.id)
    assert (await desk.claimed()).turn_id == accepted.turn_id


async def test_that_closing_stops_the_run_and_happens_once(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()

    events = await desk.write(lambda uow: uow.tickets.close(ticket.id, "customer"))

    assert [event.name for event in events] == ["done", "status"]
    assert events[-1].data == {
        "status": "resolved",
        "layer": "triage",
        "humanOwned": False,
        "by": "customer",
    }
    assert await desk.write(lambda uow: uow.tickets.close(ticket.id, "customer")) == []
    with pytest.raises(LeaseLost):
        await desk.complete(claim)


async def test_that_a_note_is_for_staff_only(desk: SmallDesk) -> None:
    ticket, lead = await desk.ticket(), await staff(desk)

    await desk.write(lambda uow: uow.tickets.note(ticket.id, lead.id, "VIP", author="Lea"))

    assert await desk.read(lambda uow: uow.tickets.messages(ticket.id)) == ()
    (note,) = await desk.read(lambda uow: uow.tickets.messages(ticket.id, notes=True))
    assert (note.role, note.text) == ("note", "VIP")
    events = await desk.read(lambda uow: uow.tickets.events(ticket.id))
    assert "VIP" not in str(events)


async def test_that_feedback_belongs_to_a_reply_and_may_be_changed(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.answered(ticket.id)
    question, reply = await desk.read(lambda uow: uow.tickets.messages(ticket.id))

    await desk.write(lambda uow: uow.tickets.feedback(ticket.id, reply.id, "up"))
    await desk.write(lambda uow: uow.tickets.feedback(ticket.id, reply.id, "down", "wrong price"))

    assert await desk.read(lambda uow: uow.tickets.ratings(ticket.id)) == {reply.id: "down"}
    with pytest.raises(NotFound):
        await desk.write(lambda uow: uow.tickets.feedback(ticket.id, question.id, "up"))


async def test_that_the_inbox_lists_who_needs_somebody_first(desk: SmallDesk) -> None:
    done, early, late, asked = [await desk.ticket() for _ in range(4)]
    await desk.answered(done.id, tags=("delivery",))
    for ticket in (early, late, asked):
        desk.clock.move(seconds=1)
        await desk.accept(ticket.id, f"My question is number {ticket.number}")
    await desk.write(lambda uow: uow.tickets.request_handoff(asked.id))

    page = await desk.read(lambda uow: uow.tickets.inbox(InboxFilters()))

    assert [row.ticket.id for row in page.rows] == [asked.id, early.id, late.id, done.id]
    assert page.rows[1].last_message == f"My question is number {early.number}"
    assert page.by_status == {"escalated": 1, "new": 2, "awaiting_customer": 1}
    assert page.by_tag == {"delivery": 1}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (InboxFilters(status="new"), 1),
        (InboxFilters(tag="delivery"), 1),
        (InboxFilters(tag="delivery", status="new"), 0),
        (InboxFilters(needs_person=True), 0),
        (InboxFilters(text="REFUND"), 1),
        (InboxFilters(text="1%0"), 0),
        (InboxFilters(intent="faq_query"), 1),
        (InboxFilters(language="en"), 1),
        (InboxFilters(company_id="cmp_none"), 0),
    ],
)
async def test_that_the_inbox_filters(desk: SmallDesk, filters: InboxFilters, found: int) -> None:
    first, second = await desk.ticket(), await desk.ticket()
    await desk.answered(first.id, tags=("delivery",))
    await desk.accept(second.id, "I want a refund, 100 rupees")

    page = await desk.read(lambda uow: uow.tickets.inbox(filters))

    assert (page.total, len(page.rows)) == (found, found)
