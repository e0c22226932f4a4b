"""Write spelled numbers as digits: "two weeks", "do hafte", "dedh ghanta", "paanch sau rupaye", "5 lakh"."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from language.text import fold_digits
from language.translit import transliterate

_MARKS = str.maketrans({"×": "x", "–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-", "’": "'", "\u00a0": " "})
_COMMA = re.compile(r"(?<=\d),(?=\d{2,3}(?:\D|$|,))")
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
_GAP = re.compile(r"[\s-]+|\s+and\s+")
_ARTICLE = re.compile(
    r"\b(within|in|for|takes?|least|than|after|before|about|around|up ?to|under|lasts?|once|every)"
    r" (?:an?) (?=(?:second|minute|hour|day|week|fortnight|month|year)\b)"
)
_TIMES = (
    (
        re.compile(
            r"(?<!at )\bonce\b(?! (?:you|the|your|we|our|it|he|she|they|this|that|i|an?|its?)\b"
            r"(?! (?:second|minute|hour|day|week|month|year)))"
        ),
        "1 times",
    ),
    (re.compile(r"\btwice\b"), "2 times"),
    (re.compile(r"\bthrice\b"), "3 times"),
)
_DAY_BEFORE = re.compile(r"\b(?:the|a) (?=(?:day|week|month|year) (?:before|earlier|after|later)\b)")
_HALF = re.compile(r"\bhalf an? (?=(?:minute|hour|day|year|met(?:er|re)|lit(?:er|re)|foot|inch|mile|kilo)\b)")


@cache
def data() -> dict[str, Any]:
    """Return the tables of `data/quantities.toml`."""
    return tomllib.loads((files("language") / "data" / "quantities.toml").read_text("utf-8"))


def fold(text: str) -> str:
    """Return `text` for reading quantities: lower case, ASCII digits, no digit grouping, plain dashes."""
    plain = transliterate(fold_digits(text)) if not text.isascii() else text
    return _COMMA.sub("", plain.translate(_MARKS).casefold())


@lru_cache(maxsize=8192)
def digits(text: str) -> str:
    """Return `text` folded, with spelled numbers as digits where they count something."""
    return to_digits(fold(text))


def to_digits(folded: str) -> str:
    """Return folded text with spelled numbers as digits where they count something."""
    for word, count in _TIMES:
        folded = word.sub(count, folded)
    folded = _ARTICLE.sub(r"\1 1 ", _DAY_BEFORE.sub("1 ", _HALF.sub("0.5 ", folded)))
    pieces: list[str] = []
    at = 0
    for start, end, value in _runs(folded):
        pieces += [folded[at:start], f"{value:g}" if value < 1e6 else f"{value:.0f}"]
        at = end
    return "".join(pieces) + folded[at:]


def _runs(text: str) -> Iterator[tuple[int, int, float]]:
    """Yield `(start, end, value)` of each spelled number in `text`."""
    numbers, multipliers = data()["numbers"], data()["multipliers"]
    words = list(_WORD.finditer(text))
    i = 0
    while i < len(words):
        j = i
        while j < len(words) and _continues(text, words, i, j, numbers, multipliers):
            j += 1
        run = words[i:j]
        if run and _counts(text, run, words[j].group() if j < len(words) else ""):
            yield run[0].start(), run[-1].end(), _value([word.group() for word in run])
        i = max(j, i + 1)


def _continues(
    text: str,
    words: list[re.Match[str]],
    i: int,
    j: int,
    numbers: dict[str, float],
    multipliers: dict[str, float],
) -> bool:
    """Tell whether word `j` goes on with the number that began at word `i`."""
    word = words[j].group()
    is_number = word in numbers or word[0].isdigit()
    if j == i:
        return is_number or word in {
            "hundred",
            "thousand",
            "hazaar",
            "hazar",
            "sau",
            "lakh",
            "crore",
            "million",
        }
    if not _GAP.fullmatch(text[words[j - 1].end() : words[j].start()]) and not (
        words[j - 1].end() == words[j].start() and word in multipliers
    ):
        return False
    if word in multipliers:
        return words[j - 1].group() not in multipliers or multipliers[word] > 100
    before = words[j - 1].group()
    if before in multipliers:
        return is_number and not word[0].isdigit()
    is_tens = numbers.get(before, 0) in {20, 30, 40, 50, 60, 70, 80, 90} and before.endswith("ty")
    return is_tens and 0 < numbers.get(word, 0) < 10


def _counts(text: str, run: list[re.Match[str]], after: str) -> bool:
    """Tell whether the run is a number here: an ambiguous single word needs a unit behind it."""
    first = run[0].group()
    if len(run) > 1:
        return True
    if first[0].isdigit():
        return False
    if first in data()["multipliers"]:
        return first in {"lakh", "crore", "hundred", "thousand", "million"} and text[
            : run[0].start()
        ].endswith("a ")
    if first not in data()["words"]["ambiguous"]:
        return True
    return after in _units() or _before_plural(text, run[0], first, after)


def _before_plural(text: str, word: re.Match[str], spelled: str, after: str) -> bool:
    """Tell whether an ambiguous word counts things: inside a sentence, before a plural (teen parts)."""
    counts = spelled in {"do", "teen", "tin", "char"} and bool(text[: word.start()].strip())
    return counts and len(after) > 3 and after.endswith("s") and not after.endswith(("ss", "us", "is"))


@cache
def _units() -> frozenset[str]:
    tables = ("durations", "currency", "lengths", "measures")
    words = {word for table in tables for word in data()[table]} - {"in", "m", "g"}
    return frozenset(
        words | {"percent", "pratishat", "feesad", "baje", "baar", "times", "photos", "business", "working"}
    )


def _value(words: list[str]) -> float:
    total = current = 0.0
    numbers, multipliers = data()["numbers"], data()["multipliers"]
    for word in words:
        if word in multipliers and word not in numbers:
            current = (current or 1.0) * multipliers[word]
            if multipliers[word] >= 1000:
                total, current = total + current, 0.0
        else:
            current += numbers[word] if word in numbers else float(word)
    return total + current
