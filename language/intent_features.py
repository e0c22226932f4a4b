"""Name the features by which the intent classifier reads a message.

Four groups: canonical words and pairs, English concepts (so that English and Hinglish share what was
learned), letters of those concepts (for words nobody listed) and the shape of the message. A feature's column
is a hash of its name, so the model needs no vocabulary, and what spoke for a verdict can still be named.
"""

import re
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from language.lexicon import is_english, support_words
from language.normalise import Normalised, normalise
from language.stem import stem

COLUMNS = 1 << 16
_GROUP_WEIGHTS = {"w": 1.0, "e": 1.3, "c": 1.3, "s": 0.35}
_PIN, _ORDER_LIKE = re.compile(r"\d{6}"), re.compile(r"(?=.*\d)[\w-]{4,}")
_MIN_LETTERS, _MAX_WORDS = 3, 60


@lru_cache(maxsize=100_000)
def column(name: str) -> int:
    """Return the column of a feature, the same on every machine."""
    return crc32(name.encode("utf-8", "replace")) % COLUMNS


def features(text: str) -> dict[str, float]:
    """Return the features of `text` and their weights; a group weighs the same however long the text is."""
    return features_of(normalise(text), text)


def features_of(normal: Normalised, text: str) -> dict[str, float]:
    """Return the features of a text that is already read; the group is what stands before the colon."""
    groups = {
        "w": _words(normal),
        "e": _concepts(normal),
        "c": _letters(normal),
        "s": _shape(normal, text),
    }
    weighted: dict[str, float] = {}
    for group, names in groups.items():
        unique = dict.fromkeys(names)
        scale = 1.0 if group == "s" else len(unique) ** -0.5 if unique else 0.0
        weighted.update(dict.fromkeys(unique, _GROUP_WEIGHTS[group] * scale))
    return weighted


def _masked(word: str) -> str:
    if not any(char.isdigit() for char in word):
        return word
    if _PIN.fullmatch(word):
        return "<pin>"
    return "<id>" if _ORDER_LIKE.fullmatch(word) else "<n>"


def _words(normal: Normalised) -> list[str]:
    said = [_masked(word) for word in normal.tokens[:_MAX_WORDS]]
    return [f"w:{word}" for word in said] + [f"w:{a} {b}" for a, b in pairwise(("^", *said, "$"))]


def _concepts(normal: Normalised) -> list[str]:
    said = [stem(_masked(word)) for word in normal.english.split()[:_MAX_WORDS]]
    pairs = [f"e:{a} {b}" for a, b in pairwise(said)]
    apart = [f"e:{a} _ {c}" for a, c in zip(said, said[2:], strict=False)]
    return [f"e:{word}" for word in said] + pairs + apart


def _letters(normal: Normalised) -> list[str]:
    return [gram for word in normal.english.split()[:_MAX_WORDS] for gram in _grams(_masked(word))]


@lru_cache(maxsize=20_000)
def _grams(word: str) -> tuple[str, ...]:
    if len(word) < _MIN_LETTERS or word[0] == "<":
        return ()
    framed = f"_{word}_"
    return tuple(f"c:{framed[i : i + n]}" for n in (3, 4) for i in range(len(framed) - n + 1))


def _shape(normal: Normalised, text: str) -> list[str]:
    length = len(normal.tokens)
    size = next((limit for limit in (1, 2, 4, 7, 12, 20) if length <= limit), 99)
    known = sum(word in support_words() for word in normal.english.split())
    strange = sum(
        not hinglish and word.isalpha() and not is_english(word)
        for word, hinglish in zip(normal.tokens, normal.hinglish, strict=True)
    )
    return [
        "s:always",
        f"s:words<={size}",
        f"s:trade words {min(known, 3)}",
        f"s:unknown words {min(strange, 3)}",
        f"s:question {'?' in text}",
        f"s:number {any(char.isdigit() for char in text)}",
    ]
