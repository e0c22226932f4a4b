"""Find the passage of one company that answers a question, and say how likely it does.

Meaning leads and words help: an equal vote of both lists harms paraphrases.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.errors import RetrievalUnavailable
from retrieval.answerability import judge
from retrieval.features import Features
from retrieval.followup import fits, joined, leans
from retrieval.index import Index
from retrieval.passages import Hit, PassageSource, Search
from retrieval.question import Question, read
from retrieval.sentences import best_lines
from retrieval.snapshot import Nearness, Snapshot

WORDS_WEIGH = 0.3
CURATED = 0.02
"""What a curated entry is ahead of an imported page that is as near."""
CANDIDATES = 12
SAME_TEXT = 0.8


@dataclass(frozen=True)
class _Found:
    question: Question
    hits: tuple[Hit, ...]
    reasons: tuple[str, ...]

    @property
    def answerable(self) -> float:
        return max((hit.answers for hit in self.hits), default=0.0)


class CompanyRetriever:
    """The knowledge of one company; it cannot be asked for another's."""

    def __init__(self, company_id: str, passages: PassageSource, index: Index) -> None:
        self._company_id, self._source, self._index = company_id, passages, index

    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search:
        """The passages that most likely answer, best first; `context`: the topic of the turn before.

        A follow-up ("and for Germany?") is read together with its context if that finds what it asks.
        """
        snapshot = await self._index.snapshot(self._company_id, self._source)
        if not snapshot.passages or not query.strip():
            return Search(query=query, reasons=("no passages",) if query.strip() else ("no question",))
        question = read(query, snapshot.lexical, self._index.embedder)
        found, degraded = self._find(snapshot, question, limit)
        if context and leans(question):
            whole = read(joined(question, context), snapshot.lexical, self._index.embedder)
            other, _ = self._find(snapshot, whole, limit)
            if other.hits and fits(question, other.hits[0].passage):
                found = other
        return Search(
            query=found.question.english,
            hits=found.hits,
            answerable=found.answerable,
            degraded=degraded,
            reasons=found.reasons,
        )

    async def lines(self, query: str, hit: Hit, *, limit: int = 3) -> tuple[int, ...]:
        """Indices of the fewest lines of the hit's passage that answer, best first."""
        snapshot = await self._index.snapshot(self._company_id, self._source)
        question = read(query, snapshot.lexical, self._index.embedder)
        return best_lines(question, hit.passage.lines, snapshot, limit=limit)

    def _find(self, snapshot: Snapshot, question: Question, limit: int) -> tuple[_Found, bool]:
        near, degraded = self._near(snapshot, question)
        lexical = snapshot.lexical.scores(term.term for term in question.terms)
        fused = near.best + WORDS_WEIGH * lexical + snapshot.curated * CURATED
        order = _top(fused, CANDIDATES + limit)
        kept = _without_repeats(snapshot, order)
        features = Features(snapshot, question, near, lexical)
        model = judge(semantic=self._index.embedder.semantic and not degraded)
        hits: list[Hit] = []
        reasons: tuple[str, ...] = ()
        for place, number in enumerate(kept[: max(limit, 1)]):
            rival = kept[1] if place == 0 and len(kept) > 1 else kept[0]
            margin = float(fused[number] - fused[rival]) if len(kept) > 1 else 0.3
            measured = features.of(number, margin)
            answers = model.probability(measured)
            if place == 0:
                reasons = features.reasons(number)
            hits.append(
                Hit(
                    passage=snapshot.passages[number],
                    dense=round(measured["best"], 4),
                    lexical=round(measured["covered"], 4),
                    fused=round(float(fused[number]), 4),
                    answers=round(answers, 4),
                )
            )
        return _Found(question, tuple(hits), reasons), degraded

    def _near(self, snapshot: Snapshot, question: Question) -> tuple[Nearness, bool]:
        nothing = np.zeros(len(snapshot.passages), np.float32)
        if snapshot.degraded:
            return Nearness(nothing, nothing), True
        try:
            first, *others = self._index.embedder.embed(list(question.wordings))
            near = snapshot.near(first)
            for vector in others:
                near = near.joined(snapshot.near(vector))
        except RetrievalUnavailable:
            return Nearness(nothing, nothing), True
        return near, False


def _top(scores: NDArray[np.floating], count: int) -> list[int]:
    if len(scores) > count:
        chosen = np.argpartition(-scores, count)[:count]
        chosen.sort()
    else:
        chosen = np.arange(len(scores))
    return [int(number) for number in chosen[np.argsort(-scores[chosen], kind="stable")]]


def _without_repeats(snapshot: Snapshot, order: Iterable[int]) -> list[int]:
    """Passages in order without those that say the same; of two, a curated entry stays."""
    kept: list[int] = []
    for number in order:
        twin = next((n for n, other in enumerate(kept) if _says_the_same(snapshot, number, other)), None)
        if twin is None:
            kept.append(number)
        elif snapshot.curated[number] > snapshot.curated[kept[twin]]:
            kept[twin] = number
    return kept


def _says_the_same(snapshot: Snapshot, one: int, other: int) -> bool:
    first, second = snapshot.said[one], snapshot.said[other]
    smaller = min(len(first), len(second))
    return smaller > 3 and len(first & second) >= SAME_TEXT * max(len(first), len(second))
