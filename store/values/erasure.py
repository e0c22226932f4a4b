"""Receipts of erased customers."""

from dataclasses import dataclass
from datetime import datetime

from store.values.scope import Json


@dataclass(frozen=True)
class Erasure:
    """What went, by table, and when the last sweep for late writes was."""

    id: str
    company_id: str
    fingerprint: str
    counts: Json
    threads: tuple[str, ...]
    created_at: datetime
    swept_at: datetime | None
