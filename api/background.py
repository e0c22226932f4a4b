"""Jobs of one kind, run in this process' background: claimed, reported every second, stopped when asked."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from api.desk import Desk
from graph.errors import LeaseLost, SupportError, Unavailable
from store.unit import UnitOfWork
from store.values.scope import Json, Scope
from store.values.work import Job

LEASE_SECONDS = 60.0
REPORT_EVERY = 1.0


class StoppedError(Exception):
    """Somebody asked the job to stop."""


@dataclass
class Told:
    """How far a job is; whoever carries it out counts here."""

    done: int = 0
    of: int = 0
    stopped: bool = False

    def another(self, count: int) -> None:
        """Count what has been done; raises when somebody asked the job to stop."""
        self.done += count
        if self.stopped:
            raise StoppedError


CarryOut = Callable[[Job, Told], Awaitable[None]]


@dataclass
class Background:
    """The jobs of one kind in one process; another process takes up what a dead one left."""

    desk: Desk
    kind: str
    carry_out: CarryOut
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def take_up(self, job_id: str) -> None:
        """Run a job here, if nobody else does."""
        if job_id not in self._tasks:
            task = asyncio.create_task(self._run(job_id))
            self._tasks[job_id] = task
            task.add_done_callback(lambda _: self._tasks.pop(job_id, None))

    async def ended(self, job_id: str) -> None:
        """Wait until a job that was taken up here has ended."""
        if (task := self._tasks.get(job_id)) is not None:
            await task

    async def _run(self, job_id: str) -> None:
        store, owner = self.desk.store, self.desk.ids.new("wrk")
        job = await store.write(
            Scope.operator(),
            lambda uow: uow.jobs.claim(owner, (self.kind,), LEASE_SECONDS, job_id=job_id),
        )
        if job is None:
            return
        told = Told()
        reporter = asyncio.create_task(self._report(job, told))
        try:
            await self.carry_out(job, told)
            status, error = "done", ""
        except StoppedError:
            status, error = "cancelled", ""
        except SupportError as failure:
            status, error = "failed", failure.message
        finally:
            reporter.cancel()
        with suppress(LeaseLost, Unavailable):
            await store.write(Scope.operator(), partial(_finished, job, told, status, error))

    async def _report(self, job: Job, told: Told) -> None:
        """Say every second how far it is, and hear whether it should stop."""
        while True:
            await asyncio.sleep(REPORT_EVERY)
            progress = {"done": told.done, "of": told.of}
            try:
                now = await self.desk.store.write(Scope.operator(), partial(_reported, job, progress))
            except (LeaseLost, Unavailable):
                return
            told.stopped = now.cancel_asked


def _reported(job: Job, progress: Json, uow: UnitOfWork) -> Job:
    return uow.jobs.report(job, progress, LEASE_SECONDS)


def _finished(job: Job, told: Told, status: str, error: str, uow: UnitOfWork) -> None:
    uow.jobs.report(job, {"done": told.done, "of": told.of}, LEASE_SECONDS)
    uow.jobs.finish(job, status, error=error)
