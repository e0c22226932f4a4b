"""Who answers a ticket: automation, or a person who was asked for or who stepped in."""

from typing import Any

from sqlalchemy import delete, select, update

from graph.errors import Conflict, NotFound
from store.models.tickets import Messages, Tickets, TicketTags
from store.models.turns import Ledger, Turns
from store.repositories.base import Repository, rows_of
from store.repositories.events import EventLog, number_of
from store.repositories.labels import copy_labels
from store.values.outcomes import REOPENS_WITHIN
from store.values.scope import Json
from store.values.tickets import Event, Message, NewEvent, Ticket


class Ownership(Repository):
    """Changes of hands; each stops what automation was doing in the same transaction."""

    def request_handoff(self, ticket_id: str, reason: str = "") -> list[Event]:
        """The customer wants a person: escalated, human-owned; asking again changes nothing."""
        ticket = self._held(ticket_id)
        if ticket.human_owned:
            return []
        reason = reason or ticket.escalation_reason
        asked = {"offered": False, "accepted": True, "reason": reason, "waiting": True}
        return self._move(
            ticket,
            [NewEvent("handoff", asked)],
            status="escalated",
            layer="human",
            human_owned=True,
            handoff_available=False,
            handed_for=reason or "asked_for_person",
            escalation_reason=reason,
            waiting_since=ticket.waiting_since or self._now(),
            closed_at=None,
        )

    def decline_handoff(self, ticket_id: str) -> list[Event]:
        """The customer does not want the person that was offered."""
        ticket = self._held(ticket_id)
        if not ticket.handoff_available:
            return []
        refused = NewEvent("handoff", {"offered": False, "accepted": False, "reason": ""})
        return EventLog(self._work).append(ticket_id, [refused], handoff_available=False)

    def take_over(self, ticket_id: str, user_id: str, author: str) -> list[Event]:
        """A member of staff answers from now on; `Conflict` when another one already does."""
        ticket = self._held(ticket_id)
        if ticket.human_owned and ticket.assignee_id == user_id:
            return []
        if ticket.human_owned and ticket.assignee_id is not None:
            raise Conflict("another member of staff has this ticket", field="assignee")
        taken = {"offered": False, "accepted": True, "reason": ticket.escalation_reason, "by": author}
        return self._move(
            ticket,
            [NewEvent("handoff", taken)],
            status="in_progress",
            layer="human",
            human_owned=True,
            handoff_available=False,
            handed_for=ticket.escalation_reason,
            assignee_id=user_id,
        )

    def hand_back(self, ticket_id: str) -> list[Event]:
        """Automation answers again, from the customer's next message on."""
        ticket = self._held(ticket_id)
        status = "awaiting_customer" if ticket.status == "escalated" else ticket.status
        return self._move(ticket, [], status=status, layer="triage", human_owned=False, assignee_id=None)

    def human_reply(self, ticket_id: str, user_id: str, text: str, *, author: str = "") -> list[Event]:
        """A member of staff answers; the ticket is theirs, and it is the customer's turn."""
        ticket = self._held(ticket_id)
        message = self._message(ticket, "human", text, user_id, author)
        events = self._move(
            ticket,
            [NewEvent("message", _said(message))],
            status="awaiting_customer",
            layer="human",
            human_owned=True,
            assignee_id=ticket.assignee_id or user_id,
            handoff_available=False,
            escalation_reason="",
            handoff_note="",
            waiting_since=None,
            closed_at=None,
        )
        self._keep(message, number_of(events, "message"))
        return events

    def note(self, ticket_id: str, user_id: str, text: str, *, author: str = "") -> Message:
        """A remark for staff only; the customer's stream gets a number without its words."""
        ticket = self._held(ticket_id)
        message = self._message(ticket, "note", text, user_id, author)
        events = EventLog(self._work).append(ticket_id, [NewEvent("note", {"id": message.id})])
        self._keep(message, events[0].id)
        return message

    def correct(self, ticket_id: str, user_id: str, text: str, *, author: str = "") -> Message:
        """Set an earlier answer right; the ticket stands and is answered as before."""
        ticket = self._held(ticket_id)
        message = self._message(ticket, "human", text, user_id, author)
        events = EventLog(self._work).append(ticket_id, [NewEvent("message", _said(message))])
        self._keep(message, events[0].id)
        return message

    def close(self, ticket_id: str, by: str) -> list[Event]:
        """The ticket is settled; closing again changes nothing. `by` is customer, staff or policy.

        What an action has settled is verified by the ledger, unless the customer has said how it stands.
        """
        ticket = self._held(ticket_id)
        if ticket.status == "resolved":
            return []
        verified = ticket.outcome is None and ticket.layer != "human" and self._acted(ticket_id)
        known = {"outcome": "verified", "outcome_at": self._now()} if verified else {}
        return self._move(
            ticket,
            [NewEvent("outcome", {"outcome": "verified", "note": ""})] if verified else [],
            **known,
            status="resolved",
            by=by,
            handoff_available=False,
            human_owned=False,
            assignee_id=None,
            waiting_since=None,
            closed_at=self._now(),
        )

    def tag(self, ticket_id: str, names: tuple[str, ...]) -> None:
        """Make these the ticket's labels."""
        owner = {"ticket_id": ticket_id, "company_id": self._held(ticket_id).company_id}
        self._db.execute(delete(TicketTags).where(TicketTags.ticket_id == ticket_id))
        self._insert(TicketTags, [{**owner, "name": name} for name in dict.fromkeys(names)])
        copy_labels(self._work, ticket_id)

    def _acted(self, ticket_id: str) -> bool:
        """Whether a tool has done what the customer wanted; making a case of it settles nothing."""
        done = (Ledger.ticket_id == ticket_id, Ledger.status == "done", Ledger.tool != "create_ticket")
        return self._db.execute(select(Ledger.id).where(*done, *self._within(Ledger))).first() is not None

    def _held(self, ticket_id: str) -> Ticket:
        statement = rows_of(Tickets, Ticket, Tickets.id == ticket_id, *self._within(Tickets))
        ticket = self._find(Ticket, statement.with_for_update())
        if ticket is None:
            raise NotFound("no such ticket", field="ticketId")
        return ticket

    def _move(self, ticket: Ticket, events: list[NewEvent], *, by: str = "", **changes: Any) -> list[Event]:
        """Change the ticket, stop automation, and say so as the last event."""
        state: Json = {
            "status": changes["status"],
            "layer": changes.get("layer", ticket.layer),
            "humanOwned": changes["human_owned"],
        }
        if by:
            state["by"] = by
        if ticket.closed_at is not None and state["status"] != "resolved":
            soon = self._now() - ticket.closed_at <= REOPENS_WITHIN
            changes |= {"outcome": None, "reopened": ticket.reopened + soon}
        stopped = self._stop_turns(ticket.id)
        return EventLog(self._work).append(
            ticket.id, [*stopped, *events, NewEvent("status", state)], **changes
        )

    def _stop_turns(self, ticket_id: str) -> list[NewEvent]:
        """Take queued and running turns from their workers; what they had begun to say is withdrawn."""
        active = self._db.execute(
            select(Turns.id, Turns.reply_id, Turns.flushed)
            .where(Turns.ticket_id == ticket_id, Turns.status.in_(("queued", "running")))
            .with_for_update()
        ).all()
        events: list[NewEvent] = []
        for turn in active:
            self._db.execute(
                update(Turns)
                .where(Turns.id == turn.id)
                .values(status="superseded", token=Turns.token + 1, finished_at=self._now())
            )
            if turn.flushed:
                events.append(NewEvent("reset", {"messageId": turn.reply_id}))
            events.append(NewEvent("done", {"turnId": turn.id, "kind": "superseded"}))
        return events

    def _message(self, ticket: Ticket, role: str, text: str, user_id: str, author: str) -> Message:
        return Message(
            id=self._new_id("msg"),
            ticket_id=ticket.id,
            company_id=ticket.company_id,
            turn_id=None,
            role=role,
            text=text,
            display=text,
            author_id=user_id,
            author=author,
            language=None,
            kind=None,
            citations=(),
            client_message_id=None,
            created_at=self._now(),
        )

    def _keep(self, message: Message, number: int) -> None:
        self._insert(Messages, {**vars(message), "seq": number})


def _said(message: Message) -> Json:
    return {
        "id": message.id,
        "role": message.role,
        "text": message.text,
        "citations": [],
        "turnId": None,
        "language": None,
        "kind": None,
        "author": message.author,
        "createdAt": message.created_at.isoformat(),
    }
