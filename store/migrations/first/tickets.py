"""Tickets and their labels."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import counts, flags, objects, reals, refers, texts, times

TABLES = (
    "counters",
    "tickets",
    "tags",
    "ticket_tags",
)
URGENCY = "CASE WHEN status = 'escalated' THEN 0 WHEN waiting_since IS NOT NULL THEN 1 ELSE 2 END"


def create() -> None:
    """Make the tables and their indices."""
    _counters()
    _tickets()
    _tags()
    _ticket_tags()


def _counters() -> None:
    op.create_table(
        "counters",
        *texts("name"),
        *counts("value"),
        sa.PrimaryKeyConstraint("name"),
    )


def _tickets() -> None:
    op.create_table(
        "tickets",
        *counts("number", "message_count", "event_seq"),
        *texts("channel", "status", "layer", "subject", "summary", "escalation_reason", "handoff_note", "id"),
        *texts("category", "priority", "language", "language_pin", null=True),
        *flags("handoff_available", "human_owned", "verified"),
        *reals("last_confidence", null=True),
        *objects("memory", null=True),
        *times("waiting_since", "closed_at", null=True),
        *times("updated_at", "created_at"),
        sa.Column("urgency", sa.Integer(), sa.Computed(URGENCY, persisted=True), nullable=False),
        *refers("company_id", "companies"),
        *refers("customer_id", "customers", gone=None, null=True),
        *refers("agent_id", "agents", gone=None),
        *refers("session_id", "sessions", gone="SET NULL", null=True),
        *refers("assignee_id", "staff_users", gone="SET NULL", null=True),
        *refers("linked_to", "tickets", gone="SET NULL", null=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_tickets_agent_id", "tickets", ["agent_id"])
    op.create_index("ix_tickets_assignee", "tickets", ["assignee_id", "status"])
    op.create_index("ix_tickets_customer_id", "tickets", ["customer_id"])
    op.create_index("ix_tickets_company_id_status", "tickets", ["company_id", "status"])
    op.create_index("ix_tickets_status", "tickets", ["status"])
    newest = [sa.text("updated_at DESC"), sa.text("id DESC")]
    op.create_index("ix_tickets_desk", "tickets", ["urgency", "waiting_since", *newest])
    op.create_index("ix_tickets_inbox", "tickets", ["company_id", "urgency", "waiting_since", *newest])
    op.create_index("ix_tickets_linked_to", "tickets", ["linked_to"])
    op.create_index("ix_tickets_session_id", "tickets", ["session_id"])


def _tags() -> None:
    op.create_table(
        "tags",
        *texts("name", "id"),
        *times("created_at"),
        *refers("company_id", "companies", null=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "name"),
    )


def _ticket_tags() -> None:
    op.create_table(
        "ticket_tags",
        *texts("name"),
        *refers("ticket_id", "tickets"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("ticket_id", "name"),
    )
    op.create_index("ix_ticket_tags_company_id_name", "ticket_tags", ["company_id", "name"])
    op.create_index("ix_ticket_tags_name", "ticket_tags", ["name"])
