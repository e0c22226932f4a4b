"""The reviewed word lists behind the normaliser: what is English, what is Hinglish, what it means.

The lists are data (`language/data`): Hinglish words with their spellings, verb roots whose forms are
generated, phrases of several words, English words of the trade and common English ones. A word in none of
them is looked up by a key that forgets how it is spelled (`spelling_key`), then as a typing error.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from language.files import rows, words
from language.stem import stem


@dataclass(frozen=True, slots=True)
class Word:
    """A known Hinglish word: its canonical spelling, English meaning (empty: function word), verb root."""

    canonical: str
    english: str
    root: str

    @property
    def is_loan(self) -> bool:
        """Tell whether this is an English word in a Hinglish spelling."""
        return self.canonical == self.english


_COLLAPSE = re.compile(r"(.)\1+")
_SOFT, _VOWEL = re.compile(r"[aeiouhy]"), re.compile(r"[aeiou]")
_GLIDE = re.compile(r"(?<=[ai])(?=e)|(?<=i)(?=[ao])")
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
    for roots, english, irregular in rows("hinglish_verbs.tsv"):
        forms = [*irregular.replace("?", "").split(), *_regular_forms(roots.split())]
        for form, word in _verb_words(roots.split()[0], "" if english == "-" else english, forms):
            found.setdefault(form, word)
    return found


@cache
def _endings(kind: str) -> tuple[str, ...]:
    return tuple(
        ending for name, endings in rows("verb_endings.tsv") if name == kind for ending in endings.split()
    )


def _regular_forms(roots: list[str]) -> Iterator[str]:
    endings = _endings("vowel" if roots[0][-1] in "aeiou" else "consonant")
    for root in roots:
        yield root
        yield from (root + ending for ending in endings)


def _verb_words(root: str, english: str, forms: list[str]) -> Iterator[tuple[str, Word]]:
    """Yield each form with its word; forms that sound alike share the spelling of the first."""
    first: dict[tuple[str, str], str] = {}
    for form in forms:
        yield form, Word(first.setdefault(_sound(form), form), english, root)


def _sound(form: str) -> tuple[str, str]:
    """Return the consonants of a verb form, a glide written or not (`dia`, `diya`), and its last vowel."""
    glided = _GLIDE.sub("y", _COLLAPSE.sub(r"\1", form))
    return _VOWEL.sub("", glided), glided[-1] if glided[-1] in "aeiou" else ""


@cache
def _by_key() -> dict[str, Word]:
    found: dict[str, Word] = {}
    for spelling, word in hinglish_words().items():
        found.setdefault(spelling_key(spelling), word)
    return found


@cache
def _consonant_index() -> dict[str, tuple[str, ...]]:
    """Spellings of longer Hinglish words by their consonants."""
    found: dict[str, list[str]] = {}
    for spelling in hinglish_words():
        if len(spelling) > 3:
            found.setdefault(consonants(spelling), []).append(spelling)
    return {key: tuple(spellings) for key, spellings in found.items() if len(key) > 1}


@lru_cache(maxsize=50_000)
def guess_hinglish(word: str) -> Word | None:
    """Return the Hinglish word that `word` spells, or is with a vowel or an `h` dropped or changed."""
    known = find_hinglish(word)
    if known or len(word) < 4 or not word.isalpha() or is_english(word) or repair(word) != word:
        return known
    near = process.extractOne(
        word,
        _consonant_index().get(consonants(word), ()),
        scorer=OSA.distance,
        score_cutoff=2 - (len(word) < 6),
    )
    return hinglish_words()[near[0]] if near else None


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
            grouped.setdefault(word[0].replace("w", "v"), []).append(word)
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
def consonants(word: str) -> str:
    """Return the first letter and the consonants of a word, aspirates without their `h`."""
    key = spelling_key(word)
    return key[0] + _SOFT.sub("", key[1:])


@lru_cache(maxsize=50_000)
def find_hinglish(word: str) -> Word | None:
    """Return the Hinglish word that the lower-case `word` spells, even if English has the spelling too."""
    known = hinglish_words().get(word)
    if known is not None or is_english(word) or len(word) < 3 or not word.isalpha():
        return known
    collapsed = hinglish_words().get(_COLLAPSE.sub(r"\1", word))
    return collapsed or _by_key().get(spelling_key(word))


@lru_cache(maxsize=50_000)
def repair(word: str) -> str:
    """Return the known long word that `word` is a typing error of, else `word`."""
    voweled = _with_vowels(word)
    if voweled != word or len(word) < _MIN_TYPO_LENGTH or not word.isalpha() or is_english(word):
        return voweled
    limit = 1 if len(word) < 8 else 2
    near = process.extractOne(
        word, _typo_targets().get(word[0].replace("w", "v"), ()), scorer=OSA.distance, score_cutoff=limit
    )
    return str(near[0]) if near else word


@lru_cache(maxsize=50_000)
def _with_vowels(word: str) -> str:
    """Return the word of the trade that `word` is without some vowels (`agnt`, `prcess`), else `word`."""
    if len(word) < 4 or not word.isalpha() or is_english(word):
        return word
    fuller = (target for target in _trade_consonants().get(consonants(word), ()) if len(target) > len(word))
    return next((target for target in fuller if OSA.distance(word, target) <= 1 + (len(word) > 6)), word)


@cache
def _trade_consonants() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in sorted(support_words()):
        found.setdefault(consonants(word), []).append(word)
    return {key: tuple(listed) for key, listed in found.items() if len(key) > 2}
