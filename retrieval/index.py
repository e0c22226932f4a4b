"""The index of all companies: keeps vectors in step with the passages and hands out snapshots to search.

SQL is the truth; everything here is made from passages and can be made again by one call.
"""

import asyncio
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.errors import RetrievalUnavailable
from retrieval.embed import Embedder, EmbeddingsServer, open_embedder
from retrieval.fitting import fitting
from retrieval.imagined import Imagined
from retrieval.learning import Learning, background
from retrieval.passages import Passage, PassageSource
from retrieval.rows import Row, rows_of, signature
from retrieval.snapshot import EXACT_UP_TO, Snapshot
from retrieval.vectors import EMPTY, MemoryVectors, Stored, Vectors

LESSONS = "lessons"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IndexStatus:
    """How one company's vectors stand."""

    available: bool
    reason: str
    embedder: str
    semantic: bool
    rows: int
    passages: int


class Index:
    """Upserts, rebuilds and snapshots, one company at a time."""

    def __init__(self, vectors: Vectors, embedder: Embedder, lessons: Path | None = None) -> None:
        """`lessons`: a folder that keeps what phrasings teach; without it that is learnt at every start."""
        self.embedder = embedder
        self._writes: Embedder = getattr(embedder, "strict", embedder)
        self._vectors = vectors
        self._writing = threading.Lock()
        self._loading: dict[str, asyncio.Task[Snapshot]] = {}
        self._revisions: dict[str, int] = {}
        self._snapshots: dict[str, tuple[tuple[str, int], Snapshot]] = {}
        self._healing: dict[str, asyncio.Task[None]] = {}
        self._background = background()
        self._learning = Learning(embedder, lessons, self._background)

    @classmethod
    def open(
        cls,
        *,
        cache: Path,
        folder: Path | None = None,
        url: str | None = None,
        embeddings: EmbeddingsServer | None = None,
    ) -> "Index":
        """Chroma in `folder` or at `url`; with neither, memory. `cache` holds the embedder's model file."""
        embedder = open_embedder(cache, embeddings)
        if folder is None and url is None:
            return cls(MemoryVectors(), embedder, cache / LESSONS)
        from retrieval.chroma import ChromaVectors

        return cls(ChromaVectors(folder, url), embedder, cache / LESSONS)

    async def upsert(self, company_id: str, passages: Sequence[Passage]) -> int:
        """Embed what is new or changed; returns how many passages that were. Others stay as they are."""
        return await asyncio.to_thread(self._upsert, company_id, passages)

    async def add(self, company_id: str, passages: Sequence[Passage]) -> int:
        """Make vectors of new passages before anybody can find them, yielding to customers; returns the rows.

        Nothing of the company is read and no snapshot is renewed: that happens when their version changes.
        """
        return await asyncio.get_running_loop().run_in_executor(
            self._background, self._add, company_id, passages
        )

    async def sync(self, company_id: str, passages: Sequence[Passage]) -> int:
        """As `upsert`, and rows of passages that are no more are forgotten; returns how many were made."""
        return await asyncio.get_running_loop().run_in_executor(
            self._background, self._sync, company_id, passages
        )

    async def delete(self, company_id: str, ids: Sequence[str]) -> None:
        """Forget the vectors of passages."""
        await asyncio.to_thread(self._delete, company_id, ids)

    async def rebuild(self, company_id: str, passages: Sequence[Passage]) -> int:
        """Make the company's vectors again from nothing, also when the store is broken; returns the rows.

        A store that cannot be read is thrown away whole; other companies heal when they are next searched.
        """
        return await asyncio.to_thread(self._rebuild, company_id, passages)

    async def status(self, company_id: str) -> IndexStatus:
        """How the company's vectors stand; never raises for a broken store."""
        try:
            stored, reason = await asyncio.to_thread(self._vectors.read, company_id, vectors=False), ""
        except RetrievalUnavailable as error:
            stored, reason = EMPTY, error.message
        rows, passages = len(stored.row_ids), len(set(stored.passage_ids))
        return IndexStatus(not reason, reason, self.embedder.name, self.embedder.semantic, rows, passages)

    async def snapshot(self, company_id: str, source: PassageSource) -> Snapshot:
        """The company's knowledge at its present version; loaded again only when that changed.

        Missing vectors are made in the background; until then the snapshot is degraded. Who gives up waiting
        does not stop the loading: whoever comes next waits for the same.
        """
        while True:
            key = await self._key(company_id, source)
            held = self._snapshots.get(company_id)
            same = held[1] if held and held[0][0] == key[0] else None
            running = self._running(company_id)
            if running is None and (not held or held[0] != key or company_id in self._learning.fresh):
                running = self._begin(company_id, source)
                if same is None:
                    return await asyncio.shield(running)
            if same is not None:
                return same  # newer vectors or lessons of the same knowledge keep nobody waiting
            if running is not None:
                await asyncio.wait([running])  # it may have begun before the last change

    async def imagine(self, company_id: str, passages: Sequence[Passage]) -> Imagined:
        """The company's knowledge if these were its passages; the store is read, and nothing is kept."""
        ordered = sorted(passages, key=lambda passage: passage.id)
        snapshot = await asyncio.to_thread(self._imagined, company_id, ordered)
        return Imagined(self.embedder, snapshot)

    async def healed(self) -> None:
        """Wait until no background rebuild is running."""
        await asyncio.gather(*self._healing.values())

    def close(self) -> None:
        """Stop background work and let other processes open the store."""
        for task in (*self._healing.values(), *self._loading.values()):
            task.cancel()
        self._background.shutdown(wait=False, cancel_futures=True)
        with self._writing:
            self._vectors.close()

    async def _key(self, company_id: str, source: PassageSource) -> tuple[str, int]:
        return await source.version(company_id), self._revisions.get(company_id, 0)

    def _running(self, company_id: str) -> asyncio.Task[Snapshot] | None:
        running = self._loading.get(company_id)
        return None if running is None or running.done() else running

    def _begin(self, company_id: str, source: PassageSource) -> asyncio.Task[Snapshot]:
        task = self._loading[company_id] = asyncio.create_task(self._renew(company_id, source))
        task.add_done_callback(_note)
        return task

    async def _renew(self, company_id: str, source: PassageSource) -> Snapshot:
        self._learning.fresh.discard(company_id)
        key = await self._key(company_id, source)
        passages = sorted(await source.passages(company_id), key=lambda passage: passage.id)
        made = await asyncio.to_thread(self._load, company_id, passages)
        self._snapshots[company_id] = (key, made)
        if made.degraded:
            self._heal(company_id, passages, source)
        return made

    def _heal(self, company_id: str, passages: Sequence[Passage], source: PassageSource) -> None:
        running = self._healing.get(company_id)
        if running is None or running.done():
            self._healing[company_id] = asyncio.create_task(self._mend(company_id, passages, source))

    async def _mend(self, company_id: str, passages: Sequence[Passage], source: PassageSource) -> None:
        """Make what is missing, and load it before the next customer asks."""
        try:
            await self.upsert(company_id, passages)
            self._changed(company_id, True)  # another process may have been the one that wrote
        except RetrievalUnavailable:
            try:
                await self.rebuild(company_id, passages)
            except RetrievalUnavailable:
                return  # stays degraded; `status` tells why, and the next version tries again
        if (before := self._running(company_id)) is not None:
            await asyncio.wait([before])
        await asyncio.shield(self._running(company_id) or self._begin(company_id, source))

    def _upsert(self, company_id: str, passages: Sequence[Passage]) -> int:
        rows = {passage.id: rows_of(passage) for passage in passages}
        marks = {passage_id: signature(found, self.embedder.name) for passage_id, found in rows.items()}
        with self._writing:
            stored = self._vectors.read(company_id, vectors=False)
            known = dict(zip(stored.passage_ids, stored.signatures, strict=True))
            changed = [passage_id for passage_id, mark in marks.items() if known.get(passage_id) != mark]
            stale = [passage_id for passage_id in changed if passage_id in known]
            if stale:
                self._vectors.delete(company_id, stale)
            self._write(company_id, [row for passage_id in changed for row in rows[passage_id]], marks)
            self._changed(company_id, bool(changed))
        return len(changed)

    def _write(self, company_id: str, rows: Sequence[Row], marks: dict[str, str]) -> None:
        if rows:
            vectors = self._writes.embed([row.text for row in rows])
            self._vectors.write(company_id, rows, [marks[row.passage_id] for row in rows], vectors)

    def _add(self, company_id: str, passages: Sequence[Passage]) -> int:
        made = [rows_of(passage) for passage in passages]
        marks = {rows[0].passage_id: signature(rows, self.embedder.name) for rows in made if rows}
        flat = [row for rows in made for row in rows]
        vectors = self._writes.embed([row.text for row in flat])
        with self._writing:
            if flat:
                self._vectors.write(company_id, flat, [marks[row.passage_id] for row in flat], vectors)
        return len(flat)

    def _sync(self, company_id: str, passages: Sequence[Passage]) -> int:
        embedded = self._upsert(company_id, passages)
        with self._writing:
            stored = self._vectors.read(company_id, vectors=False)
        if orphans := sorted(set(stored.passage_ids) - {passage.id for passage in passages}):
            self._delete(company_id, orphans)
        return embedded

    def _delete(self, company_id: str, ids: Sequence[str]) -> None:
        with self._writing:
            self._vectors.delete(company_id, ids)
            self._changed(company_id, bool(ids))

    def _rebuild(self, company_id: str, passages: Sequence[Passage]) -> int:
        made = [rows_of(passage) for passage in passages]
        marks = {rows[0].passage_id: signature(rows, self.embedder.name) for rows in made if rows}
        flat = [row for rows in made for row in rows]
        with self._writing:
            try:
                self._vectors.drop(company_id)
                self._write(company_id, flat, marks)
            except RetrievalUnavailable:
                self._vectors.reset()
                self._write(company_id, flat, marks)
            self._changed(company_id, True)
        return len(flat)

    def _changed(self, company_id: str, really: bool) -> None:
        if really:
            self._revisions[company_id] = self._revisions.get(company_id, 0) + 1

    def _load(self, company_id: str, passages: Sequence[Passage]) -> Snapshot:
        rows = {passage.id: rows_of(passage) for passage in passages}
        stored: Stored | None
        try:
            stored, missing = fitting(self._vectors, company_id, rows, self.embedder.name, most=EXACT_UP_TO)
        except RetrievalUnavailable:
            stored, missing = None, len(passages)
        return Snapshot(
            company_id,
            passages,
            stored=stored,
            missing=missing,
            store=self._vectors,
            embedder=self.embedder,
            texts={row.id: row.text for found in rows.values() for row in found},
            taught=self._learning.of(company_id, passages),
        )

    def _imagined(self, company_id: str, passages: Sequence[Passage]) -> Snapshot:
        rows = {passage.id: rows_of(passage) for passage in passages}
        known, _ = fitting(self._vectors, company_id, rows, self.embedder.name)
        lacking = [row for key in sorted(rows.keys() - set(known.passage_ids)) for row in rows[key]]
        return Snapshot(
            company_id,
            passages,
            stored=known.plus(lacking, self.embedder.embed([row.text for row in lacking])),
            missing=0,
            store=self._vectors,
            embedder=self.embedder,
            texts={row.id: row.text for found in rows.values() for row in found},
            taught=self._learning.imagined(passages),
        )


def _note(task: asyncio.Task[Snapshot]) -> None:
    """Loading that nobody waits for may fail too; whoever asks next tries again."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.warning("knowledge cannot be loaded: %s", error)
