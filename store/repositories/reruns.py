"""Drafts that were tried on past tickets: begun, ended, published, and thinned out when a ticket goes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from graph.errors import NotFound
from store.models.reruns import Reruns
from store.repositories.base import Repository, rows_of
from store.values.reruns import Rerun, RerunHead
from store.values.scope import Json


class RerunRepository(Repository):
    """Trials of the caller's companies."""

    def begin(
        self, company_id: str, job_id: str, *, title: str, draft: Json, base: str, started_by: str
    ) -> Rerun:
        """A trial whose job has been queued."""
        self._check(company_id)
        made = Rerun(
            id=self._new_id("rrn"),
            company_id=company_id,
            job_id=job_id,
            title=title,
            draft=draft,
            base=base,
            summary={},
            started_by=started_by,
            created_at=self._now(),
        )
        self._insert(Reruns, dict(vars(made)))
        return made

    def end(self, rerun_id: str, summary: Json, changes: list[Json]) -> None:
        """Keep what came of it."""
        self._change(rerun_id, summary=summary, changes=changes)

    def published(self, rerun_id: str) -> None:
        """Its draft has been published."""
        self._change(rerun_id, published_at=self._now())

    def get(self, rerun_id: str) -> Rerun:
        """The trial, or `NotFound`."""
        where = (Reruns.id == rerun_id, *self._within(Reruns))
        found = self._find(Rerun, rows_of(Reruns, Rerun, *where))
        if found is None:
            raise NotFound("no such trial", field="id")
        return found

    def of_job(self, job_id: str) -> Rerun:
        """The trial that this job carries out."""
        where = (Reruns.job_id == job_id, *self._within(Reruns))
        found = self._find(Rerun, rows_of(Reruns, Rerun, *where))
        if found is None:
            raise NotFound("no such trial", field="job")
        return found

    def all(self, company_id: str | None = None, limit: int = 50) -> tuple[RerunHead, ...]:
        """The trials, newest first, without what changed."""
        where = [] if company_id is None else [Reruns.company_id == company_id]
        statement = rows_of(Reruns, RerunHead, *where, *self._within(Reruns))
        newest = statement.order_by(Reruns.created_at.desc(), Reruns.id.desc()).limit(limit)
        return self._list(RerunHead, newest)

    def forget(self, tickets: Collection[str]) -> int:
        """Take what was said on these tickets out of all trials; how many changes that were."""
        gone = 0
        if not tickets:
            return gone
        statement = select(Reruns.id, Reruns.changes).where(*self._within(Reruns))
        for row in self._db.execute(statement).all():
            kept = [change for change in row.changes if change["ticketId"] not in tickets]
            if len(kept) < len(row.changes):
                gone += len(row.changes) - len(kept)
                self._change(row.id, changes=kept)
        return gone

    def thin(self, before: datetime) -> None:
        """Take the texts out of trials that are older; their figures stay."""
        where = (Reruns.created_at < before, *self._within(Reruns))
        self._db.execute(update(Reruns).where(*where).values(changes=[]))

    def _change(self, rerun_id: str, **values: Any) -> None:
        where = (Reruns.id == rerun_id, *self._within(Reruns))
        if not self._db.execute(update(Reruns).where(*where).values(values)).rowcount:
            raise NotFound("no such trial", field="id")
