"""Finished runs of the evaluation, and companies' own cases."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import objects, refers, texts, times

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "eval_runs",
        *refers("company_id", "companies", null=True),
        *texts("title", "started_by", "id"),
        *objects("arguments", "summary", "cases"),
        *times("created_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_eval_runs_company_id", "eval_runs", ["company_id"])
    op.create_index("ix_eval_runs_time", "eval_runs", ["created_at"])
    op.create_table(
        "own_cases",
        *refers("company_id", "companies"),
        *texts("name", "id"),
        *objects("row"),
        *times("created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "name"),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("own_cases")
    op.drop_table("eval_runs")
