"""What passed between turns and models or tools."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Blank, Identified, NoKeys, Zero, company_key


class Exchanges(Identified, Base):
    """One question to a model or one call of a tool; its texts go after a while, its figures stay."""

    __tablename__ = "exchanges"
    __table_args__ = (
        Index("ix_exchanges_turn", "turn_id", "attempt", "seq"),
        Index("ix_exchanges_spent", "company_id", "started_at"),
        Index("ix_exchanges_texts", "texts_kept", "started_at"),
    )

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"))
    company_id: Mapped[str] = company_key(index=False)
    attempt: Mapped[int]
    seq: Mapped[int]
    kind: Mapped[str]
    step: Mapped[str]
    name: Mapped[str]
    version: Mapped[Blank]
    request: Mapped[NoKeys]
    response: Mapped[NoKeys]
    texts_kept: Mapped[bool]
    fault: Mapped[Blank]
    tokens_in: Mapped[Zero]
    tokens_out: Mapped[Zero]
    cost: Mapped[float]
    attempts: Mapped[int]
    ms: Mapped[float]
    started_at: Mapped[datetime]
