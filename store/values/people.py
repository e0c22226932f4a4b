"""Who is talking to the desk: customer sessions, staff, API keys; and the record of what they did."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Session:
    """A customer's session with one company; its token is stored as a digest only."""

    id: str
    company_id: str
    customer_id: str | None
    email: str | None
    """A label the customer typed; proves nothing unless `verified`."""
    verified: bool
    demo: bool
    last_seen: datetime
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class StaffUser:
    """A member of staff; `password_hash` is argon2."""

    id: str
    email: str
    name: str
    password_hash: str
    active: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class StaffSession:
    """A signed-in browser of a member of staff."""

    id: str
    user_id: str
    created_at: datetime
    last_seen: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Membership:
    """A role of a member of staff in one company, or in all of them when `company_id` is None."""

    user_id: str
    company_id: str | None
    role: str


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A server's key; only its SHA-256 and a prefix to recognise it by are kept."""

    id: str
    company_id: str | None
    name: str
    prefix: str
    scopes: tuple[str, ...]
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class AuditRecord:
    """Who did what to which thing; the hashes tell that it changed without saying what was in it."""

    id: str
    company_id: str | None
    actor: str
    action: str
    target: str
    before_hash: str | None
    after_hash: str | None
    ip: str | None
    created_at: datetime
