"""Pages of imports, passages that wait for approval, nightly schedules."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import counts, objects, refers, texts, times

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and their indices."""
    op.create_table(
        "import_pages",
        *texts("id", "url", "state", "reason", "title", "canonical", "etag", "last_modified"),
        *texts("content_hash", "body_hash", "fingerprint"),
        *counts("position", "depth", "http_status", "passages", "attempts"),
        *times("updated_at"),
        *refers("job_id", "jobs"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("job_id", "url"),
    )
    op.create_index("ix_import_pages_state", "import_pages", ["job_id", "state", "position"])
    op.create_index("ix_import_pages_changed", "import_pages", ["job_id", "updated_at"])
    op.create_index("ix_import_pages_company", "import_pages", ["company_id", "url"])
    op.create_table(
        "held_passages",
        *texts("id", "content_hash", "reason", "status", "decided_by"),
        *counts("position"),
        *objects("fields"),
        *times("created_at", "updated_at"),
        *refers("company_id", "companies"),
        *refers("source_id", "knowledge_sources"),
        *refers("job_id", "jobs", gone="SET NULL", null=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "content_hash"),
    )
    op.create_index("ix_held_passages_company", "held_passages", ["company_id", "status"])
    op.create_table(
        "import_schedules",
        *texts("id", "url"),
        *objects("arguments"),
        *times("next_run", "created_at", "updated_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "url"),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("import_schedules", "held_passages", "import_pages"):
        op.drop_table(table)
