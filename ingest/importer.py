"""Runs one import: from its start page over sitemap and links to knowledge, page by page, resumable.

Every page has a row that says what became of it; whatever stops the process, the next one goes on with the
rows that are still open. Text that was good stays until better text is there.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from graph.errors import RetrievalUnavailable
from ingest.fetch import Fetcher
from ingest.judge import Judged, ready
from ingest.limits import Limits
from ingest.publish import Publisher
from ingest.reader import Reader
from ingest.record import Record
from ingest.robots import Robots, read_robots
from ingest.rows import passage_of
from ingest.sitemap import read_sitemaps
from ingest.urls import origin_of
from ingest.visit import Outcome, Visitor
from retrieval.index import Index
from store.database import Store
from store.ports import Ids
from store.values.imports import ImportPage
from store.values.work import Job

LEASE = 30.0
BEAT = 1.0
"""Seconds between two looks at the job's row: progress is written, a wish to cancel is read."""
ANNOUNCED = 15.0
"""Seconds between two announcements of new text: each makes the next question load the knowledge anew."""


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What imports work with."""

    store: Store
    index: Index
    ids: Ids
    reader: Reader
    limits: Limits
    lease: float = LEASE
    beat: float = BEAT


class _Stopped(Exception):  # no error: how an import ends early
    """The import ends here; the message says why."""


@dataclass(eq=False)
class Import:
    """One run of one job that this process holds."""

    job: Job
    tools: Tools
    fetcher: Fetcher
    _notes: list[str] = field(default_factory=list)
    _frontier: deque[ImportPage] = field(default_factory=deque)
    _twins: list[tuple[ImportPage, Judged, str]] = field(default_factory=list)
    """Pages that say the same as another one that may not be settled yet; decided at the end."""
    _robots: dict[str, asyncio.Task[Robots]] = field(default_factory=dict)
    _failures: int = 0
    _cancelled: bool = False

    def __post_init__(self) -> None:
        tools = self.tools
        self.record = Record(self.job, tools.store, tools.lease)
        self.memory, self.site = self.record.memory, self.record.order.site
        self.publisher = Publisher(tools.store, tools.index, tools.ids, self.job)
        self.visitor = Visitor(
            site=self.site,
            fetcher=self.fetcher,
            reader=tools.reader,
            limits=tools.limits,
            memory=self.memory,
            robots=self.robots,
            found=self._found_on,
        )

    async def run(self) -> Job:
        """Import until there is nothing left to do; LeaseLost when another worker has taken the job."""
        work = asyncio.create_task(self._work())
        others = [asyncio.create_task(self.publisher.run()), asyncio.create_task(self._heartbeat())]
        try:
            await asyncio.wait([work, *others], return_when=asyncio.FIRST_COMPLETED)
            for other in others:
                if other.done():
                    other.result()
            status, error = await work
        finally:
            for task in (work, *others, *self._robots.values()):
                task.cancel()
            await asyncio.gather(work, *others, return_exceptions=True)
        await self.record.report(self._remarks())
        return await self.record.finish(status, error)

    async def robots(self, url: str) -> Robots:
        """What the robots.txt of the address' origin says; read once."""
        origin = origin_of(url)
        if origin not in self._robots:
            reading = read_robots(self.fetcher, url, self.tools.limits)
            self._robots[origin] = asyncio.create_task(reading)
        return await asyncio.shield(self._robots[origin])

    async def _work(self) -> tuple[str, str]:
        """The whole import; returns the job's status and error."""
        error = ""
        try:
            await self._begin()
            await self._crawl()
        except _Stopped as stop:
            error = str(stop)
        await self.publisher.drained()
        if not self._cancelled:
            await self._settle_twins()
            await self.publisher.drained()
        why = "the import was cancelled" if self._cancelled else error
        await self.record.abandon(f"not tried: {why}")
        if not self.record.order.dry_run:
            await self._tell()
        if self._cancelled:
            return "cancelled", ""
        if self.memory.has_text():
            return "done", error
        return "failed", error or f"nothing was imported: {await self.record.first_reason()}"

    async def _begin(self) -> None:
        """Know what is there already, read robots.txt and sitemaps, and find the first addresses."""
        self._frontier.extend(await self.record.recall())
        only_failed = bool(self.memory.seen) and self.job.attempts == 1  # opened again, not interrupted
        robots = await self.robots(self.site.start)
        if robots.refusal:
            raise _Stopped(f"{robots.refusal}; nothing was fetched")
        self._frontier.extend(await self.record.add([self.site.start], 0))
        if self._frontier and self._frontier[0].position == 0:
            await self._first_page(self._frontier.popleft())
        if self.site.depth and not only_failed:
            sources = self.memory.sources.values()
            mine = [each.url for each in sources if each.kind == "page" and self.site.holds(each.url)]
            self._frontier.extend(await self.record.add(mine, 1))
            listing = await read_sitemaps(self.fetcher, self.site, robots.sitemaps, self.tools.limits)
            self._notes += listing.problems
            self._frontier.extend(await self.record.add(listing.urls, 1))

    async def _first_page(self, page: ImportPage) -> None:
        """Without its start page there is no site: nothing is retired then, and nothing is guessed."""
        result = await self.visitor.visit(page)
        if isinstance(result, Outcome):
            lost = result.state in ("failed", "gone")
            await self.record.settle(page, replace(result, retires=result.retires and not lost))
            if lost:
                raise _Stopped(f"the start page cannot be read: {result.reason}")
        else:
            await self._keep(page, result.judged, result.twin)

    async def _crawl(self) -> None:
        """Visit what is on the list, some pages at once, until the list is empty."""
        running: set[asyncio.Task[None]] = set()
        limits = self.tools.limits
        most = limits.at_once_listed if self.fetcher.is_listed(self.site.start) else limits.at_once
        try:
            while running or (self._frontier and not self._cancelled):
                while self._frontier and len(running) < most and not self._cancelled:
                    running.add(asyncio.create_task(self._page(self._frontier.popleft())))
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
                if self._failures >= limits.dead_after:
                    raise _Stopped("the site does not answer any more")
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _page(self, page: ImportPage) -> None:
        """One address; a failure that may pass is tried again after the others."""
        result = await self.visitor.visit(page)
        if not isinstance(result, Outcome):
            self._failures = 0
            await self._keep(page, result.judged, result.twin)
            return
        self._failures = self._failures + 1 if result.transient else 0
        again = replace(page, attempts=page.attempts + 1)
        if result.transient and again.attempts < self.tools.limits.attempts:
            self._frontier.append(again)
        else:
            await self.record.settle(page, result)

    async def _keep(self, page: ImportPage, judged: Judged, twin: str) -> None:
        if twin:
            self.memory.said_nothing_new(page.url)
            self._twins.append((page, judged, twin))
        else:
            await self._publish(page, judged)

    async def _publish(self, page: ImportPage, judged: Judged) -> None:
        """Make the page's text the company's knowledge, or list it in a dry run."""
        made = ready(page, judged, await self.record.decided(page.url))
        if self.record.order.dry_run:
            await self.record.settle(page, Outcome("listed", values=made.settled))
            return
        source = self.memory.sources.get(page.url)
        if source is not None and source.status == "imported" and source.content_hash == judged.content_hash:
            await self.record.settle(page, Outcome("unchanged", values=made.settled))
            return
        self.memory.settled(page.url, made.settled)
        await self.publisher.put(made)

    async def _found_on(self, page: ImportPage, urls: Iterable[str], depth: int, fetched: bool) -> None:
        if fetched:
            await self.record.fetched(page)
        self._frontier.extend(await self.record.add(urls, depth))

    async def _settle_twins(self) -> None:
        """Now that all others are settled: the same text once, unless its other page is gone."""
        for page, judged, twin in sorted(self._twins, key=lambda each: each[0].position):
            if twin != page.url and self.memory.is_same(twin, judged.content_hash, judged.fingerprint):
                values = {"canonical": twin, "title": judged.read.document.title}
                await self.record.settle(page, Outcome("skipped", f"it says the same as {twin}", values))
            else:
                self.memory.claim(page.url, judged.content_hash)
                await self._publish(page, judged)

    async def _tell(self) -> None:
        """Retire what moved elsewhere, announce what is new, and bring the index in step with the tables."""
        if not await self.record.retire_moved():
            return
        await self.record.announce()
        passages = [passage_of(row) for row in await self.record.passages()]
        try:
            await self.tools.index.sync(self.record.company, passages)
        except RetrievalUnavailable as error:
            self._notes.append(f"{error.message}; the index is made again in the background")

    async def _heartbeat(self) -> None:
        """Keep the lease, write progress, notice a wish to stop; ends only by LeaseLost."""
        told, published = 0.0, 0
        while True:
            self._cancelled = await self.record.report(self._remarks()) or self._cancelled
            now = asyncio.get_running_loop().time()
            if self.publisher.published != published and now - told > ANNOUNCED:
                told, published = now, self.publisher.published
                await self.record.announce()
            await asyncio.sleep(self.tools.beat)

    def _remarks(self) -> list[str]:
        without = self.publisher.without_vectors
        found_by_words = f"{without}; new text is found by its words until that is mended"
        return [*self._notes, *([found_by_words] if without else [])]
