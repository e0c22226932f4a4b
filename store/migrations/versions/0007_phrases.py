"""Phrases by which companies teach the intent classifier."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import refers, texts, times

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "intent_phrases",
        *texts("id", "intent", "text"),
        *times("created_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "text"),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("intent_phrases")
