"""Pages of import jobs: found once, settled once, by the worker that holds the job."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from graph.errors import Conflict, LeaseLost
from store.models.imports import ImportPages, ImportSchedules
from store.models.work import Jobs
from store.repositories.base import Repository, rows_of
from store.repositories.jobs import JobRepository
from store.values.imports import ImportPage, ImportSchedule
from store.values.scope import Json
from store.values.work import Job

KIND = "import"
KEPT_JOBS = 5
AT_ONCE = 500
OPEN = ("queued", "fetched")


class ImportRepository(Repository):
    """Import jobs of the caller's companies, their pages and schedules."""

    def start(self, company_id: str, arguments: Json) -> Job:
        """Queue an import; `Conflict` while the same site is being imported. Old jobs' pages are dropped."""
        jobs = JobRepository(self._work)
        mine = [job for job in jobs.all(KIND, limit=1000) if job.company_id == company_id]
        same = [job for job in mine if job.arguments.get("url") == arguments.get("url")]
        if any(job.status in ("queued", "running") for job in same):
            raise Conflict("this site is being imported already", field="url")
        for old in same[KEPT_JOBS:]:
            self._db.execute(delete(ImportPages).where(ImportPages.job_id == old.id))
        return jobs.add(KIND, arguments, company_id=company_id)

    def reopen(self, job_id: str) -> Job:
        """Queue the failed pages of an ended import again; `Conflict` while it runs."""
        jobs = JobRepository(self._work)
        job = jobs.get(job_id)
        if job.status in ("queued", "running"):
            raise Conflict("this import has not ended yet", field="id")
        failed = (ImportPages.job_id == job_id, ImportPages.state == "failed", *self._within(ImportPages))
        self._db.execute(update(ImportPages).where(*failed).values(state="queued", updated_at=self._now()))
        self._db.execute(
            update(Jobs)
            .where(Jobs.id == job_id, *self._within(Jobs))
            .values(status="queued", cancel_asked=False, error="", finished_at=None, attempts=0)
        )
        return jobs.get(job_id)

    def add_pages(self, job: Job, found: Iterable[tuple[str, int]], limit: int) -> tuple[ImportPage, ...]:
        """Note addresses (url, depth) that the job does not know yet, at most `limit` in the whole job."""
        self._fence(job)
        wanted = dict(found)
        mine = ImportPages.job_id == job.id
        urls = list(wanted)
        for start in range(0, len(urls), AT_ONCE):
            part = ImportPages.url.in_(urls[start : start + AT_ONCE])
            for url in self._db.execute(select(ImportPages.url).where(mine, part)).scalars():
                del wanted[url]
        count = self._db.execute(select(func.count(ImportPages.id)).where(mine)).scalar() or 0
        fresh = list(wanted.items())[: max(0, limit - count)]
        blank: dict[str, Any] = {
            "job_id": job.id,
            "company_id": job.company_id,
            "state": "queued",
            "updated_at": self._now(),
        }
        made = [
            {**blank, "id": self._new_id("pag"), "url": url, "depth": depth, "position": count + place}
            for place, (url, depth) in enumerate(fresh)
        ]
        self._insert(ImportPages, made)
        return tuple(ImportPage(**row) for row in made)

    def waiting(self) -> tuple[str, ...]:
        """Imports that a process could take now: queued ones, and those whose process has gone silent."""
        silent = (Jobs.status == "running") & (Jobs.lease_until < self._now())
        where = (Jobs.kind == KIND, or_(Jobs.status == "queued", silent), *self._within(Jobs))
        return tuple(self._db.execute(select(Jobs.id).where(*where).order_by(Jobs.created_at)).scalars())

    def open_pages(self, job_id: str) -> tuple[ImportPage, ...]:
        """What is still to be done, in order."""
        where = (ImportPages.job_id == job_id, ImportPages.state.in_(OPEN), *self._within(ImportPages))
        return self._list(ImportPage, rows_of(ImportPages, ImportPage, *where).order_by(ImportPages.position))

    def pages(
        self, job_id: str, *, state: str | None = None, since: datetime | None = None, limit: int = 5000
    ) -> tuple[ImportPage, ...]:
        """The job's pages in order; `since` gives those that changed after that moment, oldest first."""
        where = [ImportPages.job_id == job_id, *self._within(ImportPages)]
        if state is not None:
            where.append(ImportPages.state == state)
        order: tuple[Any, ...] = (ImportPages.position,)
        if since is not None:
            where.append(ImportPages.updated_at > since)
            order = (ImportPages.updated_at, ImportPages.position)
        return self._list(ImportPage, rows_of(ImportPages, ImportPage, *where).order_by(*order).limit(limit))

    def settle(self, job: Job, page_id: str, **values: Any) -> None:
        """Say what became of a page; `LeaseLost` when the job is another worker's by now."""
        self._fence(job)
        self._db.execute(
            update(ImportPages)
            .where(ImportPages.id == page_id, ImportPages.job_id == job.id, *self._within(ImportPages))
            .values(**values, updated_at=self._now())
        )

    def abandon(self, job: Job, reason: str) -> int:
        """Say of all that is still open that it failed, and why; returns how many pages that were."""
        self._fence(job)
        where = (ImportPages.job_id == job.id, ImportPages.state.in_(OPEN), *self._within(ImportPages))
        values = {"state": "failed", "reason": reason, "updated_at": self._now()}
        return int(self._db.execute(update(ImportPages).where(*where).values(values)).rowcount)

    def tally(self, job_id: str) -> dict[str, int]:
        """How many pages are in which state, and how many passages they gave (`passages`)."""
        rows = self._db.execute(
            select(ImportPages.state, func.count(ImportPages.id), func.sum(ImportPages.passages))
            .where(ImportPages.job_id == job_id, *self._within(ImportPages))
            .group_by(ImportPages.state)
        ).all()
        counts = {str(state): int(count) for state, count, _ in rows}
        return counts | {"passages": sum(int(passages or 0) for *_, passages in rows)}

    def earlier(self, company_id: str, job_id: str) -> dict[str, ImportPage]:
        """By address: the company's newest page of another job that was imported or left unchanged."""
        states = ("indexed", "unchanged", "quarantined")
        where = (
            ImportPages.company_id == company_id,
            ImportPages.job_id != job_id,
            ImportPages.state.in_(states),
            *self._within(ImportPages),
        )
        rows = self._list(
            ImportPage, rows_of(ImportPages, ImportPage, *where).order_by(ImportPages.updated_at)
        )
        return {page.url: page for page in rows}

    def schedule(self, company_id: str, url: str, arguments: Json, next_run: datetime) -> ImportSchedule:
        """Import the site again from `next_run` on, every night; one schedule per site."""
        self._check(company_id)
        self._db.execute(
            delete(ImportSchedules).where(
                ImportSchedules.company_id == company_id, ImportSchedules.url == url
            )
        )
        now = self._now()
        row: dict[str, Any] = {
            "id": self._new_id("sch"),
            "company_id": company_id,
            "url": url,
            "arguments": arguments,
            "next_run": next_run,
            "created_at": now,
            "updated_at": now,
        }
        self._insert(ImportSchedules, row)
        return ImportSchedule(**row)

    def schedules(self, *, due: datetime | None = None) -> tuple[ImportSchedule, ...]:
        """The schedules, those that are due at a moment if it is given, by address."""
        where = [*self._within(ImportSchedules)]
        if due is not None:
            where.append(ImportSchedules.next_run <= due)
        statement = rows_of(ImportSchedules, ImportSchedule, *where)
        return self._list(ImportSchedule, statement.order_by(ImportSchedules.url, ImportSchedules.id))

    def postpone(self, schedule: ImportSchedule, next_run: datetime) -> bool:
        """Move a schedule on; False when another process has done so already."""
        moved = self._db.execute(
            update(ImportSchedules)
            .where(
                ImportSchedules.id == schedule.id,
                ImportSchedules.next_run == schedule.next_run,
                *self._within(ImportSchedules),
            )
            .values(next_run=next_run, updated_at=self._now())
        )
        return moved.rowcount == 1

    def unschedule(self, schedule_id: str) -> None:
        """Do not import this site any more by itself."""
        self._db.execute(
            delete(ImportSchedules).where(ImportSchedules.id == schedule_id, *self._within(ImportSchedules))
        )

    def _fence(self, job: Job) -> None:
        held = self._db.execute(
            select(Jobs.id)
            .where(Jobs.id == job.id, Jobs.token == job.token, Jobs.status == "running", *self._within(Jobs))
            .with_for_update()
        ).first()
        if held is None:
            raise LeaseLost("this import belongs to another worker or has ended")
