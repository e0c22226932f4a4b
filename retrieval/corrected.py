"""What a correction denies and means: "no, the bedsheet, not the rug", "gpay se nahi, debit card se"."""

import re
from collections.abc import Sequence

from retrieval.expected import asked_kinds
from retrieval.question import Question
from retrieval.words import gloss, stem, surface, tokens

_DENIES = re.compile(r"\bnot (?:the |a |an |my |for |to |by |with |from |in )*(\w+)", re.IGNORECASE)
_DENIES_AFTER = re.compile(
    r"\b(\w+) (?:(?:wala|wali|wale|se|par|pe|ka|ki|ke|me|mein|ko) )*(?:nahi|nhi|nahin|nai)\b", re.IGNORECASE
)
_OF_CORRECTING = frozenset(
    stem(word)
    for word in ("sorry", "meant", "mean", "wrong", "mistake", "typo", "oh", "ugh", "oops", "said", "told")
)
_MOST = 4
"""Words of the thing that is meant."""


def denied(question: Question, before: Question) -> frozenset[str]:
    """Stems of what was asked about before and is not meant, as the correction says."""
    then = {term.term for term in before.terms}
    said = " ".join(surface(question.original))
    found = [match for pattern in (_DENIES, _DENIES_AFTER) for match in pattern.findall(said)]
    return frozenset(stem(word) for word in found if stem(word) in then)


def corrected(question: Question, before: Question, context: str) -> tuple[str, ...]:
    """The question before with what is meant in the place of what is denied, in two readings, or in none.

    The second is without the word that stood before it, which may belong to what is denied ("jute rug").
    """
    if "?" in question.original or asked_kinds(question.english):
        return ()
    gone = denied(question, before)
    also = {word for term in gone for word in tokens(gloss(term))}
    meant = _meant(question, gone | also | _OF_CORRECTING) if gone else ()
    said = surface(context)
    places = [place for place, word in enumerate(said) if stem(word) in gone]
    if not places or not 0 < len(meant) <= _MOST:
        return ()
    first, last = places[0], places[-1]
    sides = ((said[:first], said[last + 1 :]), (said[: max(0, first - 1)], said[last + 1 :]))
    readings = (
        " ".join(word.lstrip("=").replace("_", " ") for word in (*left, *meant, *right))
        for left, right in sides
    )
    return tuple(dict.fromkeys(readings))


def _meant(question: Question, without: frozenset[str]) -> Sequence[str]:
    """The words of the thing that takes its place, as typed."""
    typed = {stem(word): word for word in surface(question.original)}
    own = tokens(question.original) if not question.hinglish else tuple(term.term for term in question.terms)
    return tuple(typed.get(term, term) for term in dict.fromkeys(own) if term not in without)
