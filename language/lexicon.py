"""The reviewed word lists behind the normaliser: what is English, what is Hinglish, what it means.

The lists are data (`language/data`): Hinglish words with their spellings, verb roots whose forms are
generated, phrases of several words, English words of the trade and common English ones. A word in none of
them is looked up by a key that forgets how it is spelled (`spelling_key`), then as a typing error.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from language.files import rows, words
from language.stem import stem


@dataclass(frozen=True, slots=True)
class Word:
    """A known Hinglish word: its canonical spelling, English meaning (empty: function word), verb root."""

    canonical: str
    english: str
    root: str


_COLLAPSE = re.compile(r"(.)\1+")
_MIN_TYPO_LENGTH = 5


@cache
def support_words() -> frozenset[str]:
    """English words of the support trade."""
    return words("support_words.txt")


@cache
def _english_words() -> frozenset[str]:
    return support_words() | words("english_words.txt")


@cache
def _english_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in _english_words() if len(word) > 3)


@lru_cache(maxsize=50_000)
def is_english(word: str) -> bool:
    """Tell whether the lower-case `word` is in the English lists, inflected or not."""
    return word in _english_words() or (len(word) > 3 and stem(word) in _english_stems())


@cache
def hinglish_words() -> dict[str, Word]:
    """Every known spelling of a Hinglish word; the earlier line has a spelling that two words claim."""
    found: dict[str, Word] = {}
    for canonical, english, *spellings in rows("hinglish_words.tsv"):
        word = Word(canonical, "" if english == "-" else english, canonical)
        for spelling in (canonical, *" ".join(spellings).replace("?", "").split()):
            found.setdefault(spelling, word)
    verbs = rows("hinglish_verbs.tsv")
    for roots, english, irregular in verbs:
        root = roots.split()[0]
        for form in irregular.replace("?", "").split():
            found.setdefault(form, Word(form, english.replace("-", ""), root))
    for roots, english, _ in verbs:
        for form, canonical in _regular_forms(roots.split()):
            found.setdefault(form, Word(canonical, english.replace("-", ""), roots.split()[0]))
    return found


@cache
def _endings(kind: str) -> tuple[str, ...]:
    return tuple(
        ending for name, endings in rows("verb_endings.tsv") if name == kind for ending in endings.split()
    )


def _regular_forms(roots: list[str]) -> Iterator[tuple[str, str]]:
    main = roots[0]
    endings = _endings("vowel" if main[-1] in "aeiou" else "consonant")
    for root in roots:
        yield root, main
        for ending in endings:
            yield root + ending, main + ending


@cache
def _by_key() -> dict[str, Word]:
    found: dict[str, Word] = {}
    for spelling, word in hinglish_words().items():
        found.setdefault(spelling_key(spelling), word)
    return found


@cache
def phrases() -> dict[tuple[str, ...], str]:
    """English for the roots of several words in a row."""
    return {
        tuple(_root(word) for word in said.split()): english for said, english in rows("hinglish_phrases.tsv")
    }


def _root(word: str) -> str:
    known = hinglish_words().get(word)
    return known.root if known else stem(word)


@cache
def _typo_targets() -> dict[str, tuple[str, ...]]:
    """Long words that a typing error is repaired to, by first letter."""
    targets = support_words() | {w.canonical for w in hinglish_words().values()}
    grouped: dict[str, list[str]] = {}
    for word in sorted(targets):
        if len(word) >= _MIN_TYPO_LENGTH:
            grouped.setdefault(word[0], []).append(word)
    return {letter: tuple(group) for letter, group in grouped.items()}


@cache
def _folds() -> tuple[tuple[str, str], ...]:
    return tuple((written, heard) for written, heard in rows("spelling_folds.tsv"))


def spelling_key(word: str) -> str:
    """Return what stays of a Hinglish word when long vowels, doubled letters and final nasals are ignored."""
    for written, kept in _folds():
        word = word.replace(written, kept)
    word = _COLLAPSE.sub(r"\1", word)
    if len(word) > 3 and word[-1] in "nm" and word[-2] in "aeiou":
        word = word[:-1]
    return word


@lru_cache(maxsize=50_000)
def find_hinglish(word: str) -> Word | None:
    """Return the Hinglish word that the lower-case `word` spells, even if English has the spelling too."""
    known = hinglish_words().get(word)
    if known is not None or is_english(word) or len(word) < 3 or not word.isalpha():
        return known
    return hinglish_words().get(_COLLAPSE.sub(r"\1", word)) or _by_key().get(spelling_key(word))


@lru_cache(maxsize=50_000)
def repair(word: str) -> str:
    """Return the known long word that `word` is a typing error of, else `word`."""
    if len(word) < _MIN_TYPO_LENGTH or not word.isalpha() or is_english(word):
        return word
    best, best_distance = word, 1 if len(word) < 8 else 2
    for target in _typo_targets().get(word[0], ()):
        distance = OSA.distance(word, target, score_cutoff=best_distance)
        if distance < best_distance or (distance == best_distance and best == word):
            best, best_distance = target, distance
    return best
