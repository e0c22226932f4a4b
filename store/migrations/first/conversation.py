"""Messages, kept values, events, feedback; they refer to turns."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import blobs, counts, flags, lists, objects, refers, texts, times

TABLES = (
    "messages",
    "message_values",
    "events",
    "feedback",
)


def create() -> None:
    """Make the tables and their indices."""
    _messages()
    _message_values()
    _events()
    _feedback()


def _messages() -> None:
    op.create_table(
        "messages",
        *counts("seq"),
        *texts("role", "text", "display", "author", "id"),
        *texts("author_id", "language", "kind", "client_message_id", "body_hash", "offer_id", null=True),
        *lists("citations", "discarded", "slots"),
        *flags("offer_accepted", null=True),
        *times("created_at"),
        *refers("ticket_id", "tickets"),
        *refers("company_id", "companies"),
        *refers("turn_id", "turns", gone="SET NULL", null=True),
        *refers("reply_to", "turns", gone="SET NULL", null=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("client_message_id", "ticket_id"),
        sa.UniqueConstraint("reply_to"),
        sa.UniqueConstraint("ticket_id", "seq"),
    )
    op.create_index("ix_messages_client", "messages", ["client_message_id"])
    op.create_index("ix_messages_company_id", "messages", ["company_id"])
    op.create_index("ix_messages_turn_id", "messages", ["turn_id"])


def _message_values() -> None:
    op.create_table(
        "message_values",
        *texts("placeholder", "kind", "fingerprint", "hint"),
        *blobs("secret"),
        *refers("ticket_id", "tickets"),
        *refers("message_id", "messages"),
        sa.PrimaryKeyConstraint("ticket_id", "placeholder"),
    )
    op.create_index("ix_message_values_message_id", "message_values", ["message_id"])


def _events() -> None:
    op.create_table(
        "events",
        *counts("seq"),
        *texts("name"),
        *objects("data"),
        *times("created_at"),
        *counts("sentence", null=True),
        *refers("ticket_id", "tickets"),
        *refers("company_id", "companies"),
        *refers("turn_id", "turns", null=True),
        sa.PrimaryKeyConstraint("ticket_id", "seq"),
        sa.UniqueConstraint("turn_id", "sentence"),
    )
    op.create_index("ix_events_company_id", "events", ["company_id"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        *texts("rating", "reason", "id"),
        *times("created_at"),
        *refers("company_id", "companies"),
        *refers("ticket_id", "tickets"),
        *refers("message_id", "messages"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("ix_feedback_company_id", "feedback", ["company_id"])
    op.create_index("ix_feedback_ticket_id", "feedback", ["ticket_id"])
