"""A ticket, its messages and events, and how the inbox lists tickets."""

from dataclasses import dataclass, field
from datetime import datetime

from store.values.scope import Json

TICKET_STATUSES = ("new", "in_progress", "awaiting_customer", "escalated", "resolved")


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """One conversation of one customer with one company."""

    id: str
    number: int
    """Unique in the installation; what people read out on the phone."""
    company_id: str
    customer_id: str | None
    agent_id: str
    session_id: str | None
    channel: str
    status: str
    category: str | None
    priority: str | None
    layer: str
    subject: str
    """The first words of the first message, redacted."""
    summary: str
    escalation_reason: str
    handoff_note: str
    handoff_available: bool
    human_owned: bool
    assignee_id: str | None
    verified: bool
    language: str | None
    language_pin: str | None
    last_confidence: float | None
    message_count: int
    event_seq: int
    """The number of the ticket's newest event."""
    memory: Json | None
    linked_to: str | None
    """The closed ticket that this one goes on from."""
    waiting_since: datetime | None
    """Since when the customer waits for a reply; None when it is the customer's turn."""
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Message:
    """Something said on a ticket, redacted."""

    id: str
    ticket_id: str
    company_id: str
    turn_id: str | None
    role: str
    """user, assistant, human, system or note (a note is for staff only)."""
    text: str
    display: str
    """The text as the customer sees it in the own transcript: kept values appear as hints."""
    author_id: str | None
    author: str
    language: str | None
    kind: str | None
    citations: tuple[Json, ...]
    client_message_id: str | None
    created_at: datetime


@dataclass(frozen=True)
class Event:
    """One numbered event of a ticket; the numbers of a ticket have no gaps."""

    id: int
    ticket_id: str
    name: str
    data: Json
    created_at: datetime


@dataclass(frozen=True)
class NewEvent:
    """An event that has no number yet; a sentence of a reply says of which turn and the how manyth."""

    name: str
    data: Json
    turn_id: str | None = None
    sentence: int | None = None


@dataclass(frozen=True, kw_only=True)
class InboxFilters:
    """What the inbox shows; None means any."""

    company_id: str | None = None
    status: str | None = None
    tag: str | None = None
    assignee_id: str | None = None
    intent: str | None = None
    language: str | None = None
    needs_person: bool | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """A ticket as one line of the inbox."""

    ticket: Ticket
    company: str
    email: str | None
    tags: tuple[str, ...]
    last_message: str
    last_role: str | None
    nodes: tuple[str, ...] = ()
    """The nodes that the newest answered turn went through, in no order."""


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    """One page of the inbox; each count respects the other filters but not its own."""

    rows: tuple[InboxRow, ...]
    total: int
    page: int
    pages: int
    by_company: dict[str, int] = field(default_factory=dict)
    by_status: dict[str, int] = field(default_factory=dict)
    by_tag: dict[str, int] = field(default_factory=dict)
