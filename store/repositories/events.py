"""The one way in which events are written: under the ticket's row, with the next numbers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update

from graph.errors import NotFound
from store.models.tickets import Events, Tickets
from store.repositories.base import Repository
from store.repositories.prepared import Prepared
from store.values.tickets import Event, NewEvent

_NUMBER = Prepared(
    lambda within: (
        update(Tickets)
        .where(Tickets.id == bindparam("ticket"), *within(Tickets))
        .values(
            event_seq=Tickets.event_seq + bindparam("events"),
            message_count=Tickets.message_count + bindparam("said"),
        )
        .returning(Tickets.event_seq, Tickets.company_id)
    )
)
_AFTER = Prepared(
    lambda within: (
        select(Events.seq, Events.ticket_id, Events.name, Events.data, Events.created_at)
        .where(Events.ticket_id == bindparam("ticket"), Events.seq > bindparam("after"), *within(Events))
        .order_by(Events.seq)
        .limit(bindparam("most"))
    )
)


class EventLog(Repository):
    """Per-ticket events; their numbers start at 1 and have no gaps."""

    def append(self, ticket_id: str, events: Sequence[NewEvent], **changes: Any) -> list[Event]:
        """Number and store the events and set `changes` on the ticket, in one update of its row.

        The ticket's messages are counted by their events.
        """
        now = self._now()
        numbering = {"ticket": ticket_id, "events": len(events), "said": _said(events), "updated_at": now}
        row = self._run(_NUMBER, **numbering, **changes).first()
        if row is None:
            raise NotFound("no such ticket", field="ticketId")
        first = row.event_seq - len(events) + 1
        stored = [
            Event(first + place, ticket_id, event.name, event.data, now) for place, event in enumerate(events)
        ]
        self._insert(
            Events,
            [
                {
                    "ticket_id": ticket_id,
                    "seq": event.id,
                    "company_id": row.company_id,
                    "name": event.name,
                    "data": event.data,
                    "created_at": now,
                    "turn_id": new.turn_id,
                    "sentence": new.sentence,
                }
                for event, new in zip(stored, events, strict=True)
            ],
        )
        self._work.written.setdefault(ticket_id, []).extend(stored)
        return stored

    def after(self, ticket_id: str, seq: int, limit: int) -> list[Event]:
        """At most `limit` events with a higher number than `seq`, in order."""
        return [Event(*row) for row in self._run(_AFTER, ticket=ticket_id, after=seq, most=limit)]

    def newest(self, ticket_id: str) -> int:
        """The number of the ticket's newest event, 0 when it has none."""
        found = self._db.execute(
            select(func.max(Events.seq)).where(Events.ticket_id == ticket_id, *self._within(Events))
        ).scalar()
        return int(found or 0)


def number_of(events: Sequence[Event], name: str) -> int:
    """The number that the first event of this name got."""
    return next(event.id for event in events if event.name == name)


def _said(events: Sequence[NewEvent]) -> int:
    return sum(event.name == "message" for event in events)
