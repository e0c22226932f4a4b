"""Sources, manual entries with their revisions, specialist articles, passages and knowledge gaps."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Edited, company_key


class KnowledgeSources(Edited, Base):
    """Pages and files that a company's passages came from."""

    __tablename__ = "knowledge_sources"
    __table_args__ = (UniqueConstraint("company_id", "url"),)

    company_id: Mapped[str] = company_key(index=False)
    url: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    content_hash: Mapped[str]
    etag: Mapped[str]
    last_modified: Mapped[str]
    reason: Mapped[str]
    revision: Mapped[int]
    imported_at: Mapped[datetime | None]


class ManualEntries(Edited, Base):
    """What content owners wrote, English beside reviewed Hinglish."""

    __tablename__ = "manual_entries"
    __table_args__ = (Index("ix_manual_entries_list", "company_id", "status", "title"),)

    company_id: Mapped[str] = company_key(index=False)
    title: Mapped[str]
    title_hinglish: Mapped[str]
    content: Mapped[tuple[Any, ...]]
    content_hinglish: Mapped[tuple[Any, ...]]
    questions: Mapped[tuple[Any, ...]]
    category: Mapped[str]
    status: Mapped[str]
    revision: Mapped[int]


class EntryRevisions(Base):
    """Every published state of an entry."""

    __tablename__ = "entry_revisions"

    entry_id: Mapped[str] = mapped_column(
        ForeignKey("manual_entries.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True)
    content_hash: Mapped[str]
    fields: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class Articles(Edited, Base):
    """Background texts for the specialist."""

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("company_id", "slug"),)

    company_id: Mapped[str] = company_key(index=False)
    slug: Mapped[str]
    title: Mapped[str]
    category: Mapped[str]
    content: Mapped[str]


class Passages(Base):
    """The truth that the indices are built from; an inactive row is kept for receipts that quote it."""

    __tablename__ = "passages"
    __table_args__ = (
        Index("ix_passages_company", "company_id", "active"),
        Index("ix_passages_source", "source_id", "active"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    company_id: Mapped[str] = company_key(index=False)
    source_id: Mapped[str]
    kind: Mapped[str]
    position: Mapped[int]
    heading: Mapped[str]
    url: Mapped[str]
    title: Mapped[str]
    title_hinglish: Mapped[str]
    text: Mapped[str]
    hinglish: Mapped[str]
    questions: Mapped[tuple[Any, ...]]
    category: Mapped[str]
    content_hash: Mapped[str]
    active: Mapped[bool]
    revision: Mapped[int]
    created_at: Mapped[datetime]
    change_id: Mapped[str | None] = mapped_column(index=True)
    """The change that took it away."""


class Gaps(Edited, Base):
    """Questions that nothing answered, counted by their wording."""

    __tablename__ = "gaps"
    __table_args__ = (UniqueConstraint("company_id", "digest"),)

    company_id: Mapped[str] = company_key(index=False)
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"))
    digest: Mapped[str]
    question: Mapped[str]
    language: Mapped[str | None]
    count: Mapped[int]
    status: Mapped[str]
