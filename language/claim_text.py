"""A sentence as the claim checker reads it: its content words, names, clauses and their polarity.

English words become stems, Hinglish ones their English meaning first, so that a Hinglish sentence and an
English passage meet in one vocabulary.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from language.lexicon import find_hinglish, is_english
from language.normalise import normalise
from language.number_words import data as quantity_data
from language.quantities import Fact, facts
from language.stem import stem
from language.text import clean, sentences, tokens
from language.translit import transliterate

_CLAUSE_MARKS = re.compile(r"[,;:()\u2014\u2013]|\s-\s|।")
_NAME = re.compile(r"(?<![\w@./-])[A-Z][\w'’]*(?:[-.&][A-Za-z]\w*)*")
_ENGLISH_ENDING = re.compile(r"(?:s|ly|ing|ed|ion|er|or|ness|ment|able|al|ful|y)$")
_SUFFIX = re.compile(
    r"(?:|[eyisaontdr]|es|ed|er|or|al|an|ly|ing|ion|ian|ment|able|ness|ation|ive|ies|ish|ity|ance|ence)"
)
_MAX_SENTENCES = 400
_DENIALS = ("un", "non")
_HINGLISH_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its content stems, whether it is negated, and which side of which opposites it names."""

    stems: frozenset[str]
    negated: bool
    sides: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with everything that is compared; `text` is exactly as in its source."""

    text: str
    stems: tuple[str, ...]
    names: tuple[str, ...]
    facts: tuple[Fact, ...]
    clauses: tuple[Clause, ...]
    whole: Clause
    hinglish: bool


@cache
def data() -> dict[str, Any]:
    """Return the word lists of `data/claims.toml`."""
    return tomllib.loads((files("language") / "data" / "claims.toml").read_text("utf-8"))


@cache
def _stop() -> frozenset[str]:
    return frozenset(data()["stop"])


@cache
def _negators() -> frozenset[str]:
    return frozenset(data()["negators"])


@cache
def _joints() -> frozenset[str]:
    return frozenset(data()["joints"])


@cache
def _synonyms() -> dict[str, str]:
    """Return stem -> the stem that stands for its group."""
    groups = [[_cut(word) for word in line.split()] for line in data()["synonyms"]]
    return {word: group[0] for group in reversed(groups) for word in group}


@cache
def _sides() -> dict[str, tuple[tuple[int, int], ...]]:
    """Return word or stem -> the (pair, side) places it has among the opposites."""
    found: dict[str, set[tuple[int, int]]] = {}
    for number, pair in enumerate(data()["opposites"]):
        for side, words in enumerate(pair):
            for word in words.split():
                found.setdefault(word, set()).add((number, side))
    return {word: tuple(sorted(places)) for word, places in found.items()}


def sides(word: str) -> tuple[tuple[int, int], ...]:
    """Return the (pair, side) places of a word or stem among the opposites."""
    return _sides().get(word, ())


@cache
def _number_units() -> frozenset[str]:
    tables = quantity_data()
    words = {
        word for name in ("durations", "currency", "lengths", "measures", "weekdays") for word in tables[name]
    }
    return frozenset(words | set(tables["months"]) - {"may", "march"} | {"percent", "baje", "am", "pm"})


@lru_cache(maxsize=16384)
def content_stem(word: str) -> str:
    """Return the stem under which `word` is compared; "" for a word that carries no claim."""
    if (
        word in _stop()
        or word in _negators()
        or word in _number_units()
        or any(char.isdigit() for char in word)
    ):
        return ""
    cut = _cut(word)
    return _synonyms().get(cut, cut)


def _cut(word: str) -> str:
    """Return the stem of `word` with a doubled last consonant made single (shipped, ship)."""
    cut = stem(word) if len(word) > 3 else word
    return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "aeiou" else cut


def is_hinglish(text: str) -> bool:
    """Tell whether a sentence has to be translated before its words can be compared."""
    if not text.isascii() and any("\u0900" <= char <= "\u097f" for char in text):
        return True
    words = tokens(text)
    clear = sum(1 for word in words if not is_english(word) and find_hinglish(word))
    return clear >= max(2.0, _HINGLISH_SHARE * len(words)) or (clear == 1 and len(words) <= 4)


@lru_cache(maxsize=16384)
def parse(text: str) -> Sentence:
    """Return `text`, one sentence, ready for comparison."""
    hinglish = is_hinglish(text)
    plain = clean(text)
    roman = plain if plain.isascii() else transliterate(plain)
    parts = [part for part in _CLAUSE_MARKS.split(roman) if part.strip()]
    clauses = _merged([clause for part in parts for clause in _clauses(part, hinglish)])
    stems = tuple(_stems(roman, hinglish))
    whole = Clause(
        frozenset(stems),
        sum(clause.negated for clause in clauses) % 2 == 1,
        frozenset().union(*(clause.sides for clause in clauses)) if clauses else frozenset(),
    )
    return Sentence(text, stems, names(roman, hinglish), facts(text), tuple(clauses), whole, hinglish)


@lru_cache(maxsize=2048)
def parse_all(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a passage, ready for comparison."""
    return tuple(parse(sentence) for sentence in sentences(text)[:_MAX_SENTENCES])


def _stems(text: str, hinglish: bool) -> list[str]:
    words = normalise(text).english.split() if hinglish else tokens(text)
    return [cut for word in words if (cut := content_stem(word))]


def _clauses(part: str, hinglish: bool) -> list[Clause]:
    """Cut at joining words; the words behind a joint open the next clause."""
    words = tokens(part)
    cuts = [0, *(i for i, word in enumerate(words) if i and word in _joints()), len(words)]
    return [_clause(words[left:right], hinglish) for left, right in pairwise(cuts) if left < right]


def _clause(words: tuple[str, ...], hinglish: bool) -> Clause:
    stems = _stems(" ".join(words), hinglish)
    read = tuple(normalise(" ".join(words)).english.split()) if hinglish else words
    negations = max(_count_negators(words), _count_negators(read))
    places = frozenset(place for form in {*words, *read, *stems} for place in sides(form))
    return Clause(frozenset(stems), negations % 2 == 1, places)


def _count_negators(words: tuple[str, ...]) -> int:
    count = 0
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        if word not in _negators() or (word == "not" and after == "only") or (word == "na" and not after):
            continue
        if word == "no" and (after.isdigit() or after in {"matter", "problem", "worries"}):
            continue
        count += 1
    return count


def _merged(clauses: list[Clause]) -> list[Clause]:
    """Join a clause of fewer than two content words to the one before it (or the next, at the start)."""
    joined: list[Clause] = []
    for clause in clauses:
        if joined and (len(clause.stems) < 2 or len(joined[-1].stems) < 2):
            last = joined.pop()
            clause = Clause(
                last.stems | clause.stems, last.negated != clause.negated, last.sides | clause.sides
            )
        joined.append(clause)
    return joined


def names(text: str, hinglish: bool) -> tuple[str, ...]:
    """Return the capitalised names of `text`, lower-cased; for a first word see `_is_name`."""
    if text.isupper():
        return ()
    found: list[str] = []
    for match in _NAME.finditer(text):
        word = match.group().casefold().removesuffix("'s").removesuffix("’s")
        before = text[: match.start()].rstrip(" \"'“‘(«-*•")
        opens = not before or before[-1] in ".!?:"
        if word in data()["not_names"] or any(char.isdigit() for char in word) or word in _stop():
            continue
        if opens and not _is_name(word, match.group(), hinglish):
            continue
        found.append(word)
    return tuple(dict.fromkeys(found))


def _is_name(word: str, typed: str, hinglish: bool) -> bool:
    """Tell whether a sentence's first word is a name: inner capitals, or unknown to both languages.

    In Hinglish an English first word counts too: a reply takes its English nouns from its source.
    """
    if any(char.isupper() for char in typed[1:]):
        return True
    if is_english(word) or is_english(stem(word)):
        return hinglish and bool(content_stem(word)) and find_hinglish(word) is None
    return len(word) > 3 and find_hinglish(word) is None and not _ENGLISH_ENDING.search(word)


def same_stem(first: str, second: str) -> bool:
    """Tell whether two stems are one word: equal, or equal up to an ending (canada, canadian)."""
    if first == second:
        return True
    size = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        size += 1
    return size >= 4 and bool(_SUFFIX.fullmatch(first[size:]) and _SUFFIX.fullmatch(second[size:]))


def is_denied(stem: str, others: frozenset[str]) -> bool:
    """Tell whether `others` has the stem with one denying prefix more or less (used, unused)."""
    near = {other for other in others if other != stem}
    return any(
        same_stem(prefix + stem, other)
        or (stem.startswith(prefix) and same_stem(stem.removeprefix(prefix), other))
        for prefix in _DENIALS
        for other in near
    )
