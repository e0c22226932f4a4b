"""Which lines of a passage answer a question: few, and none on something else, so that a reply is short."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.expected import asked_kinds, kinds_in
from retrieval.followup import WEEKDAYS
from retrieval.question import Question, Term
from retrieval.snapshot import Snapshot
from retrieval.words import tokens

WORDS_WEIGH, KIND_WEIGHS, PLACE_WEIGHS, OTHER_PLACES = 0.35, 0.3, 0.5, 0.15
DAY_WEIGHS = 0.3
"""What a line on the asked weekday is worth."""
FIRST_LINES = 0.12
"""Authors put the general answer first and the exceptions after it."""
NARROW = 0.25
"""What a line on a narrower subject than the question's loses, by how rare that subject is."""
ASIDE = 0.05
"""What a line that denies something nobody asked about loses."""
SUBJECT = 3
"""Topic words at the start of a line that say what it is about."""
LISTING = 0.3
TITLED = 0.3
TELLING = 0.8
"""Weight, against the heaviest, of a word of the question that some line has to have."""
CLOSE_TO_BEST, CLOSE_ENOUGH, MANY_WORDS = 0.3, 0.7, 4
"""How far behind the best line others may be; further where the question has many topic words: who tells a
story asks for less with more words, and their nearness to each line says less."""

_DENIES = re.compile(r"\b(?:not|cannot|no|never|without|nothing|except|\w+n't)\b", re.IGNORECASE)
_UNCERTAIN = re.compile(r"(?:if|when|unless)\b", re.IGNORECASE)
_ASKS_FOR_A_LIST = re.compile(
    r"^\W*(?:which|what) \w+(?:s|ies)\b|\blist\b|\bwhich (?:ones|all)\b|\bwhat (?:all|kind|kinds|types?)\b",
    re.IGNORECASE,
)


def best_lines(
    question: Question, lines: Sequence[str], snapshot: Snapshot, *, title: str = "", limit: int = 3
) -> tuple[int, ...]:
    """Indices of at most `limit` lines that answer best, best first; empty for no lines.

    Others are taken as far as they answer nearly as well and are not beside the question.
    """
    if not lines:
        return ()
    scores = score_lines(question, lines, snapshot, title=title)
    first, *others = (int(number) for number in np.argsort(-scores, kind="stable"))
    chosen = _led_by(question, first, lines, snapshot)
    beside = _beside(question, lines)
    if first in beside and len(chosen) == 1:
        first = next(number for number in (first, *others) if number not in beside)
        chosen = [first]
    least = scores[first] - (CLOSE_ENOUGH if len(question.terms) >= MANY_WORDS else CLOSE_TO_BEST)
    close = (n for n in others if n not in chosen and n not in beside and scores[n] >= least)
    return (*chosen, *close)[:limit]


def _beside(question: Question, lines: Sequence[str]) -> frozenset[int]:
    """Lines that state the asked kind of value for something else than the line which names what is asked.

    Asked for a king size sheet, the sizes of single and double sheets are beside the question; so are they
    where another line says that there is none in king size.
    """
    kinds = asked_kinds(question.english)
    denying = [bool(kinds) and _denies(line) for line in lines]
    stating = [n for n, line in enumerate(lines) if denying[n] or kinds & kinds_in(line)]
    said = {number: set(tokens(lines[number])) for number in stating}
    counts = Counter(word for words in said.values() for word in words)
    single = [term for term in question.terms if counts[term.term] == 1]
    own, pointing = {t.term for t in single}, {t.term for t in single if not asked_kinds(t.word)}
    named = any(pointing & said[number] for number in stating)
    lists = _lists_beside(question, [frozenset(tokens(line)) for line in lines])
    beside = lists | {number for number in stating if named and not own & said[number]}
    return beside if len(beside) < len(lines) else frozenset()


def _denies(line: str) -> bool:
    """Whether the line says that there is none; "if none comes" does not."""
    return _DENIES.search(line) is not None and _UNCERTAIN.match(line) is None


def _lists_beside(question: Question, said: Sequence[frozenset[str]]) -> frozenset[int]:
    """Lines on many countries, where others are on just those that are asked about."""
    asked = {term.term for term in question.terms if term.term[0] == "="}
    places = [{word for word in words if word[0] == "="} for words in said]
    own = set().union(*(found for found in places if found <= asked))
    return frozenset(
        n for n, found in enumerate(places) if found & asked and not found <= asked and asked <= own
    )


def _led_by(question: Question, first: int, lines: Sequence[str], snapshot: Snapshot) -> list[int]:
    """The best line, or what a line that names the asked thing leads to.

    "Delivery to metro cities takes 2 days" answers for Mumbai because another line says that it is one.
    """
    kinds = asked_kinds(question.english)
    telling = TELLING * max((snapshot.weight(term) for term in question.terms), default=0.0)
    told = [term for term in _unsaid(question.terms, lines[first]) if snapshot.weight(term) >= telling]
    naming = [n for n, line in enumerate(lines) if told and len(_unsaid(told, line)) < len(told)]
    if not naming or not kinds or kinds & kinds_in(lines[naming[0]]):
        return [first]
    asked = {term.term for term in question.terms}
    everywhere = Counter(word for line in lines for word in set(tokens(line)))
    bridge = {word for word in tokens(lines[naming[0]]) if everywhere[word] == 2} - asked
    reached = [n for n, line in enumerate(lines) if n != naming[0] and bridge & set(tokens(line))]
    fitting = [number for number in reached if kinds & kinds_in(lines[number])]
    return [fitting[0], naming[0]] if fitting else [first, naming[0]]


def score_lines(
    question: Question, lines: Sequence[str], snapshot: Snapshot, *, title: str = ""
) -> NDArray[np.float64]:
    """How well each line answers; comparable within one passage only."""
    asked = snapshot.embedder.embed(list(question.wordings))
    meaning = snapshot.embedder.embed(list(lines)) @ asked.T
    scores: NDArray[np.float64] = meaning.max(axis=1).astype(np.float64)
    said = [frozenset(tokens(line)) for line in lines]
    scores += WORDS_WEIGH * _covered(question, said, snapshot, frozenset(tokens(title)))
    kinds = asked_kinds(question.english)
    scores += [KIND_WEIGHS * bool(kinds & kinds_in(line)) for line in lines]
    scores += _on_places({term.term for term in question.terms if term.term[0] == "="}, said)
    days = {term.term for term in question.terms} & WEEKDAYS
    scores += [DAY_WEIGHS * bool(days & words) for words in said]
    scores -= _asides(question, lines, said, snapshot)
    scores += [FIRST_LINES / (1 + number) for number in range(len(lines))]
    if _ASKS_FOR_A_LIST.search(question.english):
        scores += [LISTING * min(line.count(",") + line.count(" and "), 3) / 3 for line in lines]
    return scores


def _covered(
    question: Question, said: Sequence[frozenset[str]], snapshot: Snapshot, titled: frozenset[str]
) -> NDArray[np.float64]:
    """The share of the question's words in each line; what the title says, all lines are about."""
    weights = {term.term: snapshot.weight(term) for term in question.terms}
    total = sum(weights.values()) or 1.0
    weights = {term: weight * (TITLED if term in titled else 1.0) for term, weight in weights.items()}
    return np.array([sum(w for term, w in weights.items() if term in words) / total for words in said])


def _on_places(asked: set[str], said: Sequence[frozenset[str]]) -> NDArray[np.float64]:
    """Lines on the asked country first, and those that name it alone before lists; others last."""
    scores = np.zeros(len(said))
    if any(asked & words for words in said):
        for number, words in enumerate(said):
            others = any(word[0] == "=" for word in words - asked)
            scores[number] = PLACE_WEIGHS - OTHER_PLACES * others if asked & words else -PLACE_WEIGHS * others
    return scores


def _asides(
    question: Question, lines: Sequence[str], said: Sequence[frozenset[str]], snapshot: Snapshot
) -> NDArray[np.float64]:
    """A penalty for lines on something that the question does not name, and more if they deny it."""
    everywhere = Counter(word for words in said for word in words)
    asked = {term.term for term in question.terms}
    penalties = np.zeros(len(lines))
    for number, line in enumerate(lines):
        own = {word for word in said[number] if everywhere[word] == 1}
        subject = [word for word in tokens(line)[:SUBJECT] if word not in asked and everywhere[word] <= 2]
        penalties[number] = NARROW * max((snapshot.lexical.rarity(word) for word in subject), default=0.0)
        if _DENIES.search(line) and not own & asked:
            penalties[number] += ASIDE
    return penalties


def _unsaid(terms: Sequence[Term], line: str) -> tuple[Term, ...]:
    words = set(tokens(line))
    return tuple(term for term in terms if term.term not in words)
