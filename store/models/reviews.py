"""Answers that were drawn at random, and what leads said of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Blank, Identified, company_key


class Reviews(Identified, Base):
    """One drawn answer; an empty verdict waits for somebody."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_list", "company_id", "verdict", "created_at"),)

    company_id: Mapped[str] = company_key(index=False)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), unique=True)
    verdict: Mapped[Blank]
    reason: Mapped[Blank]
    reviewed_by: Mapped[Blank]
    reviewed_at: Mapped[datetime | None]
