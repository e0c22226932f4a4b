"""Leases, jobs, outbox."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import counts, flags, objects, refers, texts, times

TABLES = (
    "leases",
    "jobs",
    "job_items",
    "outbox",
)


def create() -> None:
    """Make the tables and their indices."""
    _leases()
    _jobs()
    _job_items()
    _outbox()


def _leases() -> None:
    op.create_table(
        "leases",
        *texts("name", "owner"),
        *counts("token"),
        *times("until"),
        sa.PrimaryKeyConstraint("name"),
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        *texts("kind", "status", "error", "id"),
        *objects("arguments", "progress"),
        *flags("cancel_asked"),
        *texts("owner", null=True),
        *counts("token", "attempts"),
        *times("lease_until", "finished_at", null=True),
        *times("created_at"),
        *refers("company_id", "companies", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_jobs_company_id", "jobs", ["company_id"])
    op.create_index("ix_jobs_queue", "jobs", ["status", "created_at"])


def _job_items() -> None:
    op.create_table(
        "job_items",
        *texts("id", "key", "status", "reason"),
        *counts("attempts"),
        *objects("data"),
        *refers("job_id", "jobs"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("job_id", "key"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        *texts("kind", "recipient", "subject", "body", "status", "error", "id"),
        *counts("attempts"),
        *times("sent_at", null=True),
        *times("created_at"),
        *refers("company_id", "companies", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outbox_company_id", "outbox", ["company_id"])
    op.create_index("ix_outbox_waiting", "outbox", ["status", "created_at"])
