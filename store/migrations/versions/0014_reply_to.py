"""Where a customer answers to a mail."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import texts

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mails of before have no such address."""
    (column,) = texts("reply_to")
    column.server_default = sa.DefaultClause("")
    op.add_column("outbox", column)


def downgrade() -> None:
    """Remove it."""
    op.drop_column("outbox", "reply_to")
