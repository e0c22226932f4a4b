"""Receipts of erased customers."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import lists, objects, refers, texts, times

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erasures",
        *texts("id", "fingerprint"),
        *objects("counts"),
        *lists("threads"),
        *times("created_at"),
        *times("swept_at", null=True),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_erasures_company_id", "erasures", ["company_id"])
    op.create_index("ix_erasures_fingerprint", "erasures", ["fingerprint"])


def downgrade() -> None:
    """Remove it."""
    op.drop_table("erasures")
