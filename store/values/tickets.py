"""A ticket, its messages and events, and how the inbox lists tickets."""

from dataclasses import dataclass, field
from datetime import datetime

from store.values.scope import Json

TICKET_STATUSES = ("new", "in_progress", "awaiting_customer", "escalated", "resolved")
PRIORITIES = ("low", "normal", "high", "urgent")
GROUPS = {
    "escalated": (0, 1),
    "human": (2, 3),
    "offered": (4,),
    "bot": (5,),
    "customer": (6,),
    "resolved": (7,),
}
"""Who has to move, by the places (`Ticket.place`) that a ticket of the group has: somebody, this person,
the customer who was offered a person, the bot, the customer, nobody any more."""
CLOSED_PLACE = 7
OPEN_PLACES = tuple(range(CLOSED_PLACE))
NEEDY_PLACES = (0, 1, 2, 3)
"""Where the customer waits for a person."""


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
    intent: str | None
    """What the newest answered message was about."""
    outcome: str | None
    """What is known of the end: what the customer said, verified by an action, or assumed."""
    outcome_note: str
    outcome_at: datetime | None
    reopened: int
    """How often it was opened again within 72 hours after it had been closed."""
    handed_for: str
    """Why the last person was given, as a node, a rule or a colleague said it."""
    place: int
    """Where it stands in the inbox: urgent and promised a person first, closed last; see `GROUPS`."""
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
    group: str | None = None
    """One of `GROUPS`, or `open` for all but the closed ones, or `person` for those who wait for one."""
    tag: str | None = None
    assignee_id: str | None = None
    """A member of staff, or `nobody`."""
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
    last_said: int = 0
    """The number of the customer's newest message."""
    nodes: tuple[str, ...] = ()
    """The nodes that the newest answered turn went through, in no order."""


@dataclass(frozen=True, kw_only=True)
class InboxCounts:
    """How many tickets each choice would show; each count respects the other filters but not its own."""

    total: int = 0
    by_company: dict[str, int] = field(default_factory=dict)
    by_status: dict[str, int] = field(default_factory=dict)
    by_group: dict[str, int] = field(default_factory=dict)
    by_language: dict[str, int] = field(default_factory=dict)
    by_intent: dict[str, int] = field(default_factory=dict)
    by_assignee: dict[str, int] = field(default_factory=dict)
    by_tag: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class InboxPage(InboxCounts):
    """One page of the inbox with its counts."""

    rows: tuple[InboxRow, ...]
    page: int
    pages: int
    more: bool = False
    """Whether a search left older closed tickets aside."""


@dataclass(frozen=True, kw_only=True)
class SavedView:
    """Filters of the inbox under a name; `query` is what stands behind the question mark."""

    id: str
    user_id: str
    name: str
    query: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class CannedReply:
    """A prepared reply of one company, or of all when `company_id` is None."""

    id: str
    company_id: str | None
    name: str
    text: str
    language: str
    """en or hinglish."""
    created_at: datetime
