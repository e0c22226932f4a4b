"""Asks an index of one company what somebody else wrote, and knows the truth."""

import asyncio
import functools
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.embed import Embedder
from retrieval.index import Index
from retrieval.passages import Passage
from retrieval.probe import Corpus
from retrieval.question import read
from retrieval.ranking import rank
from retrieval.snapshot import Snapshot
from retrieval.vectors import MemoryVectors
from seeds.asked import folded
from seeds.trades import Trade

SHARES = 4
ALIKE, PERHAPS = 0.75, 0.35
"""Share of the shorter text's words from which another passage answers too, or may; of the latter nothing
is learnt."""
WEIGHTS = {"asked": 1.0, "near miss": 3.0, "elsewhere": 0.3, "taken away": 0.3}
UNSURE = 0.3
"""What a hit counts that is not the first, or is the first and wrong."""


@dataclass(frozen=True)
class Example:
    """Features of one hit of one question, with the truth and how much it counts."""

    trade: str
    question: str
    kind: str
    source: str
    """The passage that answers, or empty."""
    features: Mapping[str, float]
    answers: bool
    sure: bool
    """Whether it is known that the passage does or does not answer."""
    weight: float
    place: int


class Asker:
    """Asks an index and knows the truth."""

    def __init__(self, trade: Trade, embedder: Embedder, *, words_only: bool) -> None:
        self.trade, self._embedder, self._words_only = trade, embedder, words_only
        self._passages = {passage.id: passage for passage in trade.passages}

    def ask(self, snapshot: Snapshot, text: str, kind: str, source: str = "") -> Iterator[Example]:
        """An example for each of the first hits."""
        question = read(text, snapshot.lexical, self._embedder)
        ranked = rank(snapshot, question, limit=5, words_only=self._words_only)
        for place, hit in enumerate(ranked.found):
            shared = self._shared(hit.passage, source)
            answers = kind == "asked" and shared > ALIKE
            sure = answers or shared <= PERHAPS or (kind == "asked" and place == 0 and not source)
            clear = place == 0 and (answers or not source)
            weight = WEIGHTS[kind] * (1.0 if clear else UNSURE)
            yield Example(self.trade.name, text, kind, source, hit.features, answers, sure, weight, place)

    def _shared(self, passage: Passage, source: str) -> float:
        if not source or source not in self._passages:
            return 0.0
        return 1.0 if passage.id == source else overlap(passage, self._passages[source])


def snapshot_of(passages: Sequence[Passage], embedder: Embedder) -> Snapshot:
    """A private index of these passages."""

    async def made() -> Snapshot:
        index = Index(MemoryVectors(), embedder)
        await index.upsert("fit", passages)
        return await index.snapshot("fit", Corpus(passages))

    return asyncio.run(made())


def folds(trade: Trade) -> list[Callable[[str], bool]]:
    """What is held out together: all texts of one author, for a customer is an author that nobody has read.

    Where one author wrote everything, a share of the texts.
    """

    def author(text: str) -> int:
        return trade.authors.get(text) or trade.authors.get(folded(text), 1)

    texts = (*trade.unanswerable, *(text for passage in trade.passages for text in passage.questions))
    wrote = sorted({author(text) for text in texts})
    if len(wrote) > 1:
        return [functools.partial(_is, author, one) for one in wrote]
    return [functools.partial(_is, share, one) for one in range(SHARES)]


def _is(number: Callable[[str], int], wanted: int, text: str) -> bool:
    return number(text) == wanted


def without(passage: Passage, held: Callable[[str], bool], most: int | None) -> Passage:
    """The passage without the phrasings that are held out, and with no more than `most`."""
    kept = tuple(text for text in passage.questions if not held(text))
    return passage.model_copy(update={"questions": kept[:most]})


def share(text: str) -> int:
    """One of SHARES numbers, as good as drawn by chance and always the same for a text."""
    return hashlib.md5(text.encode(), usedforsecurity=False).digest()[0] % SHARES


def chosen(size: int, amount: int, seed: int) -> list[int]:
    """At most `amount` places of `size`, in order."""
    if size <= amount:
        return list(range(size))
    return sorted(int(place) for place in np.random.default_rng(seed).choice(size, amount, replace=False))


def overlap(one: Passage, other: Passage) -> float:
    """Share of the shorter passage's words that the other has."""
    first, second = (set(passage.text.lower().split()) for passage in (one, other))
    return len(first & second) / max(1, min(len(first), len(second)))
