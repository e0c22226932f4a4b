"""What a typed word may be: English, Hinglish in any spelling, or a typing error of either.

English is told by lists of words of the trade and common words. A word that neither they nor the glossary
have, nor the commonest words of a large vocabulary ("Korean", "pocket"), is looked up by a key that forgets
how it is spelled (`spelling_key`), then as a typing error.
"""

import re
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from language.files import rows, words
from language.glossary import Entry, Word, entries, forms, read, stems
from language.stem import stem
from language.word_vectors import is_common

_COLLAPSE = re.compile(r"(.)\1+")
_SOFT = re.compile(r"[aeiouhy]")
_MIN_TYPO_LENGTH = 5


@cache
def support_words() -> frozenset[str]:
    """English words of the support trade."""
    return words("support_words.txt")


@cache
def place_names() -> frozenset[str]:
    """Names of places, which are no other word in another spelling."""
    return words("place_names.txt")


@cache
def _english_words() -> frozenset[str]:
    return support_words() | words("english_words.txt")


@cache
def _english_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in _english_words() if len(word) > 3)


def is_listed_english(word: str) -> bool:
    """Tell whether the English lists have the lower-case `word`, or what it is the plural of."""
    listed = _english_words()
    return word in listed or (len(word) > 3 and word[-1] == "s" and word[:-1] in listed)


@lru_cache(maxsize=50_000)
def is_english(word: str) -> bool:
    """Tell whether the lower-case `word` is in the English lists, inflected or not."""
    if is_listed_english(word):
        return True
    inflected = len(word) > 3 and (word[-1] != "e" or word.endswith("able"))
    return inflected and stem(word) in _english_stems()


@cache
def _by_consonants() -> dict[str, list[Entry]]:
    """The entries whose forms may begin with these consonants."""
    found: dict[str, list[Entry]] = {}
    for entry in entries():
        for key in {consonants(start) for start in (*stems(entry), *entry.irregular)}:
            found.setdefault(key, []).append(entry)
    return found


@cache
def _sounding(entry: Entry) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for form in forms(entry):
        found.setdefault(consonants(form), []).append(form)
    return found


@lru_cache(maxsize=50_000)
def _alike(key: str) -> dict[str, Word]:
    """Return every form with these consonants and the word it is."""
    found: dict[str, Word] = {}
    for size in range(len(key), 0, -1):
        for entry in _by_consonants().get(key[:size], ()):
            for form in _sounding(entry).get(key, ()):
                found.setdefault(form, forms(entry)[form])
    return found


@lru_cache(maxsize=50_000)
def guess_hinglish(word: str) -> Word | None:
    """Return the Hinglish word that `word` spells, or is with a vowel or an `h` dropped or changed."""
    known = find_hinglish(word)
    if (
        known
        or is_common(word)
        or word in place_names()
        or len(word) < 4
        or not word.isalpha()
        or is_english(word)
        or repair(word) != word
    ):
        return known
    alike = _alike(consonants(word))
    near = process.extractOne(
        word,
        [form for form in alike if len(form) > 3 and len(consonants(form)) > 1],
        scorer=OSA.distance,
        score_cutoff=2 - (len(word) < 6),
    )
    return alike[near[0]] if near else None


@cache
def phrases() -> dict[tuple[str, ...], str]:
    """English for several words in a row: for the very forms that are listed, and for any forms of them."""
    listed = [(said.split(), english) for said, english in rows("hinglish_phrases.tsv")]
    found = {tuple(_canonical(word) for word in said): english for said, english in listed}
    for said, english in listed:
        found.setdefault(tuple(_root(word) for word in said), english)
    return found


def _canonical(word: str) -> str:
    known = read(word)
    return known.canonical if known else word


def _root(word: str) -> str:
    known = read(word)
    return known.root if known else stem(word)


@cache
def _typo_targets() -> dict[str, tuple[str, ...]]:
    """Long English words that a typing error is repaired to, by first letter."""
    targets = support_words() | {e.spellings[0] for e in entries() if e.spellings[0] == e.english}
    grouped: dict[str, list[str]] = {}
    for word in sorted(targets):
        if len(word) >= _MIN_TYPO_LENGTH:
            grouped.setdefault(word[0].replace("w", "v"), []).append(word)
    return {letter: tuple(group) for letter, group in grouped.items()}


@cache
def _folds() -> tuple[tuple[str, str], ...]:
    return tuple((written, heard) for written, heard in rows("spelling_folds.tsv"))


@lru_cache(maxsize=50_000)
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
    """Return the Hinglish word that the lower-case `word` spells, even if English has the spelling too.

    A form made by rule that is an English word (`late`, of `la`) is taken for that; a place is a name.
    """
    if word in place_names():
        return None
    english = is_english(word)
    known = read(word, only_listed=english)
    if known is not None or english or len(word) < 3 or not word.isalpha() or is_common(word):
        return known
    collapsed = read(_COLLAPSE.sub(r"\1", word))
    if collapsed is not None:
        return collapsed
    key = spelling_key(word)
    return next((word for form, word in _alike(consonants(word)).items() if spelling_key(form) == key), None)


@lru_cache(maxsize=50_000)
def repair(word: str) -> str:
    """Return the known long word that `word` is a typing error of, else `word`."""
    voweled = _with_vowels(word)
    if (
        voweled != word
        or len(word) < _MIN_TYPO_LENGTH
        or not word.isalpha()
        or is_english(word)
        or is_common(word)
        or word in place_names()
    ):
        return voweled
    limit = 1 if len(word) < 8 else 2
    near = process.extractOne(
        word, _typo_targets().get(word[0].replace("w", "v"), ()), scorer=OSA.distance, score_cutoff=limit
    )
    return str(near[0]) if near else word


@lru_cache(maxsize=50_000)
def _with_vowels(word: str) -> str:
    """Return the word of the trade that `word` is without some vowels (`agnt`, `prcess`), else `word`."""
    if len(word) < 4 or not word.isalpha() or is_english(word) or is_common(word):
        return word
    fuller = (target for target in _trade_consonants().get(consonants(word), ()) if len(target) > len(word))
    return next((target for target in fuller if OSA.distance(word, target) <= 1 + (len(word) > 6)), word)


@cache
def _trade_consonants() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in sorted(support_words()):
        found.setdefault(consonants(word), []).append(word)
    return {key: tuple(listed) for key, listed in found.items() if len(key) > 2}
