"""Accepting a customer's message: one transaction makes message, kept values, turn and events whole."""

from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select

from graph.errors import Conflict, NotFound
from store.models.tickets import Messages, Tickets
from store.repositories.base import Repository, rows_of
from store.repositories.choice import TurnChoice
from store.repositories.events import EventLog, number_of
from store.repositories.kept import KeptValues
from store.repositories.opening import open_ticket
from store.repositories.prepared import Prepared
from store.values.outcomes import REOPENS_WITHIN
from store.values.scope import Json
from store.values.tickets import NewEvent, Ticket
from store.values.turns import Accepted, NewMessage

SUBJECT_LENGTH = 120
_WAKES = frozenset({"awaiting_customer", "resolved"})

_LOCKED = Prepared(
    lambda within: rows_of(
        Tickets, Ticket, Tickets.id == bindparam("ticket"), *within(Tickets)
    ).with_for_update()
)
_KNOWN = Prepared(
    lambda within: select(Messages.id, Messages.turn_id, Messages.body_hash).where(
        Messages.ticket_id == bindparam("ticket"),
        Messages.client_message_id == bindparam("client"),
        *within(Messages),
    )
)


class Acceptance(Repository):
    """Puts a message onto its ticket and decides which turn answers it."""

    def accept(self, new: NewMessage) -> Accepted:
        """Store the message once; `Conflict` when its client id was used for another body."""
        ticket = self._locked(new.ticket_id)
        if again := self._repeated(ticket, new):
            return again
        if ticket.closed_at is not None and self._now() - ticket.closed_at > REOPENS_WITHIN:
            return self.accept(replace(new, ticket_id=self._continuation(ticket)))
        new, fresh = KeptValues(self._work).renumbered(new)
        message_id = self._new_id("msg")
        turn_id, superseded = (
            (None, None) if ticket.human_owned else TurnChoice(self._work).turn_for(ticket, new)
        )
        self._store(ticket, new, message_id, turn_id)
        KeptValues(self._work).keep(ticket.id, message_id, fresh)
        return Accepted(ticket_id=ticket.id, message_id=message_id, turn_id=turn_id, superseded=superseded)

    def _locked(self, ticket_id: str) -> Ticket:
        row = self._run(_LOCKED, ticket=ticket_id).first()
        if row is None:
            raise NotFound("no such ticket", field="ticketId")
        return Ticket(**row._mapping)

    def _repeated(self, ticket: Ticket, new: NewMessage) -> Accepted | None:
        if new.client_message_id is None:
            return None
        known = self._run(_KNOWN, ticket=ticket.id, client=new.client_message_id).first()
        if known is None:
            return None
        if known.body_hash != new.body_hash:
            raise Conflict("this client message id was used for another message", field="clientMessageId")
        return Accepted(ticket_id=ticket.id, message_id=known.id, turn_id=known.turn_id, repeated=True)

    def _continuation(self, ticket: Ticket) -> str:
        """The open ticket that goes on from a closed one, made when there is none."""
        known = self._db.execute(
            select(Tickets.id)
            .where(Tickets.linked_to == ticket.id, Tickets.company_id == ticket.company_id)
            .order_by(Tickets.number.desc())
        ).first()
        if known is not None:
            return str(known.id)
        return open_ticket(
            self._work,
            company_id=ticket.company_id,
            customer_id=ticket.customer_id,
            agent_id=ticket.agent_id,
            session_id=ticket.session_id,
            channel=ticket.channel,
            verified=ticket.verified,
            linked_to=ticket.id,
        ).id

    def _store(self, ticket: Ticket, new: NewMessage, message_id: str, turn_id: str | None) -> None:
        """The message's row, numbered like its event, and what it changes on the ticket."""
        status = "in_progress" if ticket.status in _WAKES else ticket.status
        events = EventLog(self._work).append(
            ticket.id,
            self._events(ticket, new, message_id, turn_id, status),
            **self._changes(ticket, new, status),
        )
        offer_id, offer_accepted = new.offer_answer or (None, None)
        self._insert(
            Messages,
            {
                "id": message_id,
                "created_at": self._now(),
                "ticket_id": ticket.id,
                "company_id": ticket.company_id,
                "seq": number_of(events, "message"),
                "role": "user",
                "text": new.text,
                "display": new.display or new.text,
                "turn_id": turn_id,
                "discarded": new.discarded,
                "slots": tuple(dict.fromkeys(kept.placeholder for kept in new.values)),
                "client_message_id": new.client_message_id,
                "body_hash": new.body_hash,
                "offer_id": offer_id,
                "offer_accepted": offer_accepted,
            },
        )

    def _changes(self, ticket: Ticket, new: NewMessage, status: str) -> dict[str, Any]:
        changes: dict[str, Any] = {"status": status}
        if ticket.waiting_since is None:
            changes["waiting_since"] = self._now()
        if ticket.closed_at is not None:
            changes |= {"closed_at": None, "outcome": None, "reopened": ticket.reopened + 1}
        if not ticket.subject or ticket.intent == "greeting":
            changes["subject"] = (new.display or new.text)[:SUBJECT_LENGTH]
        if new.language_pin is not None:
            changes["language_pin"] = None if new.language_pin == "auto" else new.language_pin
        return changes

    def _events(
        self, ticket: Ticket, new: NewMessage, message_id: str, turn_id: str | None, status: str
    ) -> list[NewEvent]:
        ack = {"messageId": message_id, "turnId": turn_id, "clientMessageId": new.client_message_id}
        said: Json = {
            "id": message_id,
            "role": "user",
            "text": new.display or new.text,
            "citations": [],
            "turnId": turn_id,
            "language": None,
            "kind": None,
            "createdAt": self._now().isoformat(),
        }
        events = [NewEvent("ack", ack), NewEvent("message", said)]
        if new.offer_answer is not None:
            events.append(NewEvent("confirm", {"offerId": new.offer_answer[0], "done": True}))
        if status != ticket.status:
            state = {"status": status, "layer": ticket.layer, "humanOwned": ticket.human_owned}
            events.append(NewEvent("status", state))
        return events
