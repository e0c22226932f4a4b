"""Long tasks: leased like turns, with progress, a wish to cancel, and one item per page or case."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from graph.errors import LeaseLost, NotFound
from store.models.work import JobItems, Jobs
from store.repositories.base import Repository, rows_of
from store.values.scope import Json
from store.values.work import Job, JobItem


class JobRepository(Repository):
    """Jobs of the caller's companies."""

    def add(self, kind: str, arguments: Json, *, company_id: str | None = None) -> Job:
        """Queue a job."""
        self._check(company_id)
        job = Job(
            id=self._new_id("job"),
            company_id=company_id,
            kind=kind,
            status="queued",
            arguments=arguments,
            created_at=self._now(),
        )
        self._insert(Jobs, dict(vars(job)))
        return job

    def get(self, job_id: str) -> Job:
        """The job, or `NotFound`."""
        job = self._find(Job, rows_of(Jobs, Job, Jobs.id == job_id, *self._within(Jobs)))
        if job is None:
            raise NotFound("no such job", field="id")
        return job

    def all(self, kind: str | None = None, *, limit: int = 100) -> tuple[Job, ...]:
        """The jobs, newest first."""
        where = [] if kind is None else [Jobs.kind == kind]
        statement = rows_of(Jobs, Job, *where, *self._within(Jobs))
        return self._list(Job, statement.order_by(Jobs.created_at.desc(), Jobs.id.desc()).limit(limit))

    def claim(
        self, owner: str, kinds: tuple[str, ...], lease_seconds: float, job_id: str | None = None
    ) -> Job | None:
        """Take the oldest job of these kinds (or this one) that waits, or whose worker has gone silent."""
        now = self._now()
        silent = (Jobs.status == "running") & (Jobs.lease_until < now)
        free: tuple[ColumnElement[bool], ...] = (
            Jobs.kind.in_(kinds),
            or_(Jobs.status == "queued", silent),
            *self._within(Jobs),
        )
        if job_id is not None:
            free = (*free, Jobs.id == job_id)
        oldest = select(Jobs.id).where(*free).order_by(Jobs.created_at, Jobs.id).limit(1)
        claimed = self._db.execute(
            update(Jobs)
            .where(Jobs.id == oldest.with_for_update(skip_locked=True).scalar_subquery(), *free)
            .values(
                status="running",
                owner=owner,
                token=Jobs.token + 1,
                attempts=Jobs.attempts + 1,
                lease_until=now + timedelta(seconds=lease_seconds),
            )
            .returning(Jobs.id)
        ).scalar()
        return None if claimed is None else self.get(str(claimed))

    def report(self, job: Job, progress: Json, lease_seconds: float) -> Job:
        """Say how far it is and keep the lease; the answer tells whether it should stop."""
        until = self._now() + timedelta(seconds=lease_seconds)
        self._fenced(job, progress=progress, lease_until=until)
        return self.get(job.id)

    def finish(self, job: Job, status: str, *, error: str = "") -> Job:
        """End it as done, failed or cancelled."""
        self._fenced(job, status=status, error=error, finished_at=self._now(), lease_until=None)
        return self.get(job.id)

    def cancel(self, job_id: str) -> Job:
        """Ask it to stop; one that has not begun is cancelled at once."""
        job = self.get(job_id)
        values: dict[str, Any] = {"cancel_asked": True}
        if job.status == "queued":
            values |= {"status": "cancelled", "finished_at": self._now()}
        self._db.execute(update(Jobs).where(Jobs.id == job_id, *self._within(Jobs)).values(values))
        return self.get(job_id)

    def add_items(self, job_id: str, keys: tuple[str, ...]) -> None:
        """Add the items that the job does not have yet."""
        self.get(job_id)
        known = set(self._db.execute(select(JobItems.key).where(JobItems.job_id == job_id)).scalars())
        self._insert(
            JobItems,
            [
                {"id": self._new_id("itm"), "job_id": job_id, "key": key, "status": "waiting"}
                for key in dict.fromkeys(keys)
                if key not in known
            ],
        )

    def items(self, job_id: str, status: str | None = None) -> tuple[JobItem, ...]:
        """The items of the job, in the order in which they were added."""
        self.get(job_id)
        where = [JobItems.job_id == job_id]
        if status is not None:
            where.append(JobItems.status == status)
        return self._list(JobItem, rows_of(JobItems, JobItem, *where).order_by(JobItems.id))

    def settle_item(self, item: JobItem, status: str, *, reason: str = "", data: Json | None = None) -> None:
        """Say what became of an item."""
        self.get(item.job_id)
        self._db.execute(
            update(JobItems)
            .where(JobItems.id == item.id)
            .values(status=status, reason=reason, data=data or {}, attempts=JobItems.attempts + 1)
        )

    def counts(self, job_id: str) -> dict[str, int]:
        """How many items are in which state."""
        self.get(job_id)
        rows = self._db.execute(
            select(JobItems.status, func.count(JobItems.id))
            .where(JobItems.job_id == job_id)
            .group_by(JobItems.status)
        )
        return {str(status): int(count) for status, count in rows}

    def _fenced(self, job: Job, **values: Any) -> None:
        changed = self._db.execute(
            update(Jobs)
            .where(Jobs.id == job.id, Jobs.token == job.token, Jobs.status == "running", *self._within(Jobs))
            .values(values)
        )
        if changed.rowcount != 1:
            raise LeaseLost("this job belongs to another worker or has ended")
