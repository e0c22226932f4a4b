"""Find unsolicited messages: prizes, premium numbers, dating, quick money, marketing services.

One sign proves nothing (customers do say "free" and "call"); several kinds of signs together do.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from language.risk_rules import Hit
from language.text import clean

_ENOUGH = 0.8
"""The sum of signs that counts one half."""


@dataclass(frozen=True, slots=True)
class _Sign:
    name: str
    weight: float
    patterns: tuple[re.Pattern[str], ...]


@cache
def _signs() -> tuple[_Sign, ...]:
    table = tomllib.loads((files("language") / "data" / "spam.toml").read_text("utf-8"))
    return tuple(
        _Sign(
            sign["name"],
            sign["weight"],
            tuple(re.compile(p, 0 if "A-Z" in p else re.IGNORECASE) for p in sign["patterns"]),
        )
        for sign in table["sign"]
    )


def spam(text: str) -> list[Hit]:
    """Return one hit of the family `spam` whose weight grows with the signs found, or nothing."""
    plain = clean(text)
    found = [(sign, sum(bool(p.search(plain)) for p in sign.patterns)) for sign in _signs()]
    total = sum(sign.weight * (1 + 0.5 * (min(count, 3) - 1)) for sign, count in found if count)
    if total == 0:
        return []
    names = ", ".join(sign.name for sign, count in found if count)
    return [Hit("spam", "spam", min(0.95, total / _ENOUGH * 0.5), names)]
