"""Entries that somebody adds today to a company that knows many phrasings of all others."""

import asyncio
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph.state import Hit
from retrieval.embed import Embedder
from retrieval.index import Index
from retrieval.passages import Passage, gap_passage
from retrieval.retriever import CompanyRetriever
from retrieval.taught import Teacher
from retrieval.vectors import MemoryVectors
from seeds.trades import trades
from tests.retrieval.knowledge import Shelf, passage

THRESHOLD = 0.65
"""The one of the desk."""
ROWS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("new_entries.toml").read_text())["entry"]


@dataclass
class Shop:
    """Tamarind Lane before the entries were added, and with them."""

    old: Sequence[Passage]
    new: Sequence[Passage]
    retriever: CompanyRetriever

    async def told(self, asked: str) -> Hit | None:
        """What answers, if anything does."""
        found = await self.retriever.search(asked)
        return found.hits[0] if found.answerable >= THRESHOLD else None


@pytest.fixture(scope="module")
def shop(minilm: Embedder) -> Shop:
    trade = next(trade for trade in trades() if trade.name == "tamarind-lane")
    old = (*trade.passages, gap_passage(trade.unanswerable))
    new = tuple(
        passage(row["key"], *row["lines"], title=row["title"], questions=(row["question"],)) for row in ROWS
    )
    index = Index(MemoryVectors(), minilm)
    asyncio.run(index.upsert("shop", [*old, *new]))
    return Shop(old, new, CompanyRetriever("shop", Shelf(shop=[*old, *new]), index))


async def test_that_they_are_answered_as_soon_as_they_are_there(shop: Shop) -> None:
    asked = [(question, row["key"]) for row in ROWS for question in (row["question"], *row["asked"])]
    told = [(await shop.told(question), key) for question, key in asked]

    assert sum(hit is not None and hit.passage.id == key for hit, key in told) >= 0.7 * len(asked)


async def test_that_their_own_question_finds_each(shop: Shop) -> None:
    for row in ROWS:
        hit = await shop.told(row["question"])
        assert hit is not None, row["question"]
        assert hit.passage.id == row["key"]


async def test_that_most_of_what_they_do_not_say_stays_unanswered(shop: Shop) -> None:
    near = [question for row in ROWS for question in row["near"]]
    told = [await shop.told(question) for question in near]

    assert sum(hit is None for hit in told) >= 0.75 * len(near)


async def test_that_an_entry_settles_what_was_declared_not_covered(shop: Shop, minilm: Embedder) -> None:
    declared = next(old for old in shop.old if old.kind == "gap").questions[:: len(ROWS) * 20]
    added = [
        passage(f"gap-{number}", "Our team answers this.", title=text, questions=(text,))
        for number, text in enumerate(declared)
    ]
    index = Index(MemoryVectors(), minilm)
    await index.upsert("shop", [*shop.old, *added])
    retriever = CompanyRetriever("shop", Shelf(shop=[*shop.old, *added]), index)

    told = [await retriever.search(text) for text in declared]

    assert [found.hits[0].passage.title for found in told if found.answerable >= THRESHOLD] == list(declared)


def test_that_nothing_has_to_be_learnt_again(shop: Shop, minilm: Embedder) -> None:
    teacher = Teacher(minilm)
    assert teacher.digest(shop.old) == teacher.digest([*shop.old, *shop.new])
