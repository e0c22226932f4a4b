"""Rounds of canary probes, kept for the operator."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from store.models.isolation import CanaryRuns
from store.repositories.base import Repository, rows_of
from store.values.isolation import CanaryRun


class IsolationRepository(Repository):
    """Nobody but the operator reads or writes them: a leak names two companies."""

    def keep(self, found: Mapping[str, Any], seconds: float) -> CanaryRun:
        """Keep what a round came to, as `probe canaries` reports it."""
        self._check(None)
        run = CanaryRun(
            id=self._new_id("cny"),
            companies=int(found["companies"]),
            found=int(found["foundByOwner"]),
            probes=int(found["n"]),
            leaks=int(found["leaks"]),
            surfaces=dict(found["bySurface"]),
            leaked=list(found["leaked"]),
            seconds=seconds,
            created_at=self._now(),
        )
        self._insert(CanaryRuns, dict(vars(run)))
        return run

    def runs(self, limit: int = 30) -> tuple[CanaryRun, ...]:
        """The rounds, newest first."""
        self._check(None)
        newest = rows_of(CanaryRuns, CanaryRun).order_by(CanaryRuns.created_at.desc(), CanaryRuns.id.desc())
        return self._list(CanaryRun, newest.limit(limit))

    def totals(self) -> tuple[int, int]:
        """All probes that were ever made here, and all leaks."""
        self._check(None)
        sums = select(
            func.coalesce(func.sum(CanaryRuns.probes), 0), func.coalesce(func.sum(CanaryRuns.leaks), 0)
        )
        probes, leaks = self._db.execute(sums).one()
        return int(probes), int(leaks)
