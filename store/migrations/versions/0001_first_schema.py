"""The first schema."""

from alembic import op

from store.migrations.first import companies, conversation, desk, knowledge, people, tickets, turns, work

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PARTS = (companies, people, tickets, turns, conversation, knowledge, desk, work)
"""Those that others refer to come first."""


def upgrade() -> None:
    """Make all tables."""
    for part in PARTS:
        part.create()


def downgrade() -> None:
    """Remove all tables."""
    for part in reversed(PARTS):
        for table in reversed(part.TABLES):
            op.drop_table(table)
