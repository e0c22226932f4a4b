"""Takes import jobs that wait, one after the other, and runs each to its end."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from graph.errors import LeaseLost
from ingest.fetch import Fetcher
from ingest.importer import BEAT, LEASE, Import, Tools
from ingest.limits import Limits
from ingest.network import Resolver
from ingest.order import Order
from ingest.reader import PageProcess, Reader
from retrieval.index import Index
from store.database import Store
from store.ports import Ids
from store.repositories.imports import KIND
from store.values.scope import Scope
from store.values.work import Job

MOST_ATTEMPTS = 5
log = logging.getLogger("supportgraph.imports")


@dataclass(frozen=True, kw_only=True)
class Imports:
    """Runs imports of this process."""

    store: Store
    index: Index
    ids: Ids
    owner: str
    limits: Limits = Limits()  # noqa: RUF009  # frozen
    listed: frozenset[str] = frozenset()
    """Hosts that the operator vouches for in all imports."""
    contact: str = ""
    """Where site owners can ask about us; part of the User-Agent."""
    resolver: Resolver | None = None
    reader: Reader | None = None
    """Reads pages in this process; a child process does when it is None."""
    lease: float = LEASE
    beat: float = BEAT

    async def run_next(self, job_id: str | None = None) -> Job | None:
        """Run the oldest import that waits (or this one, if it does); None when there is none."""
        job = await self.store.write(
            Scope.operator(), lambda uow: uow.jobs.claim(self.owner, (KIND,), self.lease, job_id)
        )
        if job is None:
            return None
        if job.attempts > MOST_ATTEMPTS:
            error = f"given up: it was interrupted {MOST_ATTEMPTS} times"
            return await self.store.write(
                Scope.operator(), lambda uow: uow.jobs.finish(job, "failed", error=error)
            )
        try:
            return await self._run(job)
        except LeaseLost:
            log.info("import %s was taken by another process", job.id)
            return job

    async def _run(self, job: Job) -> Job:
        listed: Iterable[str] = self.listed | set(Order.of(job.arguments).allow_private)
        tools = Tools(
            store=self.store,
            index=self.index,
            ids=self.ids,
            reader=self.reader or PageProcess(self.limits),
            limits=self.limits,
            lease=self.lease,
            beat=self.beat,
        )
        fetcher = Fetcher(self.limits, listed=listed, contact=self.contact, resolver=self.resolver)
        async with fetcher:
            if isinstance(tools.reader, PageProcess):
                async with tools.reader:
                    return await Import(job, tools, fetcher).run()
            return await Import(job, tools, fetcher).run()
