"""A ticket's stream for its customer: the stored events after a number, then whatever comes."""

from collections.abc import AsyncIterator, Sequence

from api.desk import Desk
from api.hub import PAGE, Note, notes_of
from api.snapshots import snapshot_of
from store.values.scope import Scope
from store.values.tickets import Ticket

HIDDEN = frozenset({"note", "presence", "outcome"})
"""What is for staff only, although some of it has a number in the ticket's sequence."""


async def follow_ticket(
    desk: Desk, ticket: Ticket, after: int | None, *, staff: bool = False
) -> AsyncIterator[Sequence[Note]]:
    """Events after `after` without end; a number that the ticket never gave out gets a snapshot first.

    Those that are there at once come together.
    """
    scope = Scope.of(ticket.company_id)
    if after is None or after > ticket.event_seq:
        snapshot = await desk.store.read(scope, lambda uow: snapshot_of(uow, ticket.id))
        after = snapshot.last_event_id
        yield (Note("reset", {"snapshot": snapshot.model_dump(mode="json")}, after),)

    async def read_after(last: int) -> Sequence[Note]:
        events = await desk.store.glance(scope, lambda uow: uow.tickets.events(ticket.id, last, PAGE))
        return notes_of(events)

    async for notes in desk.hub.follow(ticket.id, after, read_after, customer=not staff):
        if shown := [note for note in notes if staff or note.name not in HIDDEN]:
            yield shown


async def follow_turn(desk: Desk, ticket: Ticket, after: int, turn_id: str) -> AsyncIterator[Note]:
    """The events of one turn, up to its `done`; a turn that took its place counts as the same."""
    async for notes in follow_ticket(desk, ticket, after):
        for note in notes:
            yield note
            if note.name == "ack" and note.data.get("turnId") is not None:
                turn_id = str(note.data["turnId"])
            if note.name == "done" and note.data.get("turnId") == turn_id:
                return
