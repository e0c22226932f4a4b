"""The channels of one turn and the frozen values they hold.

A checkpoint holds this turn's values only: texts are redacted, the conversation stays in the database.
Every type is visible in an annotation, so that strict msgpack can restore it.
"""

import hashlib
import json
from functools import cache
from typing import Literal, TypedDict, get_type_hints

from pydantic import BaseModel, ConfigDict, TypeAdapter

from retrieval.passages import Hit as Hit
from tools.values import ToolResult as ToolResult

Language = Literal["en", "hinglish", "hi", "other"]
ReplyLanguage = Literal["en", "hinglish"]
SafetyMode = Literal["strict", "balanced", "permissive"]
Kind = Literal[
    "answer", "unknown", "off_topic", "cannot_perform", "clarify", "specialist", "handoff", "blocked"
]
Action = Literal["answer", "tool_call", "escalate", "clarify"]
Route = Literal["answer", "specialist", "escalation", "reply"]
Category = Literal["billing", "delivery", "refund", "policy", "account", "technical", "other"]
Priority = Literal["low", "normal", "high", "urgent"]


class Value(BaseModel):
    """A frozen value that may travel in a checkpoint."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Offer(Value):
    """A tool call that waits for the customer's yes."""

    id: str
    tool: str
    arguments: dict[str, str]
    question: str
    record: str = ""


class Memory(Value):
    """What a ticket carries from turn to turn (its open episode); never the conversation itself."""

    language: Language | None = None
    pinned: ReplyLanguage | None = None
    intent: str | None = None
    topic: str = ""  # the last question in retrieval English, for follow-ups
    told: tuple[str, ...] = ()  # lines of the knowledge that were said last: a follow-up asks for others
    category: Category | None = None
    awaiting: Literal["none", "order_id", "identity", "confirmation", "handoff"] = "none"
    task: str | None = None  # the tool that waits for the missing slot or identity
    pending: Offer | None = None
    looked_up: str = ""  # the look-up that told of a record, while the talk is about it
    record: str = ""  # that record, by its number
    choices: tuple[str, ...] = ()  # the records that the customer was asked to choose from
    resume: str = ""  # the redacted question to go on with after the identity check
    urgent: bool = False  # somebody may be in danger: the ticket stays urgent
    failures: int = 0  # turns in a row that ended without an answer
    offered_handoff: bool = False
    greeted: bool = False


class Question(Value):
    """The customer's words that this turn answers (redacted), and who asks."""

    message_ids: tuple[str, ...]
    text: str
    slots: tuple[str, ...] = ()  # placeholders of kept values, such as "order_1" and "email_1"
    redacted: tuple[str, ...] = ()  # kinds of values that were discarded at acceptance
    verified: bool = False
    confirmed_offer: str | None = None  # the id of the offer that the customer's button press accepts
    refused_offer: str | None = None


class Flag(Value):
    """One safety signal with its weight and the words that raised it."""

    name: str
    family: str
    weight: float
    evidence: str = ""


class SafetyVerdict(Value):
    """What the safety node decided; only `pass` and `restrict` go on to triage."""

    outcome: Literal["pass", "restrict", "calm", "refuse", "care", "escalate"]
    mode: SafetyMode
    risk: float
    flags: tuple[Flag, ...] = ()


class MatchedRule(Value):
    """The support rule that routed the message."""

    id: str
    name: str
    route: str
    terms: tuple[str, ...] = ()


class Triage(Value):
    """Language, intent and route of the message, and why."""

    language: Language
    reply_language: ReplyLanguage
    intent: str
    intent_confidence: float
    confidence: float
    route: Route
    kind: Kind | None = None  # set when a closed template answers at once
    template: str | None = None  # the closed template's key
    category: Category = "other"
    priority: Priority = "normal"
    mode: Literal["informational", "case_specific", "action_request"] = "informational"
    task: str | None = None  # the tool that the specialist starts with
    record: str = ""  # the record it is about, as the customer named it or as it was looked up before
    wants_reason: bool = False  # asks why the record stands as it does
    wants_amount: bool = False  # asks what it costs
    declined_person: bool = False  # said that no person is wanted: none is offered
    with_person: str = ""  # the frame that offers a person beside an answer about the customer's own case
    intents: tuple[str, ...] = ()  # the intents of a message with several requests, in their order
    confirms: bool = False  # the message is a yes to the action that was offered
    query: str = ""  # the question in words for retrieval
    context: str = ""  # the topic that a follow-up leans on
    rule: MatchedRule | None = None
    reason: str = ""  # for an escalation: a key of the fixed list of reasons
    reasons: tuple[str, ...] = ()  # what spoke for the decision, for the trace
    features: tuple[tuple[str, float], ...] = ()
    keywords: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Asked(Value):
    """One question of the message and the passage that answers it, if one does."""

    query: str
    passage_id: str | None = None
    answers: float = 0.0
    follows: bool = False  # read together with the topic before it


class Evidence(Value):
    """What the reply may rest on."""

    hits: tuple[Hit, ...] = ()
    asked: tuple[Asked, ...] = ()
    answerable: float = 0.0
    near: float | None = None  # best cosine with anything that is known, declared gaps included
    degraded: bool = False
    tools: tuple[ToolResult, ...] = ()
    notes: tuple[str, ...] = ()


class Sentence(Value):
    """One sentence of a draft and what it rests on: a passage, a tool result, company data, or a frame."""

    text: str
    source_id: str | None = None  # a passage, a tool result, or "company:<key>"
    quote: str = ""  # the span of the source that says so
    frame: str = ""  # the reviewed sentence it was built from, as "key#index"
    slots: dict[str, str] = {}


class Citation(Value):
    """A source as the customer sees it."""

    number: int
    title: str
    url: str = ""
    source_id: str


class Draft(Value):
    """A reply before the guard has settled it."""

    kind: Kind
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    offer_handoff: bool = False
    reason: str = ""
    confirm: Offer | None = None
    ask: Literal["none", "order_id", "identity", "confirmation"] = "none"
    task: str | None = None
    notes: tuple[str, ...] = ()  # what a model did or failed to do for it, for the trace


class Receipt(Value):
    """A claim beside the span that it rests on."""

    claim: str
    supported: bool
    source_id: str | None = None
    source_title: str = ""
    source_hash: str = ""
    quote: str = ""
    score: float = 0.0
    stored: bool = False  # a reviewed sentence of the reply's language, word for word
    reasons: tuple[str, ...] = ()


class GuardVerdict(Value):
    """Whether the reply may be sent; everything but `pass` goes to escalation."""

    outcome: Literal["pass", "repaired", "blocked"]
    mode: SafetyMode
    receipts: tuple[Receipt, ...] = ()
    reply: tuple[Sentence, ...] = ()
    is_hallucination: bool = False
    confidence: float = 0.0
    """That `is_hallucination` is right: of a model's own words, how far the whole rests on what it cites."""
    reasons: tuple[str, ...] = ()


class Escalation(Value):
    """A person is the outcome, or a refusal with a way to one: what the customer and the human read."""

    kind: Kind
    reason: str
    reply: tuple[Sentence, ...]
    offer_handoff: bool = True
    accepted: bool = False  # the customer has said yes to a person
    category: Category = "other"
    priority: Priority = "normal"
    summary: str = ""
    note: str = ""
    confidence: float = 1.0
    notes: tuple[str, ...] = ()  # what a model did or failed to do for it, for the trace


class Failure(Value):
    """A node that raised or was too slow."""

    node: str
    error: str


class Outcome(Value):
    """What the turn comes to, in the words of the API; `graph/outcome.py` derives it from the channels."""

    kind: Kind
    action: Action
    text: str
    sentences: tuple[Sentence, ...]
    language: Language
    reply_language: ReplyLanguage
    intent: str
    intent_confidence: float
    confidence: float
    category: Category
    priority: Priority
    keywords: tuple[str, ...]
    tags: tuple[str, ...]
    tools: tuple[ToolResult, ...]
    citations: tuple[Citation, ...]
    receipts: tuple[Receipt, ...]
    is_safe: bool
    risk: float
    flags: tuple[str, ...]
    mode: SafetyMode
    is_hallucination: bool
    guard_confidence: float
    handoff_offered: bool
    handoff_accepted: bool
    handoff_reason: str
    summary: str
    note: str
    confirm: Offer | None
    ask: Literal["none", "order_id", "identity", "confirmation"]
    layer: Literal["triage", "specialist", "human"]
    decision: str
    rule: MatchedRule | None
    gap: bool
    memory: Memory


class Turn(TypedDict, total=False):
    """The graph's channels. All are set at the start of a turn, so that nothing leaks from the last one."""

    question: Question
    memory: Memory
    safety: SafetyVerdict | None
    triage: Triage | None
    evidence: Evidence | None
    draft: Draft | None
    guard: GuardVerdict | None
    escalation: Escalation | None
    failure: Failure | None


@cache
def state_version() -> str:
    """A digest of the form of all channels: it changes when any value's fields do."""
    forms = {name: TypeAdapter(kind).json_schema() for name, kind in get_type_hints(Turn).items()}
    return hashlib.sha256(json.dumps(forms, sort_keys=True).encode()).hexdigest()[:12]
