"""Sessions of customers, staff with their memberships and sessions, API keys, and the audit."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Identified, company_key, maybe_company_key, only_one


class Sessions(Identified, Base):
    """Customers' sessions; the token is kept as a digest."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[str] = company_key()
    customer_id: Mapped[str | None] = mapped_column(
        ForeignKey("customers.id", ondelete="SET NULL"), index=True
    )
    email: Mapped[str | None]
    verified: Mapped[bool]
    demo: Mapped[bool]
    last_seen: Mapped[datetime]


class UsedTokenIds(Base):
    """Identity tokens that were shown once already."""

    __tablename__ = "used_token_ids"

    company_id: Mapped[str] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class OneTimeCodes(Identified, Base):
    """Codes sent to an address, as digests, for one session."""

    __tablename__ = "one_time_codes"

    company_id: Mapped[str] = company_key()
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    email: Mapped[str]
    code_hash: Mapped[str]
    tries: Mapped[int]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffUsers(Identified, Base):
    """Members of staff; passwords as argon2."""

    __tablename__ = "staff_users"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    active: Mapped[bool]


class StaffSessions(Identified, Base):
    """Signed-in browsers; the cookie is kept as a digest."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("staff_users.id", ondelete="CASCADE"), index=True)
    last_seen: Mapped[datetime]
    expires_at: Mapped[datetime]


class Memberships(Identified, Base):
    """Roles of staff in a company, or in all."""

    __tablename__ = "memberships"

    user_id: Mapped[str] = mapped_column(ForeignKey("staff_users.id", ondelete="CASCADE"), index=True)
    company_id: Mapped[str | None] = maybe_company_key()
    role: Mapped[str]


only_one(
    "uq_memberships_company",
    Memberships.user_id,
    Memberships.company_id,
    where=Memberships.company_id.is_not(None),
)
only_one("uq_memberships_all", Memberships.user_id, where=Memberships.company_id.is_(None))


class ApiKeys(Identified, Base):
    """Keys of servers, as SHA-256."""

    __tablename__ = "api_keys"

    key_hash: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[str | None] = maybe_company_key()
    name: Mapped[str]
    prefix: Mapped[str]
    scopes: Mapped[tuple[Any, ...]]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Audit(Identified, Base):
    """What staff and keys changed; rows are only ever added."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_time", "company_id", "created_at"),)

    company_id: Mapped[str | None] = mapped_column(ForeignKey("companies.id", ondelete="SET NULL"))
    actor: Mapped[str]
    action: Mapped[str]
    target: Mapped[str]
    before_hash: Mapped[str | None]
    after_hash: Mapped[str | None]
    ip: Mapped[str | None]
