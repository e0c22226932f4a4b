"""One company's knowledge as one search sees it: passages, their words, their vectors, all of one version.

Small companies are searched exactly, in memory; large ones ask the vector store.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.embed import FEW, Embedder, Matrix
from retrieval.kinship import WordVectors, has_meaning
from retrieval.lessons import joint
from retrieval.lexical import Lexical
from retrieval.passages import Passage, Search
from retrieval.question import Question, Term
from retrieval.recent import Recent
from retrieval.rows import rows_of
from retrieval.taught import THIN, Taught, thinness
from retrieval.vectors import Stored, Vectors
from retrieval.words import gloss, tokens

EXACT_UP_TO = 16000
"""Rows up to which an exact product costs less than a query of the store."""
NEAREST = 40
VOTERS = 12
"""Nearest phrasings that vote on the passage."""
TITLE_WEIGHT = 2.0
EVERYDAY = 0.9
"""Commonness from which a word tells less: the 3,000 commonest of English."""
SETTLED = 0.7
"""Cosine with a phrasing of a new entry from which a question is no longer one that is not covered."""


@dataclass(frozen=True)
class Nearness:
    """Cosines of one query with each passage, shape (passages,); 0 where unknown."""

    question: NDArray[np.float32]
    text: NDArray[np.float32]
    phrase: Callable[[int], str]
    """The authored phrasing of a passage that is nearest, or empty."""
    phrasings: Callable[[int], NDArray[np.float32]]
    """Cosines with all known phrasings of a passage, in no order."""
    nearest: tuple[tuple[int, float], ...]
    """(passage, cosine) of the nearest phrasings of all, nearest first, at most VOTERS."""
    rows: Matrix | None = None
    """Cosines of every phrasing with every wording, where all are known."""

    @property
    def best(self) -> NDArray[np.float32]:
        """The nearer of the two, per passage."""
        return np.maximum(self.question, self.text)


class Snapshot:
    """Passages of one version with what is needed to search them; not changed after it is made."""

    def __init__(
        self,
        company_id: str,
        passages: Sequence[Passage],
        *,
        stored: Stored | None,
        missing: int,
        store: Vectors,
        embedder: Embedder,
        texts: Mapping[str, str],
        taught: Taught | None = None,
    ) -> None:
        """`stored`: the rows that fit the passages, or None when the store failed; `missing` of them lack."""
        self.company_id = company_id
        self.passages = tuple(passages)
        self.missing = missing
        self.degraded = bool(passages) and (stored is None or missing > 0)
        self.lexical = Lexical(
            [fields_of(passage) for passage in passages],
            [text for passage in passages for text in (passage.title, passage.heading, passage.text)],
        )
        self._numbers = {passage.id: number for number, passage in enumerate(passages)}
        self._store, self.embedder = store, embedder
        self.searches: Recent[Search] = Recent()
        """What this version was asked a moment ago, and found."""
        self.curated = np.array([passage.kind == "entry" for passage in passages], np.float64)
        self.limits = np.array([passage.kind == "limit" for passage in passages], np.bool_)
        self.gaps = np.array([passage.kind == "gap" for passage in passages], np.bool_)
        self.thin = thinness(passages)
        self.said = [frozenset(tokens(passage.text)) for passage in passages]
        self._words = WordVectors(self.lexical, embedder)
        rows = stored.row_ids if stored else ()
        self._texts = texts
        self._taught = taught
        columns = taught.passage_ids if taught else ()
        places = [(at, self._numbers[key]) for at, key in enumerate(columns) if key in self._numbers]
        self.has_lessons = bool(places)
        self._columns = np.array(places, np.int64).reshape(-1, 2)
        self._blocks: dict[str, _Block] | None = None
        self._shared: _Shared | None = None
        self._rows: dict[str, tuple[str, int]] = {}
        if stored and len(stored.vectors) == len(rows):
            owners = np.array([self._numbers[passage] for passage in stored.passage_ids], np.int64)
            roles = np.array(stored.roles)
            self._blocks = {
                role: _Block(
                    owners[roles == role], stored.vectors[roles == role], np.array(rows)[roles == role]
                )
                for role in ("question", "text")
            }
            self._settle(self._blocks["question"])
            if taught:
                self._shared = _Shared(taught.lessons.vectors, self._blocks["question"].vectors)
        elif stored:
            owned = zip(rows, stored.roles, stored.passage_ids, strict=True)
            self._rows = {row: (role, self._numbers[passage]) for row, role, passage in owned}

    def _settle(self, asked: "_Block") -> None:
        """Forget what was declared not covered and is asked by an entry that somebody added since."""
        new = [asked.vectors[asked.part(int(number))] for number in np.flatnonzero(self.thin >= THIN)]
        for gap in np.flatnonzero(self.gaps) if new else ():
            declared = asked.vectors[asked.part(int(gap))]
            declared[(declared @ np.concatenate(new).T).max(axis=1) >= SETTLED] = 0.0

    def phrasings(self, number: int) -> list[str]:
        """The authored phrasings of a passage, also glossed, with its title."""
        return [row.text for row in rows_of(self.passages[number]) if row.role == "question"]

    def weight(self, term: Term) -> float:
        """How much a topic word of a question tells, 0..1: rare here, and not a word that is everywhere."""
        if not has_meaning(term):
            return 1.0
        common = self.embedder.commonness(term.word)
        everyday = max(0.0, (common - EVERYDAY) / (1.0 - EVERYDAY))
        return self.lexical.rarity(term.term) * (1.0 - 0.7 * everyday)

    def wordings(self, question: Question) -> Matrix:
        """The vectors of a question's wordings, shape (wordings, DIMENSIONS).

        Those of the words that will be compared are made at the same time, so that no one waits for each.
        """
        texts = [*question.wordings, *self._words.lacking(question.terms)]
        return self.embedder.embed(texts[: FEW - 1])[: len(question.wordings)]

    def kinship(self, term: Term, terms: Iterable[str]) -> float:
        """How near a word is to the nearest of other `terms`: 1 a synonym, 0 unrelated."""
        return self._words.nearest(term, terms) if has_meaning(term) else 0.0

    def taught(self, question: Question, near: Nearness) -> NDArray[np.float32]:
        """How much the question belongs to each passage by what phrasings teach: about 0 to 1; 0 unlearnt."""
        found = np.zeros(len(self.passages), np.float32)
        if self._taught is not None and len(self._columns):
            wordings = self.wordings(question)
            lessons = self._taught.lessons
            if self._shared is not None and near.rows is not None:
                cosines = self._shared.cosines(near.rows, wordings)
            else:
                cosines = lessons.vectors @ wordings.T
            scores = lessons.scores(cosines, joint(question.original, question.english))
            found[self._columns[:, 1]] = scores[self._columns[:, 0]]
        return found

    def near(self, wordings: Matrix) -> Nearness:
        """How near each passage is to a query, by its nearest wording. Raises RetrievalUnavailable."""
        if self._blocks is None:
            return self._asked_of_store(wordings)
        asked, size = self._blocks["question"], len(self.passages)
        rows = asked.vectors @ wordings.T
        cosines = rows.max(axis=1)
        text = self._blocks["text"].best(self._blocks["text"].cosines(wordings), size)
        nearest = functools.partial(asked.nearest_row, cosines)
        return Nearness(
            asked.best(cosines, size),
            text,
            lambda number: self._texts.get(nearest(number), ""),
            lambda number: cosines[asked.part(number)],
            asked.nearest(cosines),
            rows,
        )

    def _asked_of_store(self, wordings: Matrix) -> Nearness:
        found = {role: np.zeros(len(self.passages), np.float32) for role in ("question", "text")}
        rows: dict[str, float] = {}
        for nearest_rows in self._store.nearest(self.company_id, wordings, NEAREST) if self._rows else ():
            for row, cosine in nearest_rows:
                rows[row] = max(rows.get(row, 0.0), cosine)
        nearest: list[tuple[int, float]] = []
        phrases: dict[int, str] = {}
        for row, cosine in sorted(rows.items(), key=lambda pair: -pair[1]):
            if row in self._rows:
                role, number = self._rows[row]
                found[role][number] = max(found[role][number], cosine)
                if role == "question":
                    phrases.setdefault(number, self._texts.get(row, ""))
                    nearest.append((number, cosine))

        def phrasings(number: int) -> NDArray[np.float32]:
            return np.array([cosine for owner, cosine in nearest if owner == number], np.float32)

        question, text = found["question"], found["text"]
        return Nearness(
            question, text, lambda number: phrases.get(number, ""), phrasings, tuple(nearest[:VOTERS])
        )


class _Shared:
    """The texts of the lessons that are rows as well, so that a question is compared with them once."""

    def __init__(self, vectors: Matrix, rows: Matrix) -> None:
        places = {row.tobytes(): number for number, row in enumerate(rows)}
        self._rows = np.array([places.get(vector.tobytes(), -1) for vector in vectors], np.int64)
        self._others = np.ascontiguousarray(vectors[self._rows < 0])

    def cosines(self, rows: Matrix, wordings: Matrix) -> Matrix:
        """Of each text of the lessons with each wording, from those of the rows."""
        found = rows[self._rows]
        found[self._rows < 0] = self._others @ wordings.T
        return found


class _Block:
    """Rows of one role, grouped by passage so that one pass finds each passage's nearest row."""

    def __init__(self, owners: NDArray[np.int64], vectors: Matrix, rows: NDArray[np.str_]) -> None:
        order = np.argsort(owners, kind="stable")
        self._ids = rows[order]
        self.vectors = np.ascontiguousarray(vectors[order])
        self._of = owners[order]
        self._owners, self._starts = np.unique(self._of, return_index=True)

    def cosines(self, wordings: Matrix) -> NDArray[np.float32]:
        """The best cosine of each row with any of the wordings."""
        found: NDArray[np.float32] = (self.vectors @ wordings.T).max(axis=1)
        return found

    def best(self, cosines: NDArray[np.float32], size: int) -> NDArray[np.float32]:
        """The best cosine of each passage."""
        found = np.zeros(size, np.float32)
        if len(self._owners):
            found[self._owners] = np.maximum.reduceat(cosines, self._starts)
        return found

    def part(self, number: int) -> slice:
        """The rows of a passage."""
        at = int(np.searchsorted(self._owners, number))
        if at == len(self._owners) or self._owners[at] != number:
            return slice(0, 0)
        end = int(self._starts[at + 1]) if at + 1 < len(self._starts) else len(self._of)
        return slice(int(self._starts[at]), end)

    def nearest_row(self, cosines: NDArray[np.float32], number: int) -> str:
        """The id of a passage's nearest row, or empty."""
        part = self.part(number)
        return str(self._ids[part][int(np.argmax(cosines[part]))]) if part.stop > part.start else ""

    def nearest(self, cosines: NDArray[np.float32]) -> tuple[tuple[int, float], ...]:
        """(passage, cosine) of the nearest rows of all, nearest first."""
        count = min(VOTERS, len(cosines))
        some = np.argpartition(-cosines, count - 1)[:count] if count else np.zeros(0, np.int64)
        order = some[np.argsort(-cosines[some], kind="stable")]
        return tuple((int(self._of[row]), float(cosines[row])) for row in order)


def fields_of(passage: Passage) -> list[tuple[str, float]]:
    """The texts whose words find a passage, with their weights."""
    questions = dict.fromkeys(form for text in passage.questions for form in (text, gloss(text)))
    return [
        (passage.title, TITLE_WEIGHT),
        (passage.heading, 1.0),
        *((question, 1.0) for question in questions),
        *((line, 1.0) for line in passage.lines),
    ]
