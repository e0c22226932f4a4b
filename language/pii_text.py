"""The text as the personal-data finder sees it: ASCII digits, no invisible characters, places kept.

Redaction has to cut spans out of the text exactly as the customer typed it, so the folded text carries for
every character the place it came from.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LABEL_REACH = 32
"""How many characters may stand between a label ("card number") and its number."""
_AFTER_REACH = 24
_DIGIT = re.compile(r"\d")
_OWN_NUMBER = re.compile(r"[\s:=#-]{0,3}(?:(?:is|no|number|id|hai)\W{1,2})?\d", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;।\n]\s|[!?;।\n]")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` for matching; `origin[i]` is the place of its character `i` in the customer's text."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the customer's text behind `text[start:end]`."""
        return self.origin[start], self.origin[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of personal data in the folded text; `value` is normalised (digits without separators)."""

    kind: str
    start: int
    end: int
    value: str


@cache
def data() -> dict[str, Any]:
    """Return the word lists of `data/pii.toml`."""
    return tomllib.loads((files("language") / "data" / "pii.toml").read_text("utf-8"))


def fold(text: str) -> Folded:
    """Return `text` with the digits of all scripts as ASCII and without format characters."""
    if text.isascii():
        return Folded(text, tuple(range(len(text))))
    chars: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        folded = _fold_char(char)
        chars.append(folded)
        origin.extend([place] * len(folded))
    return Folded("".join(chars), tuple(origin))


def _fold_char(char: str) -> str:
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category == "Zs":
        return " "
    if category == "Pd":
        return "-"
    composed = unicodedata.normalize("NFKC", char)
    return composed if len(composed) == 1 else char


def word_pattern(words: list[str]) -> str:
    """Return an alternation of `words`, longest first, that matches whole words only."""
    ordered = sorted(words, key=len, reverse=True)
    return rf"(?<![\w])(?:{'|'.join(re.escape(word) for word in ordered)})(?![\w])"


@cache
def _labels() -> re.Pattern[str]:
    kinds: dict[str, list[str]] = data()["labels"]
    owner = {word: kind for kind, words in kinds.items() for word in words}
    ordered = sorted(owner, key=len, reverse=True)
    parts = [f"(?P<{owner[w]}_{n}>{re.escape(w)})" for n, w in enumerate(ordered)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Labels:
    """Where the text names a kind of number."""

    text: str
    places: tuple[tuple[int, int, str], ...]

    def before(self, start: int) -> str:
        """Return the kind named last before `start`, with no other number in between, or ""."""
        for left, right, kind in reversed(self.places):
            if right <= start:
                gap = self.text[right:start]
                near = len(gap) <= LABEL_REACH and not _DIGIT.search(gap)
                return kind if near and left < start else ""
        return ""

    def after(self, end: int) -> str:
        """Return the kind named first after `end` in the same sentence ("482913 mera otp hai"), or ""."""
        for left, right, kind in self.places:
            if left >= end:
                gap = self.text[end:left]
                parted = bool(_DIGIT.search(gap) or _SENTENCE_END.search(gap) or "," in gap)
                blocked = parted or bool(_OWN_NUMBER.match(self.text, right))
                return "" if len(gap) > _AFTER_REACH or blocked else kind
        return ""

    def of(self, start: int, end: int) -> str:
        """Return the kind that the words around `start..end` name: before first, then after."""
        return self.before(start) or self.after(end)


def labels(folded: Folded) -> Labels:
    """Find every label word of `folded`."""
    places = [
        (match.start(), match.end(), str(match.lastgroup).rpartition("_")[0])
        for match in _labels().finditer(folded.text)
    ]
    return Labels(folded.text, tuple(places))
