"""Which lines of a passage answer a question: the fewest that do, so that a reply says no more than asked."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.expected import asked_kinds, kinds_in
from retrieval.question import Question, Term
from retrieval.snapshot import Snapshot
from retrieval.words import tokens

WORDS_WEIGH, KIND_WEIGHS, PLACE_WEIGHS = 0.35, 0.15, 0.5
CLOSE_TO_BEST = 0.12
BETTER_ALONE = 0.08


def best_lines(
    question: Question, lines: Sequence[str], snapshot: Snapshot, *, limit: int = 3
) -> tuple[int, ...]:
    """Indices of at most `limit` lines that answer best, best first; empty for no lines.

    A line on another country than the asked one is left out when a line names the asked one.
    """
    if not lines:
        return ()
    scores = score_lines(question, lines, snapshot)
    order = [int(number) for number in np.argsort(-scores, kind="stable")]
    best = scores[order[0]]
    chosen = [order[0]]
    unsaid = _unsaid(question.terms, lines[order[0]])
    for number in order[1:]:
        if len(chosen) == limit or scores[number] < best - CLOSE_TO_BEST:
            break
        still = _unsaid(unsaid, lines[number])
        if len(still) < len(unsaid) or scores[number] > best - BETTER_ALONE / 4:
            chosen.append(number)
            unsaid = still
    return tuple(chosen)


def score_lines(question: Question, lines: Sequence[str], snapshot: Snapshot) -> NDArray[np.float64]:
    """How well each line answers: meaning, covered words, the asked kind of value, the asked country."""
    asked = snapshot.embedder.embed(list(question.wordings))
    meaning = (snapshot.embedder.embed(list(lines)) @ asked.T).max(axis=1)
    weights = {term.term: snapshot.weight(term) for term in question.terms}
    total = sum(weights.values()) or 1.0
    kinds = asked_kinds(question.english)
    places = {term.term for term in question.terms if term.term[0] == "="}
    said = [set(tokens(line)) for line in lines]
    named = any(places & words for words in said)
    scores = []
    for line, words, cosine in zip(lines, said, meaning, strict=True):
        covered = sum(weight for term, weight in weights.items() if term in words) / total
        score = float(cosine) + WORDS_WEIGH * covered + KIND_WEIGHS * bool(kinds & kinds_in(line))
        if named:
            others = {word for word in words if word[0] == "="} - places
            score += PLACE_WEIGHS * bool(places & words) - PLACE_WEIGHS * bool(others and not places & words)
        scores.append(score)
    return np.array(scores)


def _unsaid(terms: Sequence[Term], line: str) -> tuple[Term, ...]:
    words = set(tokens(line))
    return tuple(term for term in terms if term.term not in words)
