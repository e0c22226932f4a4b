"""Reading tickets and opening them: the conversation as customer, staff and streams see it."""

from sqlalchemy import bindparam, func, select, update

from graph.errors import NotFound
from store.models.tickets import Feedback, Messages, Tickets, TicketTags
from store.repositories.base import Repository, rows_of
from store.repositories.events import EventLog
from store.repositories.opening import open_ticket
from store.repositories.prepared import Prepared
from store.values.people import Session
from store.values.tickets import Event, Message, Ticket

_TICKET = Prepared(
    lambda within: rows_of(Tickets, Ticket, Tickets.id == bindparam("ticket"), *within(Tickets))
)
_MESSAGES = Prepared(
    lambda within: rows_of(
        Messages,
        Message,
        Messages.ticket_id == bindparam("ticket"),
        Messages.role != bindparam("hidden"),
        *within(Messages),
    ).order_by(Messages.seq)
)


class Conversations(Repository):
    """Tickets of the caller's companies; a foreign ticket does not exist."""

    def open(
        self,
        company_id: str,
        customer_id: str | None,
        agent_id: str,
        session_id: str | None,
        channel: str,
        *,
        verified: bool = False,
    ) -> Ticket:
        """Make a new ticket; it has no message yet."""
        self._check(company_id)
        return open_ticket(
            self._work,
            company_id=company_id,
            customer_id=customer_id,
            agent_id=agent_id,
            session_id=session_id,
            channel=channel,
            verified=verified,
        )

    def get(self, ticket_id: str) -> Ticket:
        """The ticket, or `NotFound`."""
        ticket = self._get(Ticket, _TICKET, ticket=ticket_id)
        if ticket is None:
            raise NotFound("no such ticket", field="ticketId")
        return ticket

    def by_number(self, number: int) -> Ticket:
        """The ticket with this number, or `NotFound`."""
        statement = rows_of(Tickets, Ticket, Tickets.number == number, *self._within(Tickets))
        ticket = self._find(Ticket, statement)
        if ticket is None:
            raise NotFound("no such ticket", field="ticketId")
        return ticket

    def get_owned(self, ticket_id: str, session: Session) -> Ticket:
        """The ticket if it is the session's, or its proven customer's; otherwise as if it did not exist."""
        ticket = self.get(ticket_id)
        mine = ticket.session_id == session.id
        proven = session.verified and session.customer_id is not None and ticket.verified
        if ticket.company_id != session.company_id or not (
            mine or (proven and ticket.customer_id == session.customer_id)
        ):
            raise NotFound("no such ticket", field="ticketId")
        return ticket

    def by_client_message(self, company_id: str, channel: str, client_message_id: str) -> Ticket | None:
        """The ticket of the channel that a message with this client id opened or went on with, if any."""
        ticket_id = (
            select(Messages.ticket_id)
            .join(Tickets, Tickets.id == Messages.ticket_id)
            .where(
                Messages.client_message_id == client_message_id,
                Tickets.company_id == company_id,
                Tickets.channel == channel,
            )
            .order_by(Messages.created_at)
            .limit(1)
            .scalar_subquery()
        )
        return self._find(Ticket, rows_of(Tickets, Ticket, Tickets.id == ticket_id, *self._within(Tickets)))

    def of_session(self, session_id: str) -> tuple[Ticket, ...]:
        """The tickets of a customer's session, newest first."""
        statement = rows_of(Tickets, Ticket, Tickets.session_id == session_id, *self._within(Tickets))
        return self._list(Ticket, statement.order_by(Tickets.number.desc()))

    def of_customer(self, customer_id: str) -> tuple[Ticket, ...]:
        """All tickets of a customer, newest first."""
        statement = rows_of(Tickets, Ticket, Tickets.customer_id == customer_id, *self._within(Tickets))
        return self._list(Ticket, statement.order_by(Tickets.number.desc()))

    def identify(self, ticket_id: str, customer_id: str, *, verified: bool) -> None:
        """Say whose ticket it is, and whether that has been proven."""
        self.get(ticket_id)
        self._db.execute(
            update(Tickets)
            .where(Tickets.id == ticket_id, *self._within(Tickets))
            .values(customer_id=customer_id, verified=verified, updated_at=self._now())
        )

    def messages(self, ticket_id: str, *, notes: bool = False) -> tuple[Message, ...]:
        """The messages in order; staff notes only when asked for."""
        rows = self._run(_MESSAGES, ticket=ticket_id, hidden="" if notes else "note")
        return tuple(Message(**row._mapping) for row in rows)

    def events(self, ticket_id: str, after: int = 0, limit: int = 500) -> list[Event]:
        """Events with a higher number than `after`, in order."""
        return EventLog(self._work).after(ticket_id, after, limit)

    def tags(self, ticket_id: str) -> tuple[str, ...]:
        """The ticket's labels by name."""
        rows = self._db.execute(
            select(TicketTags.name)
            .where(TicketTags.ticket_id == ticket_id, *self._within(TicketTags))
            .order_by(TicketTags.name)
        )
        return tuple(rows.scalars())

    def feedback(self, ticket_id: str, message_id: str, rating: str, reason: str = "") -> None:
        """Keep the customer's thumb on a reply; a later one replaces it."""
        company_id = self._db.execute(
            select(Messages.company_id).where(
                Messages.id == message_id,
                Messages.ticket_id == ticket_id,
                Messages.role.in_(("assistant", "human")),
                *self._within(Messages),
            )
        ).scalar()
        if company_id is None:
            raise NotFound("no such reply", field="messageId")
        changed = self._db.execute(
            update(Feedback).where(Feedback.message_id == message_id).values(rating=rating, reason=reason)
        )
        if not changed.rowcount:
            self._insert(
                Feedback,
                {
                    "id": self._new_id("fbk"),
                    "created_at": self._now(),
                    "company_id": company_id,
                    "ticket_id": ticket_id,
                    "message_id": message_id,
                    "rating": rating,
                    "reason": reason,
                },
            )

    def ratings(self, ticket_id: str) -> dict[str, str]:
        """The customer's thumbs by message id."""
        rows = self._db.execute(
            select(Feedback.message_id, Feedback.rating).where(
                Feedback.ticket_id == ticket_id, *self._within(Feedback)
            )
        )
        return {str(row.message_id): str(row.rating) for row in rows}

    def count(self) -> int:
        """How many tickets the caller's companies have."""
        return int(
            self._db.execute(select(func.count(Tickets.id)).where(*self._within(Tickets))).scalar_one()
        )
