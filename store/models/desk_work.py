"""What members of staff keep for their own work: what they have read, their views, prepared replies."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Identified, Zero, maybe_company_key


class TicketReads(Base):
    """How far a member of staff has read a ticket, and when its page was last seen open."""

    __tablename__ = "ticket_reads"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("staff_users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    seq: Mapped[Zero]
    seen_at: Mapped[datetime]


class SavedViews(Identified, Base):
    """Filters of the inbox under a name, for one member of staff."""

    __tablename__ = "saved_views"

    user_id: Mapped[str] = mapped_column(ForeignKey("staff_users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    query: Mapped[str]


class CannedReplies(Identified, Base):
    """Prepared replies of a company; those without a company are for all."""

    __tablename__ = "canned_replies"

    company_id: Mapped[str | None] = maybe_company_key()
    name: Mapped[str]
    text: Mapped[str]
    language: Mapped[str]
