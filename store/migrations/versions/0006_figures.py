"""Figures by day, and indices for the log's filters and for what has changed."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import objects, refers, texts, times

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDICES = {
    "ix_turns_seen": (
        "turns",
        ["created_at", "id", "company_id", "status", "kind", "action", "intent", "language", "is_safe"],
    ),
    "ix_turns_finished": ("turns", ["finished_at", "company_id", "created_at"]),
    "ix_tickets_changed": ("tickets", ["updated_at", "company_id", "created_at"]),
    "ix_tickets_made": ("tickets", ["company_id", "created_at"]),
}


def upgrade() -> None:
    """Make the table and the indices; figures are counted when they are first looked at."""
    op.create_table(
        "figure_days",
        *refers("company_id", "companies"),
        *texts("day"),
        *objects("data"),
        *times("counted_at"),
        sa.PrimaryKeyConstraint("company_id", "day"),
    )
    for name, (table, columns) in INDICES.items():
        op.create_index(name, table, columns)
    failed = sa.text("status = 'failed'")
    op.create_index(
        "ix_tool_calls_failed", "tool_calls", ["turn_id"], sqlite_where=failed, postgresql_where=failed
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_tool_calls_failed", "tool_calls")
    for name, (table, _columns) in INDICES.items():
        op.drop_index(name, table)
    op.drop_table("figure_days")
