"""Drafts that were tried on past tickets; companies' gates, and cases that are disputed."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import counts, flags, objects, reals, refers, texts, times

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and the columns."""
    op.create_table(
        "reruns",
        *texts("id", "title", "base", "started_by"),
        *refers("company_id", "companies"),
        *refers("job_id", "jobs"),
        *objects("draft", "summary", "changes"),
        *times("created_at"),
        *times("published_at", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reruns_company", "reruns", ["company_id", "created_at"])
    op.create_table(
        "gates",
        *refers("company_id", "companies"),
        *counts("every_hours", "trials"),
        *reals("least"),
        *flags("before_publishing"),
        *times("due_at", null=True),
        *texts("run_id"),
        *times("ran_at", null=True),
        *flags("passed", null=True),
        sa.PrimaryKeyConstraint("company_id"),
    )
    with op.batch_alter_table("own_cases") as cases:
        cases.add_column(sa.Column("state", sa.String(), nullable=False, server_default="active"))
        cases.add_column(sa.Column("reason", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Remove them."""
    with op.batch_alter_table("own_cases") as cases:
        cases.drop_column("reason")
        cases.drop_column("state")
    op.drop_table("gates")
    op.drop_table("reruns")
