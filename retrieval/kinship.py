"""How near two words are in meaning, to tell a synonym from another thing."""

from collections.abc import Iterable

from retrieval.embed import Embedder
from retrieval.lexical import Lexical
from retrieval.question import Term

MOST_WORDS = 4000
UNRELATED, SYNONYM = 0.35, 0.75
"""Cosines of two words that have nothing in common, and of two that mean the same."""


class WordVectors:
    """Vectors of the company's words, to tell a synonym from another thing."""

    def __init__(self, lexical: Lexical, embedder: Embedder) -> None:
        """Of the commonest words; others are embedded when they are asked about."""
        self._embedder = embedder
        chosen = lexical.commonest(MOST_WORDS) if embedder.semantic else []
        self._rows = {term: row for row, (term, _) in enumerate(chosen)}
        self._vectors = embedder.embed([word for _, word in chosen])

    def lacking(self, terms: Iterable[Term]) -> list[str]:
        """The words among these that have no vector yet and may need one."""
        wanted = (term for term in terms if has_meaning(term) and not term.foreign)
        return [term.word for term in wanted if term.term not in self._rows] if self._rows else []

    def nearest(self, term: Term, terms: Iterable[str]) -> float:
        """How near a word is to the nearest of other `terms`: 1 a synonym, 0 unrelated."""
        rows = [row for other in terms if (row := self._rows.get(other)) is not None]
        if not rows:
            return 0.0
        known = self._rows.get(term.term)
        vector = self._embedder.embed([term.word])[0] if known is None else self._vectors[known]
        cosine = float((self._vectors[rows] @ vector).max())
        return min(1.0, max(0.0, (cosine - UNRELATED) / (SYNONYM - UNRELATED)))


def has_meaning(term: Term) -> bool:
    """Whether other words can mean the same: not those of a country or a number."""
    return term.term[0] != "=" and not term.word[0].isdigit()
