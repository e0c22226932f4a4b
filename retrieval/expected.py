"""What kind of value a question asks for (an amount, a duration, a size) and whether a text states one."""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files

from retrieval.words import tokens

_NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|sixty|ninety|an?)"
)
_TIME = r"(?:second|minute|min|hour|hr|day|week|month|year|night)s?"

_INSISTS = re.compile(r"\bhow (?:long|soon|much|many)\b|^\W*who\b", re.IGNORECASE)


def asked_kinds(question: str) -> frozenset[str]:
    """The kinds of value that an English (or glossed) question asks for; empty for most questions."""
    return _matching(_patterns()[0], question.lower())


def insists(question: str) -> bool:
    """Whether a question can be answered by nothing but such a value: how long, how much, who."""
    return _INSISTS.search(question) is not None


@functools.lru_cache(16384)
def kinds_in(text: str) -> frozenset[str]:
    """The kinds of value that a text states."""
    folded, cased = _patterns()[1:]
    named = {"place"} if any(word[0] == "=" for word in tokens(text)) else set()
    return _matching(folded, text.lower()) | _matching(cased, text) | named


def _matching(patterns: Mapping[str, re.Pattern[str]], text: str) -> frozenset[str]:
    return frozenset(kind for kind, pattern in patterns.items() if pattern.search(text))


@functools.cache
def _patterns() -> tuple[Mapping[str, re.Pattern[str]], ...]:
    kinds = tomllib.loads((files("retrieval") / "data" / "values.toml").read_text("utf-8"))
    asks, states, cased = (
        {kind: _joined(forms[part]) for kind, forms in kinds.items() if part in forms}
        for part in ("asks", "states", "states_cased")
    )
    return asks, states, cased


def _joined(alternatives: Iterable[str]) -> re.Pattern[str]:
    filled = (form.replace("{number}", _NUMBER).replace("{time}", _TIME) for form in alternatives)
    return re.compile("|".join(filled))
