"""The durable side of one import: its job, its pages' rows, and what they change in the knowledge."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from ingest.memory import GOOD, Memory
from ingest.order import Order
from ingest.visit import Outcome
from store.database import Store
from store.unit import UnitOfWork
from store.values.imports import ImportPage
from store.values.knowledge import PassageRow
from store.values.scope import Scope
from store.values.work import Job

Result = TypeVar("Result")
ALL = 1_000_000


@dataclass(eq=False)
class Record:
    """The rows of a job that this process holds; writes fail with LeaseLost when it does not any more."""

    job: Job
    store: Store
    lease: float
    order: Order = field(init=False)
    company: str = field(init=False)
    memory: Memory = field(default_factory=Memory)
    beyond: int = 0
    """Addresses that were found when the list was full."""

    def __post_init__(self) -> None:
        assert self.job.company_id is not None
        self.company = self.job.company_id
        self.order = Order.of(self.job.arguments)
        self._scope = Scope.of(self.company)

    async def recall(self) -> tuple[ImportPage, ...]:
        """Take up what is known of the site and the job; returns the pages that are still open."""

        def read(uow: UnitOfWork) -> tuple[ImportPage, ...]:
            self.memory.sources = {source.url: source for source in uow.knowledge.sources(self.company)}
            self.memory.earlier = uow.imports.earlier(self.company, self.job.id)
            self.memory.recall(uow.imports.pages(self.job.id, limit=ALL))
            return uow.imports.open_pages(self.job.id)

        return await self._read(read)

    async def add(self, urls: Iterable[str], depth: int) -> tuple[ImportPage, ...]:
        """Put addresses on the list that are not there yet; returns their pages."""
        fresh = [(url, depth) for url in dict.fromkeys(urls) if url not in self.memory.seen]
        if not fresh:
            return ()
        self.memory.seen.update(url for url, _ in fresh)
        made = await self._write(lambda uow: uow.imports.add_pages(self.job, fresh, self.order.max_pages))
        self.beyond += len(fresh) - len(made)
        return made

    async def fetched(self, page: ImportPage) -> None:
        """Note that a page was read and will be published."""
        await self._write(lambda uow: uow.imports.settle(self.job, page.id, state="fetched"))

    async def settle(self, page: ImportPage, outcome: Outcome) -> None:
        """Write what became of a page; text of a page that is no more is not answered from any more."""
        values = {"attempts": page.attempts + 1, **outcome.values}
        values |= {"state": outcome.state, "reason": outcome.reason}
        source = self.memory.sources.get(page.url)
        retire = outcome.retires and not self.order.dry_run

        def write(uow: UnitOfWork) -> None:
            uow.imports.settle(self.job, page.id, **values)
            if retire and source is not None and source.status != "retired":
                uow.knowledge.retire_source(source.id, outcome.reason)

        await self._write(write)
        self.memory.settled(page.url, values)

    async def decided(self, url: str) -> dict[str, str]:
        """What people said about the suspicious passages of a page."""
        source = self.memory.sources.get(url)
        return {} if source is None else await self._read(lambda uow: uow.quarantine.decisions(source.id))

    async def first_reason(self) -> str:
        """What became of the start page."""
        pages = await self._read(lambda uow: uow.imports.pages(self.job.id, limit=1))
        return pages[0].reason if pages else ""

    async def abandon(self, reason: str) -> None:
        """Say of what is still open that it was not tried."""
        await self._write(lambda uow: uow.imports.abandon(self.job, reason))

    async def retire_moved(self) -> bool:
        """Retire pages whose text is another page's by now; whether the job changed any text."""

        def write(uow: UnitOfWork) -> bool:
            pages = uow.imports.pages(self.job.id, limit=ALL)
            states = {page.url: page.state for page in pages}
            moved = [page for page in pages if page.state == "skipped" and states.get(page.canonical) in GOOD]
            for page in moved:
                source = uow.knowledge.source_by_url(self.company, page.url)
                if source is not None and source.status != "retired":
                    uow.knowledge.retire_source(source.id, page.reason)
            return bool(moved or {"indexed", "quarantined", "gone"} & set(states.values()))

        return await self._write(write)

    async def announce(self) -> None:
        """Tell searches that there is new text."""
        await self._write(lambda uow: uow.knowledge.announce(self.company))

    async def passages(self) -> list[PassageRow]:
        """All that the company is answered from."""
        return await self._read(lambda uow: uow.knowledge.passages(self.company))

    async def report(self, notes: Iterable[str]) -> bool:
        """Write how far it is and keep the lease; returns whether somebody wants it to stop."""
        tally = await self._read(lambda uow: uow.imports.tally(self.job.id))
        extra = list(notes)
        if self.beyond:
            extra.append(f"{self.beyond} more addresses lie beyond the limit of {self.order.max_pages} pages")
        progress = {**tally, "notes": extra}
        job = await self._write(lambda uow: uow.jobs.report(self.job, progress, self.lease))
        return job.cancel_asked

    async def finish(self, status: str, error: str) -> Job:
        """End the job."""
        return await self._write(lambda uow: uow.jobs.finish(self.job, status, error=error))

    async def _read(self, work: Callable[[UnitOfWork], Result]) -> Result:
        return await self.store.read(self._scope, work)

    async def _write(self, work: Callable[[UnitOfWork], Result]) -> Result:
        return await self.store.write(self._scope, work)
