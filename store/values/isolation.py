"""Rounds of canary probes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class CanaryRun:
    """One round: every company's secret fact was asked for at others, through every surface."""

    id: str
    companies: int
    found: int
    """Companies whose own search found their fact: a probe that sees nothing then means something."""
    probes: int
    leaks: int
    surfaces: dict[str, int]
    """Probes by surface."""
    leaked: list[dict[str, str]]
    """Each leak: `of` whom, `at` whom, through which `surface`."""
    seconds: float
    created_at: datetime
