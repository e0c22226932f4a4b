"""What changed in the knowledge, and the past answers that rested on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

RecallAction = Literal["nothing", "note", "correction"]
RECALL_ACTIONS: tuple[RecallAction, ...] = ("nothing", "note", "correction")


@dataclass(frozen=True, kw_only=True)
class KnowledgeChange:
    """One publication of an entry or page that took passages away."""

    id: str
    company_id: str
    source_id: str
    kind: str
    """entry, page or upload."""
    title: str
    url: str
    revision: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class RestedClaim:
    """A claim that answers made from a passage which is not answered from any more."""

    passage_id: str
    title: str
    heading: str
    text: str
    hinglish: str
    quote: str
    claim: str
    answers: int
    settled: int
    """Of the answers: how many somebody has decided on."""


@dataclass(frozen=True, kw_only=True)
class RestedAnswer:
    """An answer that made the claim; `seq` is the receipt's place in its turn."""

    turn_id: str
    seq: int
    ticket_id: str
    number: int
    language: str | None
    question: str
    answered_at: datetime
    action: str | None
    """What was decided, if anything."""
    decided_at: datetime | None
