"""Turns with the projection of their steps, receipts and tool calls, and the ledger of writes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Blank, Identified, NoItems, NoKeys, Off, Zero, company_key, only_one


class Turns(Identified, Base):
    """One reply to one or more messages; also its lease: owner, token, until when."""

    __tablename__ = "turns"
    __table_args__ = (
        Index("ix_turns_ticket", "ticket_id", "created_at"),
        Index("ix_turns_queue", "status", "created_at"),
        Index("ix_turns_log", "company_id", "created_at"),
    )

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    company_id: Mapped[str] = company_key(index=False)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    status: Mapped[str]
    token: Mapped[Zero]
    attempts: Mapped[Zero]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    superseded_by: Mapped[str | None] = mapped_column(ForeignKey("turns.id", ondelete="SET NULL"))
    flushed: Mapped[Zero]
    tool_events: Mapped[Zero]
    effects: Mapped[Off]
    reply_id: Mapped[str]
    message_id: Mapped[str | None]
    threshold: Mapped[float | None]
    mode_wanted: Mapped[str | None]
    run_id: Mapped[str | None]
    question: Mapped[Blank]
    reply: Mapped[Blank]
    kind: Mapped[str | None]
    action: Mapped[str | None]
    language: Mapped[str | None]
    reply_language: Mapped[str | None]
    intent: Mapped[str | None]
    intent_confidence: Mapped[float | None]
    confidence: Mapped[float | None]
    category: Mapped[str | None]
    priority: Mapped[str | None]
    keywords: Mapped[NoItems]
    tags: Mapped[NoItems]
    is_safe: Mapped[bool | None]
    risk: Mapped[float | None]
    safety_flags: Mapped[NoItems]
    safety_mode: Mapped[str | None]
    hallucination: Mapped[NoKeys]
    citations: Mapped[NoItems]
    handoff_offered: Mapped[Off]
    handoff_reason: Mapped[Blank]
    summary: Mapped[Blank]
    handoff_note: Mapped[Blank]
    confirm: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    ask: Mapped[Blank]
    layer: Mapped[str | None]
    decision: Mapped[Blank]
    rule: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    gap: Mapped[str | None]
    stages: Mapped[NoKeys]
    total_ms: Mapped[float | None]
    error: Mapped[Blank]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


only_one("uq_turns_queued", Turns.ticket_id, where=Turns.status == "queued")
only_one("uq_turns_running", Turns.ticket_id, where=Turns.status == "running")


class TurnSteps(Base):
    """The executed nodes of a done turn, equal to its checkpoints and outliving them."""

    __tablename__ = "turn_steps"

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    node: Mapped[str]
    started_at: Mapped[datetime]
    ms: Mapped[float]
    input: Mapped[dict[str, Any]]
    output: Mapped[dict[str, Any]]
    checkpoint_id: Mapped[str | None]


class Receipts(Base):
    """Claims of a reply beside what they rest on; looked up by source when a source changes."""

    __tablename__ = "receipts"

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[str] = company_key()
    claim: Mapped[str]
    supported: Mapped[bool]
    source_id: Mapped[str | None] = mapped_column(index=True)
    source_title: Mapped[str]
    source_hash: Mapped[str]
    quote: Mapped[str]
    score: Mapped[float]
    reasons: Mapped[tuple[Any, ...]]


class ToolCalls(Identified, Base):
    """Every use of a tool, refusals too."""

    __tablename__ = "tool_calls"
    __table_args__ = (Index("ix_tool_calls_log", "company_id", "tool", "created_at"),)

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), index=True)
    company_id: Mapped[str] = company_key(index=False)
    seq: Mapped[int]
    tool: Mapped[str]
    status: Mapped[str]
    data: Mapped[dict[str, Any]]


class Ledger(Identified, Base):
    """Writes that tools began, at most one per idempotency key."""

    __tablename__ = "ledger"

    key: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[str] = company_key()
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), index=True)
    tool: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    status: Mapped[str]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    finished_at: Mapped[datetime | None]
