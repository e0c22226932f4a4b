"""A company's own back office: tools over HTTP, and actions that staff approve."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Blank, Edited, Identified, company_key


class HttpTools(Edited, Base):
    """A tool of one company that calls its own service; the secret is encrypted."""

    __tablename__ = "http_tools"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    company_id: Mapped[str] = company_key(index=False)
    name: Mapped[str]
    config: Mapped[dict[str, Any]]
    secret: Mapped[bytes | None]
    enabled: Mapped[bool]


class Approvals(Identified, Base):
    """An action that waits for a colleague's yes or no."""

    __tablename__ = "approvals"

    company_id: Mapped[str] = company_key()
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    tool: Mapped[str]
    action: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    status: Mapped[str]
    decided_by: Mapped[Blank]
    decided_at: Mapped[datetime | None]
    outcome: Mapped[Blank]
