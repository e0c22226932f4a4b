"""A draft that was tried on past tickets, and what it would change."""

from dataclasses import dataclass, field
from datetime import datetime

from store.values.scope import Json


@dataclass(frozen=True, kw_only=True)
class RerunHead:
    """A trial without what changed."""

    id: str
    company_id: str
    job_id: str
    title: str
    draft: Json
    base: str
    """The state of the thing that the draft is of, as it was when it was tried."""
    summary: Json
    """Empty until the trial has ended."""
    started_by: str
    created_at: datetime
    published_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Rerun(RerunHead):
    """A trial with the turns that come to something else."""

    changes: list[Json] = field(default_factory=list)
