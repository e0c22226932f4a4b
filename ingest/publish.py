"""From read pages to knowledge: vectors first, then each page's text in one transaction.

Several pages are embedded together, so that both cores are busy; a page is answered from whole or not at all.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graph.errors import RetrievalUnavailable
from ingest.rows import coming_passage
from retrieval.index import Index
from store.database import Store
from store.ports import Ids
from store.unit import UnitOfWork
from store.values.imports import ImportPage, Suspicion
from store.values.knowledge import PassageFields, SourceFields
from store.values.scope import Scope
from store.values.work import Job

MOST_WAITING = 24
MOST_TOGETHER = 256
"""Passages that are embedded together."""


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A page that only waits for its vectors."""

    page: ImportPage
    source: SourceFields
    passages: Sequence[PassageFields]
    held: Sequence[Suspicion]
    settled: dict[str, Any]
    """What its row says when it is published."""


class Publisher:
    """Publishes pages one after the other; `put` waits while too many are ahead."""

    def __init__(self, store: Store, index: Index, ids: Ids, job: Job) -> None:
        assert job.company_id is not None
        self._store, self._index, self._ids = store, index, ids
        self._job, self._company = job, job.company_id
        self._scope = Scope.of(job.company_id)
        self._waiting: asyncio.Queue[Ready] = asyncio.Queue(MOST_WAITING)
        self.published = 0
        """Pages so far."""
        self.without_vectors = ""
        """Why passages were published without vectors, or empty."""

    async def put(self, ready: Ready) -> None:
        """Publish the page soon."""
        await self._waiting.put(ready)

    async def drained(self) -> None:
        """Return when everything that was put is published."""
        await self._waiting.join()

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            batch = [await self._waiting.get()]
            while not self._waiting.empty() and sum(len(each.passages) for each in batch) < MOST_TOGETHER:
                batch.append(self._waiting.get_nowait())
            await self._publish(batch)
            for _ in batch:
                self._waiting.task_done()

    async def _publish(self, batch: Sequence[Ready]) -> None:
        known = await self._store.read(self._scope, lambda uow: self._known(uow, batch))
        ids = {each.page.id: self._named(each, known[each.page.id]) for each in batch}
        fresh = [
            coming_passage(passage, ids[each.page.id][passage.content_hash], each.source.kind)
            for each in batch
            for passage in each.passages
            if passage.content_hash not in known[each.page.id]
        ]
        try:
            await self._index.add(self._company, fresh)
        except RetrievalUnavailable as error:
            self.without_vectors = error.message  # words are searched until the index has healed
        for each in batch:
            write = partial(self._write, ready=each, ids=ids[each.page.id])
            await self._store.write(self._scope, write)
            self.published += 1

    def _known(self, uow: UnitOfWork, batch: Sequence[Ready]) -> dict[str, dict[str, str]]:
        found = {}
        for each in batch:
            source = uow.knowledge.source_by_url(self._company, each.source.url)
            found[each.page.id] = uow.knowledge.source_passages(source.id) if source is not None else {}
        return found

    def _named(self, ready: Ready, known: dict[str, str]) -> dict[str, str]:
        fresh = {passage.content_hash for passage in ready.passages} - known.keys()
        return known | {content_hash: self._ids.new("psg") for content_hash in sorted(fresh)}

    def _write(self, uow: UnitOfWork, ready: Ready, ids: dict[str, str]) -> None:
        source = uow.knowledge.publish_source(
            self._company, ready.source, list(ready.passages), ids=ids, tell=False
        )
        uow.quarantine.hold(self._company, source.id, ready.held, job_id=self._job.id)
        uow.imports.settle(self._job, ready.page.id, **ready.settled)
