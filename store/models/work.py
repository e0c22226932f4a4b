"""Jobs and their items, named leases, and mail or webhooks that wait to be sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Blank, Identified, NoKeys, Off, Zero, maybe_company_key


class Leases(Base):
    """Names that one process holds at a time, such as the owner of the vector index."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    token: Mapped[Zero]
    until: Mapped[datetime]


class Jobs(Identified, Base):
    """Long tasks with their own lease."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_queue", "status", "created_at"),)

    company_id: Mapped[str | None] = maybe_company_key()
    kind: Mapped[str]
    status: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    progress: Mapped[NoKeys]
    error: Mapped[Blank]
    cancel_asked: Mapped[Off]
    owner: Mapped[str | None]
    token: Mapped[Zero]
    attempts: Mapped[Zero]
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class JobItems(Base):
    """The single pages, cases or files of a job."""

    __tablename__ = "job_items"
    __table_args__ = (UniqueConstraint("job_id", "key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    key: Mapped[str]
    status: Mapped[str]
    reason: Mapped[Blank]
    attempts: Mapped[Zero]
    data: Mapped[NoKeys]


class Outbox(Identified, Base):
    """Mail and webhooks, written in the transaction that causes them."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_waiting", "status", "created_at"),)

    company_id: Mapped[str | None] = maybe_company_key()
    kind: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    status: Mapped[str]
    attempts: Mapped[Zero]
    error: Mapped[Blank]
    reply_to: Mapped[Blank]
    due_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
