"""Where a ticket stands, its intent, labels and outcome on its row; what staff read, views, replies."""

from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import counts, refers, texts, times
from store.migrations.first.tickets import URGENCY
from store.models.types import Utc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PLACE = (
    "CASE WHEN status = 'resolved' THEN 7"
    " WHEN priority = 'urgent' AND NOT human_owned THEN 0"
    " WHEN status = 'escalated' THEN CASE WHEN priority = 'urgent' THEN 0 ELSE 1 END"
    " WHEN human_owned AND waiting_since IS NOT NULL THEN CASE WHEN priority = 'urgent' THEN 2 ELSE 3 END"
    " WHEN waiting_since IS NOT NULL THEN 5"
    " WHEN handoff_available AND NOT human_owned THEN 4"
    " ELSE 6 END"
)
NEWEST = [sa.text("updated_at DESC"), sa.text("id DESC")]
FILTERS = (
    "company_id", "status", "human_owned", "handoff_available", "language", "intent", "assignee_id", "labels"
)  # fmt: skip
REPLACED: dict[str, list[Any]] = {
    "ix_tickets_desk": ["urgency", "waiting_since", *NEWEST],
    "ix_tickets_inbox": ["company_id", "urgency", "waiting_since", *NEWEST],
    "ix_tickets_company_id_status": ["company_id", "status"],
    "ix_tickets_status": ["status"],
}


def upgrade() -> None:
    """Change the tickets in place, then fill the new columns from the rows beside them."""
    for name in REPLACED:
        op.drop_index(name, "tickets")
    op.drop_column("tickets", "urgency")
    for column in (*texts("labels", "outcome_note"), *counts("reopened")):
        column.server_default = sa.DefaultClause("0" if column.name == "reopened" else "")
        op.add_column("tickets", column)
    for column in (*texts("intent", "outcome", null=True), *times("outcome_at", null=True)):
        op.add_column("tickets", column)
    _add_computed("place", PLACE)
    _fill()
    op.create_index("ix_tickets_desk", "tickets", ["place", "waiting_since", *NEWEST, *FILTERS])
    op.create_index("ix_tickets_kinds", "tickets", ["place", *FILTERS])
    _desk_work()


def downgrade() -> None:
    """Take it all back."""
    for table in ("canned_replies", "saved_views", "ticket_reads"):
        op.drop_table(table)
    for name in ("ix_tickets_desk", "ix_tickets_kinds"):
        op.drop_index(name, "tickets")
    for name in ("place", "reopened", "outcome_note", "outcome_at", "outcome", "intent", "labels"):
        op.drop_column("tickets", name)
    _add_computed("urgency", URGENCY)
    for name, columns in REPLACED.items():
        op.create_index(name, "tickets", columns)


def _add_computed(name: str, rule: str) -> None:
    """SQLite computes an added column when it is read, PostgreSQL when the row is written."""
    stored = op.get_bind().dialect.name != "sqlite"
    op.execute(
        f"ALTER TABLE tickets ADD COLUMN {name} INTEGER GENERATED ALWAYS AS ({rule})"
        f" {'STORED' if stored else 'VIRTUAL'} NOT NULL"
    )


def _fill() -> None:
    db = op.get_bind()
    op.execute(
        "UPDATE tickets SET intent = (SELECT turns.intent FROM turns WHERE turns.ticket_id = tickets.id"
        " AND turns.intent IS NOT NULL ORDER BY turns.created_at DESC, turns.id DESC LIMIT 1)"
    )
    carried = db.execute(sa.text("SELECT ticket_id, name FROM ticket_tags ORDER BY ticket_id, name"))
    labels = [
        {"ticket": ticket_id, "labels": "".join(f"\n{row.name}" for row in rows) + "\n"}
        for ticket_id, rows in groupby(carried.all(), lambda row: row.ticket_id)
    ]
    if labels:
        db.execute(sa.text("UPDATE tickets SET labels = :labels WHERE id = :ticket"), labels)


def _desk_work() -> None:
    op.create_table(
        "ticket_reads",
        *counts("seq"),
        sa.Column("seen_at", Utc(), nullable=False),
        *refers("ticket_id", "tickets"),
        *refers("user_id", "staff_users"),
        sa.PrimaryKeyConstraint("ticket_id", "user_id"),
    )
    op.create_index("ix_ticket_reads_user_id", "ticket_reads", ["user_id"])
    op.create_table(
        "saved_views",
        *texts("id", "name", "query"),
        *times("created_at"),
        *refers("user_id", "staff_users"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_saved_views_user_id", "saved_views", ["user_id"])
    op.create_table(
        "canned_replies",
        *texts("id", "name", "text", "language"),
        *times("created_at"),
        *refers("company_id", "companies", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_canned_replies_company_id", "canned_replies", ["company_id"])
