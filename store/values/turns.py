"""The life of a turn as values: what is accepted, claimed, loaded, completed and shown in the trace."""

from dataclasses import dataclass, field
from datetime import datetime

from store.values.scope import Json

TURN_STATUSES = ("queued", "running", "done", "superseded", "failed")


@dataclass(frozen=True)
class KeptValue:
    """A value that was taken out of a message and is kept encrypted beside it."""

    placeholder: str
    """What stands in the text instead, such as `[order_1]`; the ticket may know it by another number."""
    kind: str
    value: str
    hint: str
    """What may be shown of it, such as `a***@example.com`."""


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """A customer's message after redaction, ready to be accepted."""

    ticket_id: str
    text: str
    body_hash: str
    """Digest of the request as it was sent; tells a retry from another message under the same id."""
    display: str = ""
    values: tuple[KeptValue, ...] = ()
    discarded: tuple[str, ...] = ()
    """Kinds of values that were thrown away, such as `card`."""
    client_message_id: str | None = None
    language_pin: str | None = None
    offer_answer: tuple[str, bool] | None = None
    """(offer id, yes or no) when the message is a press of a confirmation button."""
    threshold: float | None = None
    safety_mode: str | None = None


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """What became of a message; `turn_id` is None on a ticket that a person owns."""

    ticket_id: str
    """Another than asked for when the ticket was closed too long ago and a linked one went on."""
    message_id: str
    turn_id: str | None
    repeated: bool = False
    superseded: str | None = None
    """The running turn that this message made stop, if any."""


@dataclass(frozen=True)
class Claim:
    """The right to run a turn until the lease ends; every write of the run shows the token."""

    turn_id: str
    ticket_id: str
    company_id: str
    token: int
    attempt: int
    """1 for the first run; higher when a lease ran out before."""


@dataclass(frozen=True, kw_only=True)
class TurnInput:
    """All that a run needs to know of its turn."""

    turn_id: str
    ticket_id: str
    company_id: str
    agent_id: str
    customer_id: str | None
    session_id: str | None
    verified: bool
    reply_id: str
    """The id that the reply's message has, from its first sentence on and over all attempts."""
    message_ids: tuple[str, ...]
    text: str
    """The texts of its messages, one per line."""
    slots: tuple[str, ...]
    """Placeholders of the values in these messages, such as `order_1`, in order."""
    discarded: tuple[str, ...]
    memory: Json | None
    confirmed_offer: str | None
    refused_offer: str | None
    language_pin: str | None
    threshold: float | None
    safety_mode: str | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class StepRecord:
    """One executed node of a turn, as the trace shows it."""

    seq: int
    node: str
    started_at: datetime
    ms: float
    input: Json
    output: Json
    checkpoint_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReceiptRecord:
    """A claim of the reply beside the span that it rests on."""

    claim: str
    supported: bool
    source_id: str | None = None
    source_title: str = ""
    source_hash: str = ""
    quote: str = ""
    score: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """One use of a tool; `data` is the whole `ToolResult`."""

    id: str
    turn_id: str
    seq: int
    tool: str
    status: str
    data: Json
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class TurnResult:
    """What a finished run says, in the fields of the API's answer."""

    run_id: str
    reply: str
    kind: str
    action: str
    language: str
    reply_language: str
    intent: str
    intent_confidence: float
    confidence: float
    category: str
    priority: str
    sentences: tuple[tuple[str, str | None], ...] = ()
    citations: tuple[Json, ...] = ()
    keywords: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    is_safe: bool = True
    risk: float = 0.0
    safety_flags: tuple[str, ...] = ()
    safety_mode: str = "balanced"
    hallucination: Json = field(default_factory=dict)
    """`{isHallucination, confidence, mode, claims[]}`"""
    handoff_offered: bool = False
    handoff_reason: str = ""
    summary: str = ""
    handoff_note: str = ""
    confirm: Json | None = None
    """`{offerId, tool, question, details}` of an offer that waits for the customer's yes."""
    ask: str = "none"
    layer: str = "triage"
    decision: str = ""
    rule: Json | None = None
    gap: str | None = None
    """The redacted question that no knowledge answered."""
    memory: Json = field(default_factory=dict)
    tool_calls: tuple[Json, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    receipts: tuple[ReceiptRecord, ...] = ()
    stages: dict[str, float] = field(default_factory=dict)
    total_ms: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A turn's row: its state and, once done, all fields of the API's answer."""

    id: str
    ticket_id: str
    company_id: str
    agent_id: str
    status: str
    token: int
    attempts: int
    owner: str | None
    lease_until: datetime | None
    superseded_by: str | None
    flushed: int
    """How many sentences have been sent."""
    effects: bool
    """Whether the ledger holds a write of this turn."""
    message_id: str | None
    run_id: str | None
    question: str
    reply: str
    kind: str | None
    action: str | None
    language: str | None
    reply_language: str | None
    intent: str | None
    intent_confidence: float | None
    confidence: float | None
    category: str | None
    priority: str | None
    keywords: tuple[str, ...]
    tags: tuple[str, ...]
    is_safe: bool | None
    risk: float | None
    safety_flags: tuple[str, ...]
    safety_mode: str | None
    hallucination: Json
    citations: tuple[Json, ...]
    handoff_offered: bool
    handoff_reason: str
    summary: str
    handoff_note: str
    confirm: Json | None
    ask: str
    layer: str | None
    decision: str
    rule: Json | None
    gap: str | None
    stages: Json
    total_ms: float | None
    error: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class TurnTrace:
    """A turn with everything that explains it."""

    turn: Turn
    steps: tuple[StepRecord, ...]
    tool_calls: tuple[ToolCall, ...]
    receipts: tuple[ReceiptRecord, ...]


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """A write that a tool began: at most one per idempotency key."""

    id: str
    key: str
    company_id: str
    ticket_id: str
    turn_id: str
    tool: str
    arguments: Json
    status: str
    """begun, done, failed or unknown (it may have happened; ask before trying again)."""
    result: Json | None
    created_at: datetime
    finished_at: datetime | None
