"""What was erased: proof that it was done, and what to do again should something be written late."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Identified, company_key


class Erasures(Identified, Base):
    """Receipts of erased customers; who it was can be recognised with the key, and not be read."""

    __tablename__ = "erasures"

    company_id: Mapped[str] = company_key()
    fingerprint: Mapped[str] = mapped_column(index=True)
    counts: Mapped[dict[str, Any]]
    threads: Mapped[tuple[Any, ...]]
    """Ids of the tickets, whose checkpoints a turn that still ran may have written after their erasure."""
    swept_at: Mapped[datetime | None]
