"""Pages of import jobs, passages that wait for approval, sites that are imported every night."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Blank, Edited, Zero, company_key


class ImportPages(Base):
    """The addresses of an import job, in the order in which they were found."""

    __tablename__ = "import_pages"
    __table_args__ = (
        UniqueConstraint("job_id", "url"),
        Index("ix_import_pages_state", "job_id", "state", "position"),
        Index("ix_import_pages_changed", "job_id", "updated_at"),
        Index("ix_import_pages_company", "company_id", "url"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    company_id: Mapped[str] = company_key(index=False)
    url: Mapped[str]
    position: Mapped[int]
    depth: Mapped[int]
    state: Mapped[str]
    reason: Mapped[Blank]
    title: Mapped[Blank]
    http_status: Mapped[Zero]
    canonical: Mapped[Blank]
    etag: Mapped[Blank]
    last_modified: Mapped[Blank]
    content_hash: Mapped[Blank]
    body_hash: Mapped[Blank]
    fingerprint: Mapped[Blank]
    passages: Mapped[Zero]
    attempts: Mapped[Zero]
    updated_at: Mapped[datetime]


class HeldPassages(Edited, Base):
    """Imported passages that nobody answers from until a person approves them."""

    __tablename__ = "held_passages"
    __table_args__ = (
        UniqueConstraint("source_id", "content_hash"),
        Index("ix_held_passages_company", "company_id", "status"),
    )

    company_id: Mapped[str] = company_key(index=False)
    source_id: Mapped[str] = mapped_column(ForeignKey("knowledge_sources.id", ondelete="CASCADE"))
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id", ondelete="SET NULL"))
    position: Mapped[int]
    content_hash: Mapped[str]
    fields: Mapped[dict[str, Any]]
    reason: Mapped[str]
    status: Mapped[str]
    decided_by: Mapped[Blank]


class ImportSchedules(Edited, Base):
    """Sites that are imported again every night."""

    __tablename__ = "import_schedules"
    __table_args__ = (UniqueConstraint("company_id", "url"),)

    company_id: Mapped[str] = company_key(index=False)
    url: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    next_run: Mapped[datetime]
