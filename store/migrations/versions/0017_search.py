"""A search reads the number of each open ticket: it stands in the index, with the rest of what it reads."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NAME = "ix_tickets_desk"
COLUMNS: list[Any] = [
    *("place", "waiting_since", sa.text("updated_at DESC"), sa.text("id DESC")),
    *("company_id", "status", "human_owned", "handoff_available"),
    *("language", "intent", "assignee_id", "labels"),
]


def upgrade() -> None:
    """Make the index anew with the number at its end."""
    op.drop_index(NAME, "tickets")
    op.create_index(NAME, "tickets", [*COLUMNS, "number"])


def downgrade() -> None:
    """Without it."""
    op.drop_index(NAME, "tickets")
    op.create_index(NAME, "tickets", COLUMNS)
