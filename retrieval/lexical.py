"""Word search over one company's passages, in memory: BM25 over stemmed words, with typing errors mended.

Impacts are computed when it is built, so a query adds up a few posting lists however many passages there are.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.words import function_words, stem, surface, tokens

K1, B = 1.2, 0.6
SHORTEST_MENDED = 4
NEIGHBOURS = 40


class Lexical:
    """BM25 over documents whose fields have weights."""

    def __init__(
        self, documents: Sequence[Iterable[tuple[str, float]]], stated: Iterable[str] | None = None
    ) -> None:
        """`documents`: per document its (text, weight) fields; `stated`: all that they say but phrasings."""
        self.size = len(documents)
        self._vocabulary: Counter[str] = Counter()
        counts = [self._count(fields) for fields in documents]
        self._stated = None if stated is None else frozenset(t for text in stated for t in tokens(text))
        self.terms: list[frozenset[str]] = [frozenset(count) for count in counts]
        lengths = np.array([sum(count.values()) for count in counts] or [1.0])
        norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1e-9))
        postings: dict[str, list[tuple[int, float]]] = {}
        for number, count in enumerate(counts):
            for term, frequency in count.items():
                postings.setdefault(term, []).append((number, frequency / (frequency + norm[number])))
        self._postings = {
            term: (np.array([n for n, _ in found]), np.array([weight for _, weight in found]))
            for term, found in postings.items()
        }
        self._grams: dict[str, list[str]] = {}
        for word in self._vocabulary:
            for gram in _grams(word):
                self._grams.setdefault(gram, []).append(word)

    def _count(self, fields: Iterable[tuple[str, float]]) -> dict[str, float]:
        count: dict[str, float] = {}
        ignored = function_words()
        for text, weight in fields:
            for word in surface(text):
                if word not in ignored:
                    self._vocabulary[word] += 1
                    term = term_of(word)
                    count[term] = count.get(term, 0.0) + weight
        return count

    def knows(self, term: str) -> bool:
        """Whether any document has the stemmed word."""
        return term in self._postings

    def states(self, term: str) -> bool:
        """Whether the stemmed word is in what the documents say, and not only in how they are asked for."""
        return self.knows(term) if self._stated is None else term in self._stated

    def commonest(self, limit: int) -> list[tuple[str, str]]:
        """(stem, its commonest word) of the most frequent words, places and numbers apart."""
        words: dict[str, str] = {}
        for word, _ in self._vocabulary.most_common():
            if word[0] != "=" and not word[0].isdigit():
                words.setdefault(term_of(word), word)
        return list(words.items())[:limit]

    def rarity(self, term: str) -> float:
        """How telling a stemmed word is here, 0 (in every document) to 1 (in none)."""
        found = len(self._postings[term][0]) if term in self._postings else 0
        return math.log1p((self.size - found + 0.5) / (found + 0.5)) / math.log1p((self.size + 0.5) / 0.5)

    def scores(self, terms: Iterable[str]) -> NDArray[np.float64]:
        """BM25 of each document, as a share of what a perfect match would get: 0..1, shape (size,)."""
        total = np.zeros(self.size)
        best = 0.0
        for term in dict.fromkeys(terms):
            rarity = self.rarity(term)
            best += rarity
            if term in self._postings:
                numbers, impacts = self._postings[term]
                total[numbers] += rarity * impacts
        return total / best if best else total

    def mend(self, word: str) -> str | None:
        """The word of the documents that a mistyped word most likely stands for, if any."""
        if len(word) < SHORTEST_MENDED or word[0] == "=" or any(letter.isdigit() for letter in word):
            return None
        from rapidfuzz.distance import DamerauLevenshtein

        near: Counter[str] = Counter()
        for gram in _grams(word):
            near.update(self._grams.get(gram, ()))
        allowed = 1 if len(word) < 8 else 2
        best: tuple[int, int, str] | None = None
        for other, _ in near.most_common(NEIGHBOURS):
            distance = DamerauLevenshtein.distance(word, other, score_cutoff=allowed)
            if distance <= allowed and other[0] == word[0] and len(other) >= SHORTEST_MENDED:
                rank = (distance, -self._vocabulary[other], other)
                best = rank if best is None or rank < best else best
        return best[2] if best else None


def term_of(word: str) -> str:
    """The stem under which a folded word is indexed; places are kept whole."""
    return word if word[0] == "=" else stem(word)


def _grams(word: str) -> set[str]:
    padded = f"^{word}$"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
