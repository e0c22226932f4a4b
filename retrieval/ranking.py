"""Order one company's passages by how near they are to a question.

Meaning and what phrasings teach lead, and words help: an equal vote of both lists harms paraphrases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.errors import RetrievalUnavailable
from retrieval.features import Features
from retrieval.passages import Passage
from retrieval.question import Question
from retrieval.rivals import Rivals
from retrieval.snapshot import Nearness, Snapshot
from retrieval.words import tokens

WORDS_WEIGH = 0.3
TAUGHT_WEIGHS = 1.0
THIN_WEIGHS = 0.12
"""What an entry with few phrasings is ahead, by its thinness: the rest of them would have been nearer."""
CURATED = 0.02
"""What a curated entry is ahead of an imported page that is as near."""
SPARE = 12
SAME_TEXT = 0.8
WIDEST_MARGIN = 0.3
REASONED = 3
"""Passages that may come to lead, so that the trace needs their reasons."""


@dataclass(frozen=True)
class Found:
    """A passage with what speaks for and against it."""

    passage: Passage
    fused: float
    features: Mapping[str, float]
    reasons: tuple[str, ...]
    """What it lacks of the question."""


@dataclass(frozen=True)
class Ranked:
    """Passages, best first."""

    found: tuple[Found, ...]
    degraded: bool
    near: float | None = None
    """Best cosine with any passage, gaps included; None by words alone."""


def rank(snapshot: Snapshot, question: Question, *, limit: int = 5, words_only: bool = False) -> Ranked:
    """The `limit` best passages; by words alone where vectors are not to be had."""
    near = None if words_only else _near(snapshot, question)
    degraded = near is None
    size = len(snapshot.passages)
    taught = np.zeros(size, np.float32) if near is None else snapshot.taught(question, near)
    if near is None:
        nothing = np.zeros(size, np.float32)
        near = Nearness(
            nothing,
            nothing,
            lambda number: _nearest_by_words(snapshot, question, number),
            lambda _: nothing[:0],
            (),
        )
    lexical = snapshot.lexical.scores(term.term for term in question.terms)
    fused = near.best + WORDS_WEIGH * lexical + CURATED * snapshot.curated + TAUGHT_WEIGHS * taught
    fused += THIN_WEIGHS * snapshot.thin
    fused[snapshot.gaps] = -1.0
    kept = _without_repeats(snapshot, _top(fused, limit + SPARE))
    kept = [number for number in kept if not snapshot.gaps[number]][: max(limit, 1)]
    features, rivals = (
        Features(snapshot, question, near, lexical),
        Rivals(snapshot, near, taught, fused, kept),
    )
    found = []
    for place, number in enumerate(kept):
        rival = kept[1 if place == 0 else 0] if len(kept) > 1 else None
        margin = WIDEST_MARGIN if rival is None else float(fused[number] - fused[rival])
        measured, reasons = features.of(number, margin), features.reasons(number) if place < REASONED else ()
        measured |= rivals.of(number, measured["best"])
        found.append(Found(snapshot.passages[number], float(fused[number]), measured, reasons))
    return Ranked(tuple(found), degraded, None if degraded else float(near.best.max(initial=0.0)))


def _near(snapshot: Snapshot, question: Question) -> Nearness | None:
    if snapshot.degraded:
        return None
    try:
        wordings = snapshot.wordings(question)
        return snapshot.near(wordings) if wordings.any() else None
    except RetrievalUnavailable:
        return None


def _top(scores: NDArray[np.float64], count: int) -> list[int]:
    chosen = np.arange(len(scores))
    if len(scores) > count:
        chosen = np.sort(np.argpartition(-scores, count)[:count])
    return [int(number) for number in chosen[np.argsort(-scores[chosen], kind="stable")]]


def _without_repeats(snapshot: Snapshot, order: Iterable[int]) -> list[int]:
    """Passages in order without those that say the same; of two, a curated entry stays."""
    kept: list[int] = []
    for number in order:
        twin = next((at for at, other in enumerate(kept) if _says_the_same(snapshot, number, other)), None)
        if twin is None:
            kept.append(number)
        elif snapshot.curated[number] > snapshot.curated[kept[twin]]:
            kept[twin] = number
    return kept


def _says_the_same(snapshot: Snapshot, one: int, other: int) -> bool:
    first, second = snapshot.said[one], snapshot.said[other]
    shared = len(first & second)
    return shared > 0 and (first == second or shared >= max(4, SAME_TEXT * max(len(first), len(second))))


def _nearest_by_words(snapshot: Snapshot, question: Question, number: int) -> str:
    """The phrasing of a passage that shares most words with the question."""
    asked = {term.term for term in question.terms}
    phrasings = snapshot.phrasings(number)
    return max(phrasings, key=lambda text: _alike(asked, set(tokens(text))), default="")


def _alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, len(one | other))
