"""Typing errors of a message set right before anything reads it; what may be meant as written is left alone.

A word is mended only if no list knows it (English by a dictionary, Hinglish in any spelling, the company's
own words) and exactly one slip of the fingers makes it a word that customers of a support desk use. Ids,
addresses, amounts and capitalised names stay as they are. In an English message the usual short forms are
written out.
"""

import re
from collections.abc import Collection
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from language.files import rows, words
from language.lexicon import (
    find_hinglish,
    guess_hinglish,
    is_english,
    is_listed_english,
    place_names,
    support_words,
)

if TYPE_CHECKING:
    from spellchecker import SpellChecker

_SHORTEST, _LONG, _TWO_SLIPS = 4, 6, 9
_RARE = 200
"""Occurrences in the dictionary's own corpus below which a word may be a typing error itself."""
_USUAL = 300
"""Occurrences from which a word outside our lists may be what was meant."""
_WORD = re.compile(r"(?<![\w@#/.:'’-])[A-Za-z]+(?![\w@/'’]|[.:-]\w)")


def mended(text: str, own: Collection[str] = ()) -> str:
    """The text without its typing errors; `own` are lower-case words of the company, right as they are."""
    found = [match.span() for match in _WORD.finditer(text)]
    hinglish = any(_is_hinglish(text[start:end].lower()) for start, end in found)
    parts: list[str] = []
    done = 0
    for start, end in found:
        word = text[start:end]
        if word.lower() in own or (word[0].isupper() and start > 0 and not text.isupper()):
            continue  # a name
        right = _right(word.lower(), hinglish=hinglish)
        if right != word.lower():
            parts += [text[done:start], right.capitalize() if word[0].isupper() else right]
            done = end
    return "".join([*parts, text[done:]])


@lru_cache(maxsize=50_000)
def _right(word: str, *, hinglish: bool) -> str:
    if not hinglish and (full := _short_forms().get(word)):
        return full
    if len(word) < _SHORTEST or word in place_names() or is_listed_english(word) or _used(word) > _RARE:
        return word
    read = guess_hinglish(word)
    if read is not None:
        return read.canonical if read.is_loan else word
    return _of_the_trade(word) or (None if hinglish else _usual(word)) or word


def _of_the_trade(word: str) -> str | None:
    """The word of our own lists that is one slip away, two in a long word; the more usual one of several."""
    near = process.extract(
        word,
        _targets(word[0]),
        scorer=OSA.distance,
        score_cutoff=2 if len(word) >= _TWO_SLIPS else 1,
        limit=8,
    )
    meant = {target: distance for target, distance, _ in near if _may_be_meant(word, target)}
    least = min(meant.values(), default=0)
    return max((target for target, distance in meant.items() if distance == least), key=_used, default=None)


def _usual(word: str) -> str | None:
    """The usual English word that is one slip away from a long word."""
    if len(word) < _LONG:
        return None
    best = max(_dictionary().candidates(word) or (), key=_used, default=word)
    return best if _used(best) >= _USUAL and best[0] == word[0] else None


def _is_hinglish(word: str) -> bool:
    read = None if is_english(word) else find_hinglish(word)
    return read is not None and not read.is_loan


def _may_be_meant(word: str, target: str) -> bool:
    """A four-letter word is only taken for a word of the trade: `wifi` is no `wife`."""
    return len(word) > _SHORTEST or target in support_words()


def _used(word: str) -> int:
    return int(_dictionary().word_frequency[word])


@cache
def _dictionary() -> "SpellChecker":
    from spellchecker import SpellChecker

    return SpellChecker(language="en", distance=1)


@cache
def _ours() -> frozenset[str]:
    return support_words() | words("english_words.txt")


@cache
def _targets(letter: str) -> tuple[str, ...]:
    """What may be meant by a word with this first letter."""
    return tuple(sorted(word for word in _ours() if word[0] == letter and len(word) >= _SHORTEST))


@cache
def _short_forms() -> dict[str, str]:
    return {row[0]: row[1] for row in rows("short_forms.tsv")}
