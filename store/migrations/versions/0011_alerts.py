"""What staff have been told already."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import refers, texts, times

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "alerts",
        *texts("key"),
        *refers("company_id", "companies"),
        *times("created_at"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_alerts_company_id", "alerts", ["company_id"])


def downgrade() -> None:
    """Remove it."""
    op.drop_table("alerts")
