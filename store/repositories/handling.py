"""What staff and customers settle on a ticket beside answering: who has it, how urgent, how it ended."""

from datetime import datetime

from sqlalchemy import select

from graph.errors import Conflict
from store.models.tickets import Messages, Tickets
from store.repositories.events import EventLog
from store.repositories.ownership import Ownership
from store.values.scope import Json
from store.values.tickets import Event, NewEvent, Ticket

OUTCOMES = {"yes": "confirmed", "partly": "partly", "no": "refused"}
"""What the customer says to `Is your problem solved?`, and what becomes of the ticket's outcome."""


class Handling(Ownership):
    """Assignment, priority, reopening and outcome; each change is an event, so that open pages renew."""

    def assign(self, ticket_id: str, user_id: str, author: str, *, held_by: str | None = None) -> list[Event]:
        """Give the ticket to a member of staff; automation stops.

        `held_by` is who had it when the giver looked; `Conflict` when somebody else has taken it since.
        """
        ticket = self._held(ticket_id)
        if ticket.assignee_id not in (None, held_by, user_id):
            raise Conflict("somebody else has taken this ticket in the meantime", field="assignee")
        if ticket.status == "resolved":
            raise Conflict("this ticket is closed; open it again first", field="status")
        if ticket.human_owned and ticket.assignee_id == user_id:
            return []
        given = {"offered": False, "accepted": True, "reason": ticket.escalation_reason, "by": author}
        return self._move(
            ticket,
            [NewEvent("handoff", given)],
            status="in_progress" if ticket.status in ("new", "escalated") else ticket.status,
            layer="human",
            human_owned=True,
            handoff_available=False,
            handed_for=ticket.escalation_reason,
            assignee_id=user_id,
        )

    def prioritise(self, ticket_id: str, priority: str) -> list[Event]:
        """Say how urgent it is."""
        ticket = self._held(ticket_id)
        return EventLog(self._work).append(ticket_id, [self._stands(ticket)], priority=priority)

    def reopen(self, ticket_id: str) -> list[Event]:
        """Go on with a closed ticket; automation answers the customer's next message."""
        ticket = self._held(ticket_id)
        if ticket.status != "resolved":
            return []
        return self._move(
            ticket,
            [],
            status="in_progress",
            layer="triage",
            human_owned=False,
            closed_at=None,
        )

    def stop_reply(self, ticket_id: str) -> list[Event]:
        """The customer stops the reply that is being made; nothing happens when there is none."""
        ticket = self._held(ticket_id)
        stopped = [
            NewEvent(event.name, event.data | {"kind": "stopped"}) if event.name == "done" else event
            for event in self._stop_turns(ticket_id)
        ]
        if not stopped:
            return []
        status = "in_progress" if ticket.human_owned else "awaiting_customer"
        state: Json = {"status": status, "layer": ticket.layer, "humanOwned": ticket.human_owned}
        return EventLog(self._work).append(
            ticket_id,
            [*stopped, NewEvent("status", state)],
            status=status,
            waiting_since=ticket.waiting_since if ticket.human_owned else None,
        )

    def conclude(self, ticket_id: str, answer: str, note: str = "") -> list[Event]:
        """The customer says whether it is solved: yes, partly or no; a later answer replaces it."""
        ticket = self._held(ticket_id)
        said = NewEvent("outcome", {"outcome": OUTCOMES[answer], "note": note})
        return EventLog(self._work).append(
            ticket.id,
            [said],
            outcome=OUTCOMES[answer],
            outcome_note=note,
            outcome_at=self._now(),
        )

    def silent_since(self, company_id: str, moment: datetime, limit: int = 200) -> list[str]:
        """Tickets of a company where the customer was answered before `moment` and has not come back."""
        found = self._db.execute(
            select(Tickets.id)
            .where(
                Tickets.place.in_((4, 6)),
                Tickets.company_id == company_id,
                Tickets.status == "awaiting_customer",
                ~Tickets.human_owned,
                Tickets.updated_at < moment,
                *self._within(Tickets),
            )
            .limit(limit)
        )
        return list(found.scalars())

    def close_silent(self, ticket_id: str) -> list[Event]:
        """Close by policy; that it is solved is assumed, and said so, unless an action has verified it.

        One that is not silent stays open.
        """
        ticket = self._held(ticket_id)
        if ticket.status != "awaiting_customer" or ticket.human_owned:
            return []
        events = self.close(ticket_id, "policy")
        if any(event.name == "outcome" for event in events):
            return events
        assumed = NewEvent("outcome", {"outcome": "assumed", "note": ""})
        return events + EventLog(self._work).append(
            ticket_id, [assumed], outcome="assumed", outcome_at=self._now()
        )

    def told_since(self, ticket_id: str, seen: int, user_id: str) -> str | None:
        """Who else of the staff answered after event `seen`; None when nobody did."""
        author = self._db.execute(
            select(Messages.author)
            .where(
                Messages.ticket_id == ticket_id,
                Messages.seq > seen,
                Messages.role == "human",
                Messages.author_id != user_id,
                *self._within(Messages),
            )
            .order_by(Messages.seq.desc())
            .limit(1)
        ).scalar()
        return None if author is None else str(author) or "a colleague"

    def _stands(self, ticket: Ticket) -> NewEvent:
        state: Json = {"status": ticket.status, "layer": ticket.layer, "humanOwned": ticket.human_owned}
        return NewEvent("status", state)
