"""Turns, their projection, and the ledger."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import (
    counts,
    flags,
    lists,
    objects,
    only_one,
    reals,
    refers,
    texts,
    times,
)

TABLES = (
    "turns",
    "turn_steps",
    "receipts",
    "tool_calls",
    "ledger",
)


def create() -> None:
    """Make the tables and their indices."""
    _turns()
    _turn_steps()
    _receipts()
    _tool_calls()
    _ledger()


def _turns() -> None:
    op.create_table(
        "turns",
        *texts(
            "status",
            "reply_id",
            "question",
            "reply",
            "handoff_reason",
            "summary",
            "handoff_note",
            "ask",
            "decision",
            "error",
            "id",
        ),
        *counts("token", "attempts", "flushed", "tool_events"),
        *texts(
            "owner",
            "message_id",
            "mode_wanted",
            "run_id",
            "kind",
            "action",
            "language",
            "reply_language",
            "intent",
            "category",
            "priority",
            "safety_mode",
            "layer",
            "gap",
            null=True,
        ),
        *times("lease_until", "started_at", "finished_at", null=True),
        *flags("effects", "handoff_offered"),
        *reals("threshold", "intent_confidence", "confidence", "risk", "total_ms", null=True),
        *lists("keywords", "tags", "safety_flags", "citations"),
        *flags("is_safe", null=True),
        *objects("hallucination", "stages"),
        *objects("confirm", "rule", null=True),
        *times("created_at"),
        *refers("ticket_id", "tickets"),
        *refers("company_id", "companies"),
        *refers("agent_id", "agents", gone=None),
        *refers("superseded_by", "turns", gone="SET NULL", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_turns_log", "turns", ["company_id", "created_at"])
    op.create_index("ix_turns_queue", "turns", ["status", "created_at"])
    op.create_index("ix_turns_ticket", "turns", ["ticket_id", "created_at"])
    only_one("uq_turns_queued", "turns", "ticket_id", where="status = 'queued'")
    only_one("uq_turns_running", "turns", "ticket_id", where="status = 'running'")


def _turn_steps() -> None:
    op.create_table(
        "turn_steps",
        *counts("seq"),
        *texts("node"),
        *times("started_at"),
        *reals("ms"),
        *objects("input", "output"),
        *texts("checkpoint_id", null=True),
        *refers("turn_id", "turns"),
        sa.PrimaryKeyConstraint("turn_id", "seq"),
    )


def _receipts() -> None:
    op.create_table(
        "receipts",
        *counts("seq"),
        *texts("claim", "source_title", "source_hash", "quote"),
        *flags("supported"),
        *texts("source_id", null=True),
        *reals("score"),
        *lists("reasons"),
        *refers("turn_id", "turns"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("turn_id", "seq"),
    )
    op.create_index("ix_receipts_company_id", "receipts", ["company_id"])
    op.create_index("ix_receipts_source_id", "receipts", ["source_id"])


def _tool_calls() -> None:
    op.create_table(
        "tool_calls",
        *counts("seq"),
        *texts("tool", "status", "id"),
        *objects("data"),
        *times("created_at"),
        *refers("turn_id", "turns"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_tool_calls_log", "tool_calls", ["company_id", "tool", "created_at"])
    op.create_index("ix_tool_calls_turn_id", "tool_calls", ["turn_id"])


def _ledger() -> None:
    op.create_table(
        "ledger",
        *texts("key", "tool", "status", "id"),
        *objects("arguments"),
        *objects("result", null=True),
        *times("finished_at", null=True),
        *times("created_at"),
        *refers("company_id", "companies"),
        *refers("ticket_id", "tickets"),
        *refers("turn_id", "turns"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_ledger_company_id", "ledger", ["company_id"])
    op.create_index("ix_ledger_ticket_id", "ledger", ["ticket_id"])
    op.create_index("ix_ledger_turn_id", "ledger", ["turn_id"])
