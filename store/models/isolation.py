"""Rounds of canary probes: how many questions were asked across companies, and what leaked."""

from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Identified


class CanaryRuns(Identified, Base):
    """One round over all companies; the operator's."""

    __tablename__ = "canary_runs"
    __table_args__ = (Index("ix_canary_runs_time", "created_at"),)

    companies: Mapped[int]
    found: Mapped[int]
    probes: Mapped[int]
    leaks: Mapped[int]
    surfaces: Mapped[dict[str, Any]]
    leaked: Mapped[list[dict[str, Any]]] = mapped_column(JSON(none_as_null=True))
    seconds: Mapped[float]
