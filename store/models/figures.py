"""Figures by company and day, and the indices that log and figures are read by."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base
from store.models.tickets import Tickets
from store.models.turns import ToolCalls, Turns


class FigureDays(Base):
    """What a day came to, counted once it changed."""

    __tablename__ = "figure_days"

    company_id: Mapped[str] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]]
    counted_at: Mapped[datetime]


Index(
    "ix_turns_seen",
    *(Turns.created_at, Turns.id, Turns.company_id, Turns.status, Turns.kind, Turns.action),
    *(Turns.intent, Turns.language, Turns.is_safe),
)
"""The log's order, and its filters without a look at the rows."""
Index("ix_turns_finished", Turns.finished_at, Turns.company_id, Turns.created_at)
"""Which days have changed."""
Index("ix_tickets_changed", Tickets.updated_at, Tickets.company_id, Tickets.created_at)
Index("ix_tickets_made", Tickets.company_id, Tickets.created_at)
Index(
    "ix_tool_calls_failed",
    ToolCalls.turn_id,
    sqlite_where=ToolCalls.status == "failed",
    postgresql_where=ToolCalls.status == "failed",
)
