"""One search, embedding included, in a company of many passages.

The passages are shuffled sentences of the seeded companies, embedded truly, which takes a minute: the vector
store is slower among random vectors. Each question is asked once, so that no memory of an earlier one helps.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from eval.bench.load import Json, figures
from retrieval.embed import open_embedder
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.retriever import CompanyRetriever
from seeds.schema import all_companies

PASSAGES = 10_000
COMPANY = "bench"
_SEED = 20261121


class _Passages:
    """A company's passages that never change."""

    def __init__(self, passages: list[Passage]) -> None:
        self._passages = passages

    async def passages(self, company_id: str) -> list[Passage]:
        """The same list for every company."""
        del company_id
        return self._passages

    async def version(self, company_id: str) -> str:
        """Never changes."""
        return company_id


def bench(environment: Mapping[str, str], *, requests: int = 400, concurrency: int = 1) -> Json:
    """Time searches one after the other; `concurrency` is not used, a search holds the processor."""
    del environment, concurrency
    with tempfile.TemporaryDirectory(prefix="supportgraph-bench-") as folder:
        return asyncio.run(_bench(Path(folder), requests))


async def _bench(folder: Path, requests: int) -> Json:
    from retrieval.chroma import ChromaVectors

    passages = _passages()
    index = Index(ChromaVectors(folder / "chroma", None), open_embedder(folder / "models"))
    try:
        await index.upsert(COMPANY, passages)
        retriever = CompanyRetriever(COMPANY, _Passages(passages), index)
        questions = _questions(requests + 10)
        for question in questions[:10]:
            await retriever.search(question)
        start = time.perf_counter()
        times = [await _timed(retriever, question) for question in questions[10:]]
        elapsed = time.perf_counter() - start
    finally:
        index.close()
    return {**figures("retrieval", times, elapsed, _own_rss_mb()), "passages": len(passages)}


async def _timed(retriever: CompanyRetriever, question: str) -> float:
    start = time.perf_counter()
    await retriever.search(question)
    return time.perf_counter() - start


def _passages() -> list[Passage]:
    """Passages of four sentences each, no two alike."""
    chance = random.Random(_SEED)
    facts = [fact.en for seed in all_companies() for entry in seed.entries for fact in entry.facts]
    return [
        Passage(
            id=f"p{number}",
            source_id=f"s{number}",
            kind="page",
            title=f"Page {number}",
            text="\n".join([*chance.sample(facts, 3), f"This page has the number {number}."]),
            content_hash=str(number),
        )
        for number in range(PASSAGES)
    ]


def _questions(amount: int) -> list[str]:
    """Questions of the content owners in both languages; more than there are get a number to differ by."""
    asked = [
        question
        for seed in all_companies()
        for entry in seed.entries
        for question in (*entry.questions, *entry.questions_hinglish)
    ]
    chance = random.Random(_SEED)
    chance.shuffle(asked)
    rounds = 1 + amount // len(asked)
    return [f"{question} {turn or ''}".strip() for turn in range(rounds) for question in asked][:amount]


def _own_rss_mb() -> float:
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    lines = status.read_text("utf-8").splitlines()
    return round(int(next(line.split()[1] for line in lines if line.startswith("VmRSS:"))) / 1024, 1)
