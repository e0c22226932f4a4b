"""The index: vectors in step with the passages, kept by Chroma or in memory."""

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.errors import RetrievalUnavailable
from retrieval.chroma import ChromaVectors
from retrieval.embed import Hashing
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.retriever import CompanyRetriever
from retrieval.vectors import MemoryVectors, Vectors
from tests.retrieval.knowledge import BOOTH, Counting, Shelf, passage

Open = Callable[[], Vectors]


@pytest.fixture(params=["memory", "chroma"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vectors]:
    made: Vectors = MemoryVectors() if request.param == "memory" else ChromaVectors(tmp_path / "chroma")
    yield made
    made.close()


async def test_that_only_what_changed_is_embedded_again(store: Vectors) -> None:
    counting = Counting(Hashing())
    index = Index(store, counting)

    assert await index.upsert("booth", BOOTH) == len(BOOTH)
    before = counting.texts
    assert await index.upsert("booth", BOOTH) == 0
    assert counting.texts == before

    changed = BOOTH[0].model_copy(update={"text": "A print costs $5."})
    assert await index.upsert("booth", [changed, *BOOTH[1:]]) == 1


async def test_that_status_counts_what_is_kept(store: Vectors) -> None:
    index = Index(store, Hashing())
    await index.upsert("booth", BOOTH)
    await index.delete("booth", ["pricing", "glasses"])

    status = await index.status("booth")

    assert status.available
    assert status.passages == len(BOOTH) - 2
    assert not status.semantic


async def test_that_a_search_sees_a_change_at_once(store: Vectors) -> None:
    shelf, index = Shelf(booth=BOOTH), Index(store, Hashing())
    await index.upsert("booth", BOOTH)
    retriever = CompanyRetriever("booth", shelf, index)
    await retriever.search("Can I wear glasses?")

    new = passage("parking", "Parking is free.", title="Parking", questions=("Where can I park?",))
    shelf.put("booth", *BOOTH, new)
    await index.upsert("booth", [new])
    found = await retriever.search("where can I park")

    assert found.hits[0].passage == new
    assert not found.degraded


async def test_that_companies_never_see_one_another(store: Vectors) -> None:
    secret = passage(
        "secret", "The canary sings at 0451.", title="Canary", questions=("What does the canary sing?",)
    )
    shelf, index = Shelf(booth=BOOTH, other=[secret]), Index(store, Hashing())
    await index.upsert("booth", BOOTH)
    await index.upsert("other", [secret])

    ours = await CompanyRetriever("booth", shelf, index).search("What does the canary sing?", limit=50)
    theirs = await CompanyRetriever("other", shelf, index).search("What does the canary sing?")

    assert secret not in [hit.passage for hit in ours.hits]
    assert theirs.hits[0].passage == secret


async def test_that_vectors_survive_a_restart(tmp_path: Path) -> None:
    first = Index(ChromaVectors(tmp_path / "chroma"), Hashing())
    await first.upsert("booth", BOOTH)
    first.close()
    counting = Counting(Hashing())

    second = Index(ChromaVectors(tmp_path / "chroma"), counting)

    assert await second.upsert("booth", BOOTH) == 0
    assert counting.texts == 0
    second.close()


async def test_that_words_serve_until_a_lost_index_is_made_again(tmp_path: Path) -> None:
    index = Index(ChromaVectors(tmp_path / "chroma"), Hashing())
    retriever = CompanyRetriever("booth", Shelf(booth=BOOTH), index)

    lost = await retriever.search("Can I wear glasses?")
    await index.healed()
    healed = await retriever.search("Can I wear glasses?")

    assert lost.degraded
    assert lost.hits[0].passage.id == "glasses"
    assert not healed.degraded
    index.close()


async def test_that_a_corrupt_folder_is_noticed_and_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "chroma"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"this is no database" * 100)
    index = Index(ChromaVectors(folder), Hashing())
    retriever = CompanyRetriever("booth", Shelf(booth=BOOTH), index)

    status = await index.status("booth")
    broken = await retriever.search("Can I wear glasses?")
    await index.healed()
    mended = await retriever.search("Can I wear glasses?")

    assert not status.available
    assert status.reason
    assert broken.degraded
    assert broken.hits[0].passage.id == "glasses"
    assert not mended.degraded
    index.close()


def _holds(
    folder: Path, ready: "multiprocessing.synchronize.Event", done: "multiprocessing.synchronize.Event"
) -> None:
    vectors = ChromaVectors(folder)
    vectors.read("booth")
    ready.set()
    done.wait(30)
    vectors.close()


def test_that_a_second_process_does_not_open_the_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_holds, args=(tmp_path / "chroma", ready, done))
    other.start()
    try:
        assert ready.wait(50)
        with pytest.raises(RetrievalUnavailable, match="another process"):
            ChromaVectors(tmp_path / "chroma").read("booth")
    finally:
        done.set()
        other.join(10)

    mine = ChromaVectors(tmp_path / "chroma")
    assert mine.read("booth").row_ids == ()
    mine.close()


async def test_that_a_rebuild_replaces_everything(store: Vectors) -> None:
    index = Index(store, Hashing())
    await index.upsert("booth", BOOTH)

    rows = await index.rebuild("booth", BOOTH[:2])
    status = await index.status("booth")

    assert status.rows == rows
    assert status.passages == 2


class _SlowShelf(Shelf):
    """One whose passages are given out when the test lets them."""

    def __init__(self) -> None:
        super().__init__(booth=BOOTH)
        self.asked, self.began, self.open = 0, asyncio.Event(), asyncio.Event()

    async def passages(self, company_id: str) -> list[Passage]:
        self.asked += 1
        self.began.set()
        found = await super().passages(company_id)
        await self.open.wait()
        return found


async def test_that_who_gives_up_waiting_does_not_stop_the_loading() -> None:
    shelf, index = _SlowShelf(), Index(MemoryVectors(), Hashing())
    await index.upsert("booth", BOOTH)

    for _ in range(2):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(index.snapshot("booth", shelf), 0.01)
    assert shelf.asked == 1

    shelf.open.set()
    assert len((await index.snapshot("booth", shelf)).passages) == len(BOOTH)
    assert shelf.asked == 1


async def test_that_who_comes_after_a_change_never_gets_what_was_loading_before_it() -> None:
    shelf, index = _SlowShelf(), Index(MemoryVectors(), Hashing())
    await index.upsert("booth", BOOTH)
    before = asyncio.create_task(index.snapshot("booth", shelf))
    await shelf.began.wait()

    shelf.put("booth", *BOOTH[1:])
    after = asyncio.create_task(index.snapshot("booth", shelf))
    await asyncio.sleep(0)
    shelf.open.set()

    assert len((await after).passages) == len(BOOTH) - 1
    assert len((await before).passages) == len(BOOTH)


async def test_that_loading_that_failed_is_tried_again() -> None:
    shelf, index = Shelf(), Index(MemoryVectors(), Hashing())
    with pytest.raises(KeyError):
        await index.snapshot("booth", shelf)

    shelf.put("booth", *BOOTH)
    assert len((await index.snapshot("booth", shelf)).passages) == len(BOOTH)


async def test_that_new_lessons_of_the_same_knowledge_keep_nobody_waiting() -> None:
    shelf, index = _SlowShelf(), Index(MemoryVectors(), Hashing())
    await index.upsert("booth", BOOTH)
    shelf.open.set()
    before = await index.snapshot("booth", shelf)
    shelf.open.clear()
    index._learning.fresh.add("booth")

    async with asyncio.timeout(1):
        assert await index.snapshot("booth", shelf) is before
    shelf.open.set()
    await index._loading["booth"]
    assert await index.snapshot("booth", shelf) is not before
    assert shelf.asked == 2


async def test_that_new_vectors_of_the_same_knowledge_keep_nobody_waiting() -> None:
    shelf, index = _SlowShelf(), Index(MemoryVectors(), Hashing())
    await index.upsert("booth", BOOTH)
    shelf.open.set()
    before = await index.snapshot("booth", shelf)
    shelf.open.clear()
    await index.rebuild("booth", BOOTH)

    async with asyncio.timeout(1):
        assert await index.snapshot("booth", shelf) is before
    shelf.open.set()
    await index._loading["booth"]
    assert await index.snapshot("booth", shelf) is not before


async def test_that_missing_vectors_are_loaded_before_the_next_customer_asks() -> None:
    shelf, index = _SlowShelf(), Index(MemoryVectors(), Hashing())
    shelf.open.set()
    assert (await index.snapshot("booth", shelf)).degraded

    await index.healed()
    asked = shelf.asked
    assert not (await index.snapshot("booth", shelf)).degraded
    assert shelf.asked == asked
