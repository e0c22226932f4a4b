"""Which way a quantity bounds: "within 48 hours" ends where "after 48 hours" begins."""

import re
from collections.abc import Sequence
from typing import Literal

from language.quantities import Fact, mark

Limit = Literal["most", "least", ""]

_MOST_BEFORE = re.compile(
    r"\b(?:up ?to|within|under|below|until|till|before|(?:at most|max(?:imum)?)(?: of)?"
    r"|(?:less|fewer|lower|younger|shorter|sooner|earlier) than|not (?:over|above|after|more than))\s*$"
)
_LEAST_BEFORE = re.compile(
    r"\b(?:over|above|after|from|since|beyond|starting(?: at| from)?|(?:at least|min(?:imum)?)(?: of)?"
    r"|exceed(?:s|ing)?|(?:more|higher|older|longer|later|greater) than)\s*$"
)
_MOST_BEHIND = re.compile(
    r"^\s*(?:tak|ke (?:andar|bheetar|bhitar)|se (?:kam|neeche|niche|pehle|pahle|chh?ot[aei])|below|upto"
    r"|(?:ya|or) (?:(?:us ?se )?kam|less|fewer|under|below|shorter|younger|cheaper))\b"
)
_LEAST_BEHIND = re.compile(
    r"^\s*(?:ke baad|se (?:zyada|jyada|upar|adhik|shuru|bad[aei]|lamb[aei])|above|onwards?"
    r"|(?:ya|or|and|aur) (?:(?:us ?se )?(?:zyada|jyada|upar|adhik)|more|above|over|longer|older))\b"
)
_POINTS = frozenset({"time", "date", "weekday", "month"})


def bounds(text: str, facts: Sequence[Fact]) -> dict[str, tuple[Fact, Limit]]:
    """Return each fact of a text that `quantities.marked` made, by its mark, with the way it bounds."""
    found: dict[str, tuple[Fact, Limit]] = {}
    for place, fact in enumerate(facts):
        before, char, behind = text.partition(mark(place))
        if char:
            found[char] = fact, limit(fact, before, behind)
    return found


def limit(fact: Fact, before: str, behind: str) -> Limit:
    """Return whether a fact is the most or the least of what is meant, by the text around it; "" if neither.

    A point in time is an end with `by`, and a beginning with `se`.
    """
    is_point = fact.kind in _POINTS
    if _MOST_BEFORE.search(before) or _MOST_BEHIND.search(behind):
        return "most"
    if is_point and re.search(r"\bby\s*$", before):
        return "most"
    if _LEAST_BEFORE.search(before) or _LEAST_BEHIND.search(behind):
        return "least"
    return "least" if is_point and re.match(r"\s*se\b", behind) else ""
