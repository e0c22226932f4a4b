"""The weighted rules of `data/safety.toml`: what they look like once their concepts are filled in."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

_CONCEPT = re.compile(r"<(\w+)>")
_GAP = re.compile(r" ~(\d+) ")
_FIRST_PERSON = re.compile(
    r"\b(?:i|we|he|she|they|one|people|users|workers|students|who|main|maine|mujhe|hum|humne)\b"
    r"(?:\W+(?!you\b|tum\b|aap\b)\w+){0,2}\W*$"
    r"|\b(?:don'?t|do not|never|not to|should not|avoid|cannot|kabhi)\W*$"
)
_QUOTES = re.compile(r"[\"“«][^\"”»]{3,}[\"”»]")
_MOST = 8
_QUOTED_SHARE, _REPORTED_SHARE = 0.5, 0.4


@dataclass(frozen=True, slots=True)
class Rule:
    """One weighted pattern of a family."""

    family: str
    name: str
    weight: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched: its name, its weight after discounts, and the words that raised it."""

    family: str
    name: str
    weight: float
    evidence: str


@cache
def data() -> dict[str, Any]:
    """Return `data/safety.toml`."""
    return tomllib.loads((files("language") / "data" / "safety.toml").read_text("utf-8"))


@cache
def rules() -> tuple[Rule, ...]:
    """Return every pattern of every rule, compiled."""
    return tuple(
        Rule(rule["family"], rule["name"], rule["weight"], re.compile(_expanded(pattern)))
        for rule in data()["rule"]
        for pattern in rule["patterns"]
    )


def _expanded(pattern: str) -> str:
    """Fill in the concepts (whole words) and gaps of a pattern."""
    concepts = data()["concepts"]
    gapped = _GAP.sub(lambda gap: rf"(?:\W+[\w']+){{0,{gap[1]}}}?\W+", pattern)

    def words(match: re.Match[str]) -> str:
        if match[1] not in concepts:
            return match[0]
        return rf"(?<!\w)(?:{'|'.join(concepts[match[1]])})(?!\w)"

    filled = _CONCEPT.sub(words, gapped)
    return rf"(?<!\w){filled}" if filled[0].isalpha() or filled.startswith(r"(?:") else filled


def search(view: str) -> Iterator[Hit]:
    """Yield the rules that match `view`, a lower-case Latin reading of a message.

    Words in quotation marks beside others weigh half; so does what the customer says he or she did.
    """
    quotes = [match.span() for match in _QUOTES.finditer(view)]
    for rule in rules():
        found = islice(rule.pattern.finditer(view), _MOST)
        match = max(found, key=lambda match: _discount(rule, view, match, quotes), default=None)
        if match:
            yield Hit(
                rule.family, rule.name, rule.weight * _discount(rule, view, match, quotes), match.group()[:80]
            )


def _discount(rule: Rule, view: str, match: re.Match[str], quotes: list[tuple[int, int]]) -> float:
    share = 1.0
    if rule.family != "code" and any(
        left <= match.start() and match.end() <= right for left, right in quotes
    ):
        share *= _QUOTED_SHARE
    if rule.family == "injection" and _FIRST_PERSON.search(view[: match.start()]):
        share *= _REPORTED_SHARE
    return share
