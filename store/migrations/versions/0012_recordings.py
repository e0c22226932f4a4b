"""What turns were given besides models and tools, for exact replay."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import counts, objects, refers, texts, times

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "recordings",
        *refers("turn_id", "turns"),
        *refers("company_id", "companies"),
        *counts("attempt", "resumed", "knowledge_version"),
        *texts("context"),
        *objects("calls"),
        *times("created_at"),
        sa.PrimaryKeyConstraint("turn_id"),
    )
    op.create_index("ix_recordings_company_id", "recordings", ["company_id"])
    op.create_index("ix_recordings_time", "recordings", ["created_at"])
    op.create_table(
        "recorded_parts",
        *refers("company_id", "companies"),
        *texts("digest"),
        *objects("data"),
        *times("created_at"),
        sa.PrimaryKeyConstraint("company_id", "digest"),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("recorded_parts")
    op.drop_table("recordings")
