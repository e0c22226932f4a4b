"""Looking back: changes and what rested on them, reviews, canary rounds, why a person was given."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import counts, objects, reals, refers, texts, times

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make tables and columns; days are counted anew, with the figures that are new."""
    op.create_table(
        "knowledge_changes",
        *refers("company_id", "companies"),
        *texts("source_id", "kind", "title", "url"),
        *counts("revision"),
        *texts("id"),
        *times("created_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_knowledge_changes_time", "knowledge_changes", ["company_id", "created_at"])
    op.add_column("passages", *texts("change_id", null=True))
    op.create_index("ix_passages_change_id", "passages", ["change_id"])
    op.create_table(
        "recalls",
        *refers("turn_id", "turns"),
        *counts("seq"),
        *refers("company_id", "companies"),
        *texts("action", "decided_by"),
        *times("decided_at"),
        sa.PrimaryKeyConstraint("turn_id", "seq"),
    )
    op.create_index("ix_recalls_company_id", "recalls", ["company_id"])
    _reviews()
    op.create_table(
        "canary_runs",
        *counts("companies", "found", "probes", "leaks"),
        *objects("surfaces", "leaked"),
        *reals("seconds"),
        *texts("id"),
        *times("created_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_canary_runs_time", "canary_runs", ["created_at"])
    op.add_column("tickets", sa.Column("handed_for", sa.String(), nullable=False, server_default=""))
    _fill()
    op.execute("DELETE FROM figure_days")


def downgrade() -> None:
    """Remove them."""
    op.drop_column("tickets", "handed_for")
    op.drop_index("ix_passages_change_id", "passages")
    op.drop_column("passages", "change_id")
    for table in ("canary_runs", "reviews", "recalls", "knowledge_changes"):
        op.drop_table(table)


def _reviews() -> None:
    op.create_table(
        "reviews",
        *refers("company_id", "companies"),
        *refers("turn_id", "turns"),
        *texts("verdict", "reason", "reviewed_by"),
        *times("reviewed_at", null=True),
        *texts("id"),
        *times("created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("turn_id"),
    )
    op.create_index("ix_reviews_list", "reviews", ["company_id", "verdict", "created_at"])


def _fill() -> None:
    """The reason of the last hand-off that was accepted, as the events have it."""
    db = op.get_bind()
    told = db.execute(
        sa.text("SELECT ticket_id, data FROM events WHERE name = 'handoff' ORDER BY ticket_id, seq")
    )
    reasons: dict[str, str] = {}
    for ticket_id, raw in told:
        data: dict[str, Any] = json.loads(raw) if isinstance(raw, str) else raw
        if data.get("accepted"):
            reasons[ticket_id] = str(data.get("reason") or ("" if "by" in data else "asked_for_person"))
    rows = [{"ticket": ticket_id, "reason": reason} for ticket_id, reason in reasons.items() if reason]
    if rows:
        db.execute(sa.text("UPDATE tickets SET handed_for = :reason WHERE id = :ticket"), rows)
