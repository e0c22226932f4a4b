"""What speaks for and against a passage answering a question, as numbers; nothing here knows a domain.

Near is not enough: the words of the question that the passage lacks, weighed by how telling they are, and
the kind of value that is asked for say whether it is this question that the passage answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.expected import asked_kinds, insists, kinds_in
from retrieval.question import Question, Term
from retrieval.snapshot import Nearness, Snapshot
from retrieval.words import tokens

_MEASURES = frozenset({"amount", "duration", "size"})
"""Kinds of which a customer states an own value: a rule on amounts answers for a cart of 650."""
_BEYOND = frozenset({"history", "owner", "meaning", "edition", "comparison"})
"""What is asked about a fact beyond the fact itself; as why it is so, few who state a fact state this too."""


@dataclass(frozen=True)
class Missing:
    """A topic word of the question that the passage lacks."""

    term: Term
    weight: float
    nearest: float
    """Cosine with the passage's nearest word: 1 is a synonym, about .3 is unrelated."""


class Features:
    """The features of each passage for one question."""

    def __init__(
        self, snapshot: Snapshot, question: Question, near: Nearness, lexical: NDArray[np.float64]
    ) -> None:
        self._snapshot, self._question, self._near, self._lexical = snapshot, question, near, lexical
        asked = asked_kinds(question.english)
        self._beyond, self._asked = asked & (_BEYOND | {"reason"}), asked - _BEYOND - {"reason"}
        self._insists = insists(question.english)
        self._given = (kinds_in(question.original) | self._asked) & _MEASURES
        self._weights = {term.term: snapshot.weight(term) for term in question.terms}
        self._total = sum(self._weights.values())
        self._lacked: dict[int, list[Missing]] = {}

    def of(self, number: int, margin: float) -> dict[str, float]:
        """Named features of the passage with this number; `margin`: its lead over the next other one."""
        question, text = float(self._near.question[number]), float(self._near.text[number])
        wordless = not self._snapshot.passages[number].text
        if wordless:
            text = question  # nothing but phrasings: they speak for the text that is not there
        missing = self.missing(number)
        lost = [gap.weight * (1.0 - gap.nearest) for gap in missing if not gap.term.foreign]
        owed = self._owed(number)
        return {
            "question": question,
            "text": text,
            "best": max(question, text),
            "exact": max(0.0, max(question, text) - 0.75),
            "margin": max(-0.3, min(margin, 0.3)),
            "lexical": float(self._lexical[number]),
            "covered": 1.0 - self._share(gap.weight for gap in missing),
            "lost": self._share(lost),
            "worst": max(lost, default=0.0),
            "unknown": max(
                (g.weight for g in missing if not g.term.known and not g.term.foreign), default=0.0
            ),
            "foreign": float(any(gap.term.foreign for gap in missing)),
            "place": float(any(gap.term.term[0] == "=" for gap in missing)),
            "elsewhere": float(self._is_elsewhere(number)),
            "named": float(self._is_named(number)),
            "number": float(any(gap.term.word[0].isdigit() for gap in missing)),
            "asked": float(bool(self._asked)),
            "kind": float(bool(owed & self._asked)),
            "unreasoned": float("reason" in owed),
            "beyond": float(bool(owed - self._asked - {"reason"})),
            "owed": float(self._insists and bool(owed & self._asked)),
            "unkind": self._unkind(number) if self._states_values(number) else 0.0,
            "focus": self._focus(missing),
            "short": 1.0 / (1.0 + len(self._question.terms)),
            "hinglish": float(self._question.hinglish),
            **self._beside(self._near.phrase(number)),
        }

    def _beside(self, phrase: str) -> dict[str, float]:
        """How the question differs from the nearest phrasing: another word in its place is telling."""
        said = list(dict.fromkeys(tokens(phrase)))
        asked = {term.term for term in self._question.terms}
        gaps = [
            self._weights[term.term] * (1.0 - self._snapshot.kinship(term, said))
            for term in self._question.terms
            if term.term not in said and not term.foreign
        ]
        extra = [self._snapshot.lexical.rarity(term) for term in said if term not in asked]
        shared = sum(self._weights[term] for term in asked if term in said)
        return {
            "swapped": self._share(gaps),
            "swap": max(gaps, default=0.0),
            "extra": min(1.0, sum(extra) / 3.0),
            "shared": self._share([shared]),
            "traded": max(gaps, default=0.0) * max(extra, default=0.0),
        }

    def _is_elsewhere(self, number: int) -> bool:
        """Whether the passage is on one country and the question on another, whatever its phrasings name."""
        asked = {term.term for term in self._question.terms if term.term[0] == "="}
        passage = self._snapshot.passages[number]
        named = {term for term in tokens(f"{passage.title}. {passage.heading}") if term[0] == "="}
        return bool(asked and named) and not asked & (named | set(tokens(passage.text)))

    def _is_named(self, number: int) -> bool:
        """Whether the passage is on the very country that the question names."""
        passage = self._snapshot.passages[number]
        asked = {term.term for term in self._question.terms if term.term[0] == "="}
        return bool(asked & set(tokens(f"{passage.title}. {passage.heading}")))

    def _unkind(self, number: int) -> float:
        """How far the best line that states the asked kind of value is from what is asked about, 0..1."""
        if not self._asked:
            return 0.0
        passage = self._snapshot.passages[number]
        lines = [line for line in passage.lines if self._asked & kinds_in(line)]
        return min((self._unsaid(f"{line} {passage.heading}") for line in lines), default=1.0)

    def _unsaid(self, line: str) -> float:
        said = tokens(line)
        return self._share(
            self._weights[term.term] * (1.0 - self._snapshot.kinship(term, said))
            for term in self._question.terms
            if term.term not in said
        )

    def _focus(self, missing: Iterable[Missing]) -> float:
        """How much the most telling word of the question is missing."""
        top = max(self._weights.values(), default=0.0)
        return max((1.0 - gap.nearest for gap in missing if gap.weight == top and top > 0), default=0.0)

    def _share(self, weights: Iterable[float]) -> float:
        return sum(weights) / self._total if self._total else 0.0

    def missing(self, number: int) -> list[Missing]:
        """The question's topic words that the passage lacks, with the nearest thing it has."""
        if number not in self._lacked:
            self._lacked[number] = self._missing(number)
        return self._lacked[number]

    def _missing(self, number: int) -> list[Missing]:
        has = self._snapshot.lexical.terms[number]
        given = self._given & self._stated(number)
        return [
            Missing(
                term, self._weights[term.term], 0.0 if term.foreign else self._snapshot.kinship(term, has)
            )
            for term in self._question.terms
            if term.term not in has and not (given and term.word[0].isdigit())
        ]

    def reasons(self, number: int) -> tuple[str, ...]:
        """What the passage lacks of the question, for the trace."""
        gaps = sorted(self.missing(number), key=lambda gap: (-gap.weight * (1 - gap.nearest), gap.term.word))
        lacks = [f"no {gap.term.word.lstrip('=').replace('_', ' ')}" for gap in gaps if gap.nearest < 1.0]
        return tuple(lacks + [f"states no {kind}" for kind in sorted(self._owed(number))])

    def _owed(self, number: int) -> frozenset[str]:
        """The kinds of value that are asked for and that the passage lacks."""
        wanted = self._asked | self._beyond
        return wanted - self._stated(number) if wanted and self._states_values(number) else frozenset()

    def _states_values(self, number: int) -> bool:
        """Not what consists of phrasings only, and not what a company does not do: that has no price."""
        passage = self._snapshot.passages[number]
        return bool(passage.text) and passage.kind != "limit"

    def _stated(self, number: int) -> frozenset[str]:
        """The kinds of value that the passage states; not looked for where the question has none."""
        wanted = self._asked or self._beyond or self._given
        return kinds_in(self._snapshot.passages[number].text) if wanted else frozenset()
