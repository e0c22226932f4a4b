"""What an import of a site keeps: a row per page, passages held back for a person, nightly schedules."""

from dataclasses import dataclass, field
from datetime import datetime

from store.values.knowledge import PassageFields
from store.values.scope import Json

SETTLED = frozenset({"indexed", "unchanged", "skipped", "failed", "gone", "quarantined", "listed"})
"""States that a page stays in; `queued` and `fetched` pages are taken up again after an interruption."""


@dataclass(frozen=True, kw_only=True)
class ImportPage:
    """One address of an import job and what became of it."""

    id: str
    job_id: str
    company_id: str
    url: str
    position: int
    depth: int
    state: str
    """queued, fetched, indexed, unchanged, skipped, failed, gone, quarantined, or listed (dry run)."""
    reason: str = ""
    title: str = ""
    http_status: int = 0
    canonical: str = ""
    etag: str = ""
    last_modified: str = ""
    content_hash: str = ""
    body_hash: str = ""
    fingerprint: str = ""
    passages: int = 0
    attempts: int = 0
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class HeldPassage:
    """A passage that reads like an instruction to the bot; a person decides before it is answered from."""

    id: str
    company_id: str
    source_id: str
    job_id: str | None
    position: int
    content_hash: str
    fields: Json
    """The passage as `PassageFields` has it."""
    reason: str
    status: str
    """waiting, approved or rejected."""
    decided_by: str = ""
    created_at: datetime
    updated_at: datetime

    @property
    def passage(self) -> PassageFields:
        """What would be answered from."""
        return PassageFields(**{**self.fields, "questions": tuple(self.fields.get("questions", ()))})


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """A passage to hold back, and why."""

    passage: PassageFields
    position: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ImportSchedule:
    """A site that is imported again every night."""

    id: str
    company_id: str
    url: str
    arguments: Json = field(default_factory=dict)
    next_run: datetime
    created_at: datetime
    updated_at: datetime
