"""How many tickets there are of each kind, so that the inbox counts without a look at the tickets.

A kind is all that the inbox filters by. `tag` is empty where all tickets of the kind are counted, else it is
one that they carry. SQLite, which has one writer at a time, keeps the counts in a table by triggers;
PostgreSQL, where all writers would wait for the same few rows, counts anew in a view. A later migration that
makes `tickets` or `ticket_tags` anew on SQLite has to make these triggers anew too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MAYBE = ("language", "intent", "assignee_id")
KIND = ("place", "company_id", "status", "human_owned", "handoff_available", *MAYBE)
MOVES = ("status", "priority", "human_owned", "waiting_since", "handoff_available", "company_id", *MAYBE)
"""What a kind depends on: `place` is computed from some of it."""
SAME = " AND ".join(f"{name} = new.{name}" for name in ("tag", *KIND))


def _kind(row: str) -> str:
    return ", ".join(f"coalesce({row}.{name}, '')" if name in MAYBE else f"{row}.{name}" for name in KIND)


def _count(by: int, tag: str, row: str, which: str = "WHERE true") -> str:
    """One more or one less of a row's kind, under each tag that `which` finds."""
    return (
        f" INSERT INTO ticket_kinds (tag, {', '.join(KIND)}, tickets)"
        f" SELECT {tag}, {_kind(row)}, {by} {which}"
        " ON CONFLICT DO UPDATE SET tickets = tickets + excluded.tickets;"
    )


def _count_all(by: int, row: str) -> str:
    """The same among all tickets, and under each tag that the ticket carries."""
    return _count(by, "''", row) + _count(by, "name", row, f"FROM ticket_tags WHERE ticket_id = {row}.id")


TRIGGERS = {
    "ticket_kinds_added": f"AFTER INSERT ON tickets BEGIN {_count_all(1, 'new')} END",
    "ticket_kinds_changed": f"AFTER UPDATE OF {', '.join(MOVES)} ON tickets"
    f" WHEN ({_kind('old')}) IS NOT ({_kind('new')})"
    f" BEGIN {_count_all(-1, 'old')} {_count_all(1, 'new')} END",
    "ticket_kinds_removed": "BEFORE DELETE ON tickets"
    f" BEGIN DELETE FROM ticket_tags WHERE ticket_id = old.id; {_count_all(-1, 'old')} END",
    "ticket_kinds_tagged": "AFTER INSERT ON ticket_tags"
    f" BEGIN {_count(1, 'new.name', 'tickets', 'FROM tickets WHERE id = new.ticket_id')} END",
    "ticket_kinds_untagged": "AFTER DELETE ON ticket_tags"
    f" BEGIN {_count(-1, 'old.name', 'tickets', 'FROM tickets WHERE id = old.ticket_id')} END",
    "ticket_kinds_gone": "AFTER UPDATE ON ticket_kinds WHEN new.tickets = 0"
    f" BEGIN DELETE FROM ticket_kinds WHERE {SAME}; END",
}
PLACES = ", ".join(str(2 + place) for place in range(len(KIND)))
COUNTED = (
    f"SELECT '' AS tag, {{kind}}, count(*) AS tickets FROM tickets GROUP BY {PLACES} UNION ALL"
    " SELECT name, {kind}, count(*) FROM tickets JOIN ticket_tags ON ticket_id = tickets.id"
    f" GROUP BY 1, {PLACES}"
)


def upgrade() -> None:
    """Count the tickets that are there, and keep the counts."""
    named = ", ".join(
        f"coalesce(tickets.{name}, '') AS {name}" if name in MAYBE else f"tickets.{name}" for name in KIND
    )
    op.drop_index("ix_tickets_kinds", "tickets")
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"CREATE VIEW ticket_kinds AS {COUNTED.format(kind=named)}")
        return
    numbers = ("place", "human_owned", "handoff_available")
    op.create_table(
        "ticket_kinds",
        *(
            sa.Column(name, sa.Integer() if name in numbers else sa.String(), nullable=False)
            for name in ("tag", *KIND)
        ),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tag", *KIND),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO ticket_kinds {COUNTED.format(kind=named)}")
    for name, action in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {action}")


def downgrade() -> None:
    """Count from the index again."""
    if op.get_bind().dialect.name == "sqlite":
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
        op.drop_table("ticket_kinds")
    else:
        op.execute("DROP VIEW ticket_kinds")
    op.create_index(
        "ix_tickets_kinds",
        "tickets",
        ["place", *KIND[1:], "labels"],
    )
