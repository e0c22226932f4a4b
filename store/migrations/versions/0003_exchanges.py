"""What passed between turns and models or tools."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import counts, flags, objects, reals, refers, texts, times

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and its indices."""
    op.create_table(
        "exchanges",
        *texts("kind", "step", "name", "version", "fault", "id"),
        *objects("request", "response"),
        *flags("texts_kept"),
        *counts("attempt", "seq", "tokens_in", "tokens_out", "attempts"),
        *reals("cost", "ms"),
        *times("started_at", "created_at"),
        *refers("turn_id", "turns"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_exchanges_turn", "exchanges", ["turn_id", "attempt", "seq"])
    op.create_index("ix_exchanges_spent", "exchanges", ["company_id", "started_at"])
    op.create_index("ix_exchanges_texts", "exchanges", ["texts_kept", "started_at"])


def downgrade() -> None:
    """Remove it."""
    op.drop_table("exchanges")
