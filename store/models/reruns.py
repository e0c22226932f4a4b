"""Drafts that were tried on past tickets."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Blank, Identified, NoKeys, company_key


class Reruns(Identified, Base):
    """One trial of a draft; its texts are those of the tickets that it changes."""

    __tablename__ = "reruns"
    __table_args__ = (Index("ix_reruns_company", "company_id", "created_at"),)

    company_id: Mapped[str] = company_key(index=False)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    title: Mapped[str]
    draft: Mapped[dict[str, Any]]
    base: Mapped[Blank]
    summary: Mapped[NoKeys]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON(none_as_null=True))
    started_by: Mapped[str]
    published_at: Mapped[datetime | None]
