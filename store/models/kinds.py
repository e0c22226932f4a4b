"""How many tickets there are of each kind: a table on SQLite, a view on PostgreSQL, made by its migration."""

from sqlalchemy import Boolean, Integer, String, column, table

TICKET_KINDS = table(
    "ticket_kinds",
    column("tag", String),
    column("place", Integer),
    column("company_id", String),
    column("status", String),
    column("human_owned", Boolean),
    column("handoff_available", Boolean),
    column("language", String),
    column("intent", String),
    column("assignee_id", String),
    column("tickets", Integer),
)
"""A row counts tickets that are alike in all its columns; an empty `tag` stands for any tags or none."""
