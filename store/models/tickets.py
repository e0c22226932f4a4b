"""Tickets, their messages, numbered events, tags and feedback."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Computed, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Blank, Edited, Identified, NoItems, Off, Zero, company_key

PLACE = (
    "CASE WHEN status = 'resolved' THEN 7"
    " WHEN priority = 'urgent' AND NOT human_owned THEN 0"
    " WHEN status = 'escalated' THEN CASE WHEN priority = 'urgent' THEN 0 ELSE 1 END"
    " WHEN human_owned AND waiting_since IS NOT NULL THEN CASE WHEN priority = 'urgent' THEN 2 ELSE 3 END"
    " WHEN waiting_since IS NOT NULL THEN 5"
    " WHEN handoff_available AND NOT human_owned THEN 4"
    " ELSE 6 END"
)
"""Where a ticket stands in the inbox: see `store.values.inbox`, whose groups these numbers are."""


class Counters(Base):
    """Numbers that grow by one, such as the next ticket's."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class Tickets(Edited, Base):
    """Conversations. The row is also the lock under which a ticket's events are numbered."""

    __tablename__ = "tickets"
    __table_args__ = (Index("ix_tickets_assignee", "assignee_id", "status"),)

    number: Mapped[int] = mapped_column(unique=True)
    company_id: Mapped[str] = company_key(index=False)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"), index=True)
    channel: Mapped[str]
    status: Mapped[str]
    category: Mapped[str | None]
    priority: Mapped[str | None]
    layer: Mapped[str]
    subject: Mapped[Blank]
    summary: Mapped[Blank]
    escalation_reason: Mapped[Blank]
    handoff_note: Mapped[Blank]
    handoff_available: Mapped[Off]
    human_owned: Mapped[Off]
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("staff_users.id", ondelete="SET NULL"))
    verified: Mapped[Off]
    language: Mapped[str | None]
    language_pin: Mapped[str | None]
    last_confidence: Mapped[float | None]
    message_count: Mapped[Zero]
    event_seq: Mapped[Zero]
    memory: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    linked_to: Mapped[str | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"), index=True)
    waiting_since: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    intent: Mapped[str | None]
    labels: Mapped[Blank]
    outcome: Mapped[str | None]
    outcome_at: Mapped[datetime | None]
    outcome_note: Mapped[Blank]
    reopened: Mapped[Zero]
    handed_for: Mapped[Blank]
    place: Mapped[int] = mapped_column(Computed(PLACE, persisted=True))


Index(
    "ix_tickets_desk",
    *(Tickets.place, Tickets.waiting_since, Tickets.updated_at.desc(), Tickets.id.desc()),
    *(Tickets.company_id, Tickets.status, Tickets.human_owned, Tickets.handoff_available),
    *(Tickets.language, Tickets.intent, Tickets.assignee_id, Tickets.labels, Tickets.number),
)
"""The inbox's order, and its filters without a look at the rows."""


class Messages(Identified, Base):
    """What was said, redacted; one reply per turn, one message per id of the client."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        UniqueConstraint("client_message_id", "ticket_id"),
        UniqueConstraint("reply_to"),
        Index("ix_messages_client", "client_message_id"),
    )

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    company_id: Mapped[str] = company_key()
    seq: Mapped[int]
    role: Mapped[str]
    text: Mapped[str]
    display: Mapped[Blank]
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id", ondelete="SET NULL"), index=True)
    reply_to: Mapped[str | None] = mapped_column(ForeignKey("turns.id", ondelete="SET NULL"))
    author_id: Mapped[str | None]
    author: Mapped[Blank]
    language: Mapped[str | None]
    kind: Mapped[str | None]
    citations: Mapped[NoItems]
    discarded: Mapped[NoItems]
    slots: Mapped[NoItems]
    client_message_id: Mapped[str | None]
    body_hash: Mapped[str | None]
    offer_id: Mapped[str | None]
    offer_accepted: Mapped[bool | None]


class MessageValues(Base):
    """Values taken out of a message, encrypted; opened by tools only."""

    __tablename__ = "message_values"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    placeholder: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    fingerprint: Mapped[str]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    hint: Mapped[str]


class Events(Base):
    """What happened on a ticket, numbered without gaps; the truth behind every stream."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("turn_id", "sentence"),)

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[str] = company_key()
    name: Mapped[str]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"))
    sentence: Mapped[int | None]


class Tags(Identified, Base):
    """Labels of a company; those without a company are the starters that all may use."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    company_id: Mapped[str | None] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    name: Mapped[str]


class TicketTags(Base):
    """Which labels a ticket carries."""

    __tablename__ = "ticket_tags"
    __table_args__ = (Index("ix_ticket_tags_company_id_name", "company_id", "name"),)

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True, index=True)
    company_id: Mapped[str] = company_key(index=False)


class Feedback(Identified, Base):
    """A customer's thumb on a reply."""

    __tablename__ = "feedback"

    company_id: Mapped[str] = company_key()
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), unique=True)
    rating: Mapped[str]
    reason: Mapped[Blank]
