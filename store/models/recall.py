"""What changed in the knowledge, and what people decided on the answers that rested on it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Identified, company_key


class KnowledgeChanges(Identified, Base):
    """One for each publication that took passages away; they name it as `passages.change_id`."""

    __tablename__ = "knowledge_changes"
    __table_args__ = (Index("ix_knowledge_changes_time", "company_id", "created_at"),)

    company_id: Mapped[str] = company_key(index=False)
    source_id: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    url: Mapped[str]
    revision: Mapped[int]


class Recalls(Base):
    """What was decided on one claim of one past answer; once, so that nobody is corrected twice."""

    __tablename__ = "recalls"

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[str] = company_key()
    action: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
