"""A customer's question as retrieval reads it: wordings to embed, topic words, typing errors mended."""

from dataclasses import dataclass

from language.normalise import Normalised, normalise
from retrieval.cities import with_countries
from retrieval.embed import Embedder
from retrieval.lexical import Lexical, term_of
from retrieval.words import function_words, surface


@dataclass(frozen=True)
class Term:
    """One topic word of a question."""

    word: str
    term: str
    """Its stem, or `=country`."""
    known: bool
    """Whether the company's passages have it (after mending)."""
    foreign: bool
    """Whether it may be a Hinglish word that no glossary knows."""


@dataclass(frozen=True)
class Question:
    """A question read against one company's words."""

    original: str
    english: str
    """Glossed and mended, one line."""
    hinglish: bool
    terms: tuple[Term, ...]

    @property
    def wordings(self) -> tuple[str, ...]:
        """The texts to embed."""
        return (self.english, self.original) if self.hinglish else (self.english,)


def read(text: str, lexical: Lexical, embedder: Embedder) -> Question:
    """Gloss, mend typing errors against the company's vocabulary, and pick the topic words."""
    text = with_countries(text, lexical)
    reading = normalise(text)
    hinglish = any(reading.hinglish)
    words = surface(_english(text, reading, lexical) if hinglish else text)
    ignored = function_words()
    said: list[str] = []
    terms: dict[str, Term] = {}
    for word in words:
        term = term_of(word)
        known = word in ignored or lexical.knows(term)
        common = embedder.commonness(word) > 0
        mended = None if known or common else lexical.mend(word)
        said.append(mended or word.lstrip("=").replace("_", " "))
        if word in ignored:
            continue
        stemmed = term_of(mended) if mended else term
        foreign = hinglish and not (known or mended or common)
        terms.setdefault(stemmed, Term(mended or word, stemmed, known or mended is not None, foreign))
    changed = hinglish or any(term.word not in words for term in terms.values())
    return Question(text, " ".join(said) if changed else text, hinglish, tuple(terms.values()))


def without_places(question: Question) -> str:
    """The question in English words without the countries that it names."""
    return " ".join(word.replace("_", " ") for word in surface(question.english) if word[0] != "=")


def _english(text: str, reading: Normalised, lexical: Lexical) -> str:
    """The glossed text with the countries that the company knows and the gloss lost: `us` reads as "that"."""
    kept = set(surface(reading.english))
    lost = [word for word in surface(text) if word[0] == "=" and word not in kept and lexical.knows(word)]
    return " ".join([reading.english, *(word.lstrip("=").replace("_", " ") for word in dict.fromkeys(lost))])
