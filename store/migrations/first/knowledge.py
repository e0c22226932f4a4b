"""Sources, entries, articles, passages, gaps."""

import sqlalchemy as sa
from alembic import op

from store.migrations.first.columns import counts, flags, lists, objects, refers, texts, times

TABLES = (
    "knowledge_sources",
    "manual_entries",
    "entry_revisions",
    "articles",
    "passages",
    "gaps",
)


def create() -> None:
    """Make the tables and their indices."""
    _knowledge_sources()
    _manual_entries()
    _entry_revisions()
    _articles()
    _passages()
    _gaps()


def _knowledge_sources() -> None:
    op.create_table(
        "knowledge_sources",
        *texts("url", "title", "kind", "status", "content_hash", "etag", "last_modified", "reason", "id"),
        *counts("revision"),
        *times("imported_at", null=True),
        *times("updated_at", "created_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "url"),
    )


def _manual_entries() -> None:
    op.create_table(
        "manual_entries",
        *texts("title", "title_hinglish", "category", "status", "id"),
        *lists("content", "content_hinglish", "questions"),
        *counts("revision"),
        *times("updated_at", "created_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_manual_entries_list", "manual_entries", ["company_id", "status", "title"])


def _entry_revisions() -> None:
    op.create_table(
        "entry_revisions",
        *counts("revision"),
        *texts("content_hash"),
        *objects("fields"),
        *times("created_at"),
        *refers("entry_id", "manual_entries"),
        sa.PrimaryKeyConstraint("entry_id", "revision"),
    )


def _articles() -> None:
    op.create_table(
        "articles",
        *texts("slug", "title", "category", "content", "id"),
        *times("updated_at", "created_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "slug"),
    )


def _passages() -> None:
    op.create_table(
        "passages",
        *texts(
            "id",
            "source_id",
            "kind",
            "heading",
            "url",
            "title",
            "title_hinglish",
            "text",
            "hinglish",
            "category",
            "content_hash",
        ),
        *counts("position", "revision"),
        *lists("questions"),
        *flags("active"),
        *times("created_at"),
        *refers("company_id", "companies"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_passages_company", "passages", ["company_id", "active"])
    op.create_index("ix_passages_source", "passages", ["source_id", "active"])


def _gaps() -> None:
    op.create_table(
        "gaps",
        *texts("digest", "question", "status", "id"),
        *texts("language", null=True),
        *counts("count"),
        *times("updated_at", "created_at"),
        *refers("company_id", "companies"),
        *refers("ticket_id", "tickets", gone="SET NULL", null=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "digest"),
    )
