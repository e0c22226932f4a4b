"""What a run writes while it lasts and when it ends."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from graph.errors import LeaseLost
from store.values.turns import ReceiptRecord, StepRecord
from tests.store.desk import RESULT, SmallDesk

DIALECTS = ("sqlite", "postgresql")


async def test_that_sentences_are_events_of_the_reply(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()
    loaded = await desk.read(lambda uow: uow.turns.load(claim.turn_id))

    events = await desk.flush(claim, (0, "One."), (1, "Two."))

    assert [event.data for event in events] == [
        {"messageId": loaded.reply_id, "turnId": claim.turn_id, "index": 0, "text": "One."},
        {"messageId": loaded.reply_id, "turnId": claim.turn_id, "index": 1, "text": "Two."},
    ]


async def test_that_a_resumed_run_does_not_repeat_its_sentences(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()
    await desk.flush(claim, (0, "One."))

    assert await desk.flush(claim, (0, "One.")) == []
    events = await desk.flush(claim, (0, "One."), (1, "Two."))

    assert [event.data["index"] for event in events] == [1]
    assert (await desk.turn(claim.turn_id)).flushed == 2


async def test_that_a_run_that_says_it_otherwise_begins_its_reply_anew(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()
    await desk.flush(claim, (0, "One."), (1, "Two."))

    events = await desk.flush(claim, (1, "Zwei."))

    assert [(event.name, event.data.get("text")) for event in events] == [
        ("reset", None),
        ("delta", "One."),
        ("delta", "Zwei."),
    ]
    assert (await desk.turn(claim.turn_id)).flushed == 2


async def test_that_sentences_that_come_with_the_reply_are_told_before_it_and_once(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()
    await desk.flush(claim, (0, "One."))

    events = await desk.write(
        lambda uow: uow.turns.complete(
            claim.turn_id, claim.token, RESULT, sentences=[(0, "One."), (1, "Two.")]
        )
    )

    assert [(event.name, event.data.get("index")) for event in events][:2] == [
        ("delta", 1),
        ("message", None),
    ]
    assert (await desk.names(ticket.id)).count("delta") == 2
    assert (await desk.turn(claim.turn_id)).flushed == 2


async def test_that_withdrawn_sentences_may_be_said_again(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()
    await desk.flush(claim, (0, "One."))

    withdrawn = await desk.write(lambda uow: uow.turns.withdraw(claim.turn_id, claim.token))
    nothing = await desk.write(lambda uow: uow.turns.withdraw(claim.turn_id, claim.token))
    again = await desk.flush(claim, (0, "One."))

    assert ([event.name for event in withdrawn], nothing, len(again)) == (["reset"], [], 1)


async def test_that_completion_writes_reply_events_and_ticket_at_once(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()

    events = await desk.complete(
        claim,
        handoff_offered=True,
        handoff_reason="low_confidence",
        confirm={"offerId": "off_1", "tool": "reboot_node", "question": "Reboot?", "details": {}},
        ask="identity",
        citations=({"number": 1, "title": "Timing", "url": "/t", "source_id": "ent_1"},),
        tags=("delivery", "policy"),
        memory={"intent": "faq_query"},
        tool_calls=({"tool": "order_lookup", "status": "success"},),
    )

    assert [event.name for event in events] == [
        "tool",
        "message",
        "handoff",
        "confirm",
        "verify",
        "status",
        "done",
    ]
    assert events[1].data["citations"] == [{"number": 1, "title": "Timing", "url": "/t"}]
    assert events[-1].data == {"turnId": claim.turn_id, "kind": "answer"}
    after = await desk.read(lambda uow: uow.tickets.get(ticket.id))
    assert (after.status, after.waiting_since, after.handoff_available) == ("awaiting_customer", None, True)
    assert (after.memory, after.message_count) == ({"intent": "faq_query"}, 2)
    assert await desk.read(lambda uow: uow.tickets.tags(ticket.id)) == ("delivery", "policy")
    reply = (await desk.read(lambda uow: uow.tickets.messages(ticket.id)))[-1]
    assert (reply.role, reply.text, reply.turn_id) == ("assistant", RESULT.reply, claim.turn_id)


async def test_that_a_second_completion_writes_nothing(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    claim = await desk.answered(ticket.id)
    before = await desk.names(ticket.id)

    with pytest.raises(LeaseLost):
        await desk.complete(claim, reply="Something else.")

    assert await desk.names(ticket.id) == before
    assert (await desk.turn(claim.turn_id)).reply == RESULT.reply


async def test_that_the_trace_is_what_the_run_recorded(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    step = StepRecord(
        seq=0,
        node="triage",
        started_at=desk.clock.now() + timedelta(milliseconds=3),
        ms=1.5,
        input={"question": "How long?"},
        output={"route": "answer"},
    )
    receipt = ReceiptRecord(claim="One minute.", supported=True, source_id="ent_1", reasons=("number",))
    call = {"tool": "order_lookup", "status": "not_found", "arguments": {"orderId": "TL-1"}}

    await desk.answered(ticket.id, steps=(step,), receipts=(receipt,), tool_calls=(call,))

    (trace,) = await desk.read(lambda uow: uow.tickets.trace(ticket.id))
    assert (trace.steps, trace.receipts) == ((step,), (receipt,))
    assert [(item.tool, item.status, item.data) for item in trace.tool_calls] == [
        ("order_lookup", "not_found", call)
    ]
    assert (trace.turn.status, trace.turn.finished_at) == ("done", desk.clock.now())


async def test_that_tools_told_of_on_the_way_are_not_told_of_again(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()
    await desk.write(lambda uow: uow.turns.tool_event(claim.turn_id, claim.token, "order_lookup", "success"))

    calls = ({"tool": "order_lookup", "status": "success"}, {"tool": "create_ticket", "status": "success"})
    events = await desk.complete(claim, tool_calls=calls)

    assert [event.data["name"] for event in events if event.name == "tool"] == ["create_ticket"]


async def test_that_a_failed_turn_still_tells_the_customer(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()

    events = await desk.write(
        lambda uow: uow.turns.fail(claim.turn_id, claim.token, RESULT, "no worker could run it")
    )

    turn = await desk.turn(claim.turn_id)
    assert (turn.status, turn.error) == ("failed", "no worker could run it")
    assert [event.name for event in events] == ["message", "status", "done"]


async def test_that_unanswered_questions_are_counted_by_their_wording(desk: SmallDesk) -> None:
    for text in ("Do you sell hats?", "do you sell  HATS?", "And shoes?"):
        ticket = await desk.ticket()
        await desk.answered(ticket.id, text, gap=text)

    gaps = await desk.read(lambda uow: uow.knowledge.gaps())

    assert [(gap.question, gap.count) for gap in gaps] == [("Do you sell hats?", 2), ("And shoes?", 1)]


async def test_that_an_event_that_cannot_be_written_undoes_the_whole_completion(desk: SmallDesk) -> None:
    ticket = await desk.ticket()
    await desk.accept(ticket.id)
    claim = await desk.claimed()

    with pytest.raises((StatementError, TypeError)) as failure:
        await desk.complete(claim, memory={"not": {"json"}})
    assert "policy" not in str(failure.value), "errors say nothing of what customers wrote"

    assert (await desk.turn(claim.turn_id)).status == "running"
    assert await desk.names(ticket.id) == ["ack", "message"]
    await desk.complete(claim)
