"""The words that the claim checker compares: stems, synonyms, opposites and rival classes.

English words become stems, Hinglish ones their English meaning first, so that a Hinglish sentence and an
English passage meet in one vocabulary. The lists are data (`data/claims.toml`).
"""

import re
import tomllib
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Any

from language.lexicon import find_hinglish, is_english
from language.normalise import normalise
from language.number_words import data as quantity_data
from language.stem import stem
from language.text import tokens

_SUFFIX = re.compile(
    r"(?:|[eyisaontdr]|es|ed|er|or|al|an|ly|ing|ion|ian|ment|able|ness|ation|ive|ies|ish|ity|ance|ence)"
)
_CAPITALISED = re.compile(r"\b[A-Z][a-z]+\b")
_DENIALS = ("un", "non")
_HINGLISH_SHARE = 0.2


@cache
def data() -> dict[str, Any]:
    """Return the word lists of `data/claims.toml`."""
    return tomllib.loads((files("language") / "data" / "claims.toml").read_text("utf-8"))


@cache
def stop() -> frozenset[str]:
    """Return the words that carry no claim."""
    return frozenset(data()["stop"])


@cache
def negators() -> frozenset[str]:
    """Return the words that deny."""
    return frozenset(data()["negators"])


@cache
def _synonyms() -> dict[str, str]:
    """Return stem -> the stem that stands for its group; groups that share a word are one."""
    found: dict[str, str] = {}
    for line in data()["synonyms"]:
        group = [_cut(word) for word in line.split()]
        head = next((found[word] for word in group if word in found), group[0])
        joined = {found[word] for word in group if word in found}
        found.update({word: head for word, other in found.items() if other in joined})
        found.update(dict.fromkeys(group, head))
    return found


@cache
def _opposites() -> dict[str, Any]:
    return tomllib.loads((files("language") / "data" / "opposites.toml").read_text("utf-8"))


@cache
def _no_forms() -> frozenset[str]:
    return frozenset(_opposites()["no_forms"].split())


@cache
def _sides() -> dict[str, tuple[int, int]]:
    """Return word -> the (axis, side) that it takes, from the scales of `data/opposites.toml`."""
    return {
        word: (axis, place)
        for axis, scale in enumerate(_opposites()["scales"])
        for place, words in enumerate(scale)
        for word in words.split()
    }


@lru_cache(maxsize=16384)
def side(word: str) -> tuple[int, int] | None:
    """Return the (axis, side) of a word, or of the word that it is a form of; None if it has none."""
    if word in _sides():
        return _sides()[word]
    bases = () if word in _no_forms() else _bases(word)
    return next((place for base in bases if (place := _sides().get(base))), None)


def _bases(word: str) -> Iterator[str]:
    """Yield what `word` may be a form of: charged, charge; exceeds, exceed; bigger, big; easily, easy."""
    for ending in ("ed", "ing", "s", "es", "er", "est", "ly", "ally"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= 3:
            yield from (base, base + "e")
            if base[-1] == "i":
                yield base[:-1] + "y"
            elif base[-1] == base[-2]:
                yield base[:-1]


def sides(words: Collection[str]) -> frozenset[tuple[int, int]]:
    """Return the sides of opposites that a clause with these words takes.

    A word such as `until` yields to a plain word of its axis: "until a day after" says after.
    """
    weak = data()["yielding"]
    named = [place for word in words if word not in weak and (place := side(word))]
    axes = {axis for axis, _ in named}
    named += [place for word in words if word in weak and (place := side(word)) and place[0] not in axes]
    return frozenset(named)


@cache
def _axes() -> dict[str, int]:
    found: dict[str, int] = {}
    for word, (axis, _) in _sides().items():
        found.setdefault(content_stem(word), axis)
    return found


def axis(stem: str) -> int | None:
    """Return the axis of opposites on which a content stem lies; None if on none."""
    return _axes().get(stem)


@cache
def rivals() -> dict[str, int]:
    """Return stem -> the class of words of which a sentence means exactly one (red, blue; hot, cold)."""
    return {
        content_stem(word): number for number, line in enumerate(data()["rivals"]) for word in line.split()
    }


@cache
def _phrases() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Return the phrases that stand for one word as one pattern, and the words in the order of its groups."""
    listed = data()["phrases"]
    any_of = "|".join(f"({phrase})" for phrase in listed)
    return re.compile(rf"\b(?:{any_of})\b", re.IGNORECASE), tuple(listed.values())


@cache
def _measured_until() -> re.Pattern[str]:
    tables = quantity_data()
    units = {word for name in ("durations", "currency", "lengths", "measures") for word in tables[name]}
    listed = "|".join(re.escape(word) for word in sorted(units, key=len, reverse=True))
    return re.compile(rf"(\b(?:{listed})|[₹$€£]\s?[\d,.]+)\s+tak\b", re.IGNORECASE)


def folded(text: str) -> str:
    """Return `text` with phrases of several words as the one word that they mean (free of charge: free).

    `tak` behind an amount means up to it, behind a time until then.
    """
    pattern, words = _phrases()
    text = _measured_until().sub(r"\1 upto", text)
    return pattern.sub(lambda match: words[(match.lastindex or 1) - 1], text)


@cache
def _glossary() -> dict[str, str]:
    """Return Hinglish word -> English meaning, for words that the normaliser reads as something else."""
    return {word: meaning for meaning, words in data()["glossary"].items() for word in words.split()}


def read(text: str, hinglish: bool, names: Collection[str] = ()) -> tuple[str, ...]:
    """Return the words of `text`, those of a Hinglish one in English.

    `names` stay as they are, and so does a capitalised word that spells no Hinglish one.
    """
    if not hinglish:
        return tokens(text)
    meant: list[str] = []
    capital = {word.casefold() for word in _CAPITALISED.findall(text)}
    kept = {word for word in capital.union(names) - _glossary().keys() if find_hinglish(word) is None}
    for kind, run in groupby(tokens(text), key=lambda word: _kind(word, kept)):
        if kind == "glossary":
            meant += [_glossary()[word] for word in run]
        else:
            word = " ".join(run)
            meant += (word if kind == "name" else normalise(word).english).split()
    return tuple(meant)


def _kind(word: str, names: Collection[str]) -> str:
    return "name" if word in names else "glossary" if word in _glossary() else "word"


@cache
def plain_verbs() -> frozenset[str]:
    """Return the stems of verbs by which a paraphrase may be put without a change of fact."""
    return frozenset(content_stem(word) for word in data()["verbs"].split())


def is_known(word: str) -> bool:
    """Tell whether a lower-case word is in a list of either language."""
    return (
        is_english(word) or is_english(stem(word)) or word in _glossary() or find_hinglish(word) is not None
    )


@cache
def calendar_words() -> frozenset[str]:
    """Return the names of days and months, in both languages."""
    return frozenset({*quantity_data()["weekdays"], *quantity_data()["months"]})


@cache
def _number_units() -> frozenset[str]:
    tables = quantity_data()
    words = {
        word for name in ("durations", "currency", "lengths", "measures", "weekdays") for word in tables[name]
    }
    words |= set(tables["months"]) - {"may", "march"}
    return frozenset(words | {"percent", "baje", "am", "pm"})


@cache
def number_stems() -> frozenset[str]:
    """Return the stems of spelled numbers, which are compared as typed facts."""
    tables = quantity_data()
    return frozenset(content_stem(word) for name in ("numbers", "ordinals") for word in tables[name])


@lru_cache(maxsize=16384)
def content_stem(word: str) -> str:
    """Return the stem under which `word` is compared; "" for a word that carries no claim."""
    if (
        word in stop()
        or word in negators()
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
    denies = stem.startswith(_DENIALS)
    near = [other for other in others if (denies or other.startswith(_DENIALS)) and other != stem]
    return bool(near) and any(
        same_stem(prefix + stem, other)
        or (stem.startswith(prefix) and same_stem(stem.removeprefix(prefix), other))
        for prefix in _DENIALS
        for other in near
    )
