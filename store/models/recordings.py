"""What turns were given besides models and tools, for exact replay."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, company_key


class Recordings(Base):
    """One row per completed turn; it goes when the texts of exchanges go."""

    __tablename__ = "recordings"
    __table_args__ = (Index("ix_recordings_time", "created_at"),)

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    company_id: Mapped[str] = company_key()
    attempt: Mapped[int]
    resumed: Mapped[int]
    context: Mapped[str]
    knowledge_version: Mapped[int]
    calls: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class RecordedParts(Base):
    """Settings and passages by digest: the company's own texts, nobody's personal data."""

    __tablename__ = "recorded_parts"

    company_id: Mapped[str] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
