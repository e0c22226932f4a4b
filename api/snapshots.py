"""A ticket as its customer sees it, whole: what a reload or a lost connection starts from again."""

from typing import Any

from api.wire import Reply
from store.unit import UnitOfWork
from store.values.scope import Json
from store.values.tickets import Event, Message

RECENT_EVENTS = 400


class MessageView(Reply):
    """One message of the conversation."""

    id: str
    role: str
    text: str
    citations: list[Json]
    turn_id: str | None
    language: str | None
    kind: str | None
    author: str | None
    created_at: str
    client_message_id: str | None
    feedback: str | None = None


class Snapshot(Reply):
    """The conversation up to `last_event_id`; the stream goes on from there."""

    id: str
    number: int
    status: str
    layer: str
    human_owned: bool
    last_event_id: int
    messages: list[MessageView]
    handoff: Json
    confirm: Json | None
    verify: Json | None
    live: list[Json]
    """The sentences of a reply that is being made, as `delta` data."""
    pending: bool
    """Whether a reply is being made."""
    outcome: str | None = None
    """What the customer said about the end, or `assumed`."""


def snapshot_of(uow: UnitOfWork, ticket_id: str) -> Snapshot:
    """Read it all in one transaction."""
    ticket = uow.tickets.get(ticket_id)
    ratings = uow.tickets.ratings(ticket_id)
    events = uow.tickets.events(ticket_id, max(0, ticket.event_seq - RECENT_EVENTS), RECENT_EVENTS)
    active = [turn for turn in uow.turns.of_ticket(ticket_id) if turn.status in ("queued", "running")]
    running = next((turn.id for turn in active if turn.status == "running"), None)
    return Snapshot(
        id=ticket.id,
        number=ticket.number,
        status=ticket.status,
        layer=ticket.layer,
        human_owned=ticket.human_owned,
        last_event_id=ticket.event_seq,
        messages=[_message(item, ratings) for item in uow.tickets.messages(ticket_id)],
        handoff={
            "offered": ticket.handoff_available,
            "accepted": ticket.human_owned,
            "reason": ticket.escalation_reason if ticket.handoff_available else "",
            "waiting": ticket.status == "escalated",
            "joined": ticket.human_owned and ticket.assignee_id is not None,
        },
        confirm=_open_offer(events),
        verify=_open_check(events),
        live=_live(events, running),
        pending=bool(active) and not ticket.human_owned,
        outcome=ticket.outcome,
    )


def _message(message: Message, ratings: dict[str, str]) -> MessageView:
    return MessageView(
        id=message.id,
        role=message.role,
        text=message.display or message.text,
        citations=[_citation(item) for item in message.citations],
        turn_id=message.turn_id,
        language=message.language,
        kind=message.kind,
        author=message.author or None,
        created_at=message.created_at.isoformat(),
        client_message_id=message.client_message_id,
        feedback=ratings.get(message.id),
    )


def _citation(item: Json) -> Json:
    return {"number": item.get("number"), "title": item.get("title", ""), "url": item.get("url", "")}


def _open_offer(events: list[Event]) -> Json | None:
    """The newest offer that still waits for a yes; words said after it make it stale."""
    found: dict[str, Any] | None = None
    for event in events:
        if event.name == "confirm":
            found = None if event.data.get("done") else event.data
        elif event.name == "message" and event.data.get("role") in ("user", "assistant", "human"):
            found = None
    return found


def _open_check(events: list[Event]) -> Json | None:
    found: dict[str, Any] | None = None
    for event in events:
        if event.name == "verify":
            found = event.data if event.data.get("needed") else None
        elif event.name == "message" and event.data.get("role") == "user":
            found = None
    return found


def _live(events: list[Event], running: str | None) -> list[Json]:
    live: dict[int, Json] = {}
    for event in events:
        if event.name == "reset":
            live.clear()
        elif event.name == "delta" and running is not None and event.data.get("turnId") == running:
            live[int(event.data["index"])] = event.data
    return [live[index] for index in sorted(live)]
