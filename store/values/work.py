"""Work that waits: jobs with their items, leases on names, and mail or webhooks that leave the house."""

from dataclasses import dataclass, field
from datetime import datetime

from store.values.scope import Json


@dataclass(frozen=True, kw_only=True)
class Job:
    """A long task, such as an import or an evaluation."""

    id: str
    company_id: str | None
    kind: str
    status: str
    """queued, running, done, failed or cancelled."""
    arguments: Json = field(default_factory=dict)
    progress: Json = field(default_factory=dict)
    error: str = ""
    cancel_asked: bool = False
    token: int = 0
    attempts: int = 0
    created_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class JobItem:
    """One page, case or file of a job."""

    id: str
    job_id: str
    key: str
    status: str
    reason: str = ""
    attempts: int = 0
    data: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Lease:
    """A name that one process holds for a while; the token grows with every new holder."""

    name: str
    owner: str
    token: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A mail or webhook that was written with the change that caused it, and is sent after."""

    id: str
    company_id: str | None
    kind: str
    recipient: str
    subject: str
    body: str
    status: str
    """waiting, sent or failed."""
    attempts: int
    error: str
    created_at: datetime
    sent_at: datetime | None
    due_at: datetime | None = None
    """Not to be tried before; None: at once."""
    reply_to: str = ""
    """Where an answer goes; empty: to the sender."""
