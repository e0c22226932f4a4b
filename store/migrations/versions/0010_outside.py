"""When mail is tried again; tools of companies over HTTP; actions that wait for a colleague."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import blobs, flags, objects, refers, texts, times

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and make the tables."""
    op.add_column("outbox", *times("due_at", null=True))
    op.create_table(
        "http_tools",
        *texts("id", "name"),
        *objects("config"),
        *blobs("secret", null=True),
        *flags("enabled"),
        *times("created_at", "updated_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "name"),
    )
    op.create_table(
        "approvals",
        *texts("id", "turn_id", "key", "tool", "action", "status", "decided_by", "outcome"),
        *objects("arguments"),
        *times("created_at"),
        *times("decided_at", null=True),
        *refers("company_id", "companies"),
        *refers("ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_approvals_company_id", "approvals", ["company_id"])
    op.create_index("ix_approvals_ticket_id", "approvals", ["ticket_id"])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("approvals")
    op.drop_table("http_tools")
    op.drop_column("outbox", "due_at")
