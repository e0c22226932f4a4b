"""When two typed facts say the same, and which facts of a claim its source lacks."""

import re
from collections.abc import Sequence

from language.number_words import digits
from language.quantities import Fact, facts

_TOLERANCE = 0.011
_MONTH, _YEAR = 43_200, 525_600  # minutes


def agrees(claimed: Fact, given: Fact) -> bool:
    """Tell whether `given` (in the source) says what `claimed` says."""
    if claimed.kind in {"url", "email", "id"}:
        return claimed.kind == given.kind and _same_text(claimed.text, given.text)
    if claimed.kind == "date" and given.kind == "date":
        return _same_date(claimed, given)
    if claimed.kind == "month" and given.kind == "date":
        return claimed.values[0] in given.values[:2]
    if claimed.kind == "time" and given.kind == "time":
        return _same_time(claimed, given)
    if claimed.kind == given.kind:
        same_unit = claimed.unit == given.unit or (
            claimed.kind == "size" and "" in {claimed.unit, given.unit}
        )
        return same_unit and _same_values(claimed, given)
    if claimed.kind == "duration" and given.kind == "period":
        return _close(claimed.values, given.values)
    if "ordinal" in {claimed.kind, given.kind}:
        return _is_ordinal(claimed) and _is_ordinal(given) and claimed.values == given.values
    if claimed.kind == "number":
        return claimed.values[0] in given.raw
    return given.kind == "number" and claimed.kind != "size" and claimed.raw == given.raw


def _is_ordinal(fact: Fact) -> bool:
    return fact.kind == "ordinal" or fact.text.endswith(("st", "nd", "rd", "th"))


def _same_text(claimed: str, given: str) -> bool:
    strip = str.maketrans("", "", "-_#")
    if claimed.translate(strip) == given.translate(strip):
        return True
    return re.sub(r"^https?://(www\.)?|^www\.", "", claimed) == re.sub(
        r"^https?://(www\.)?|^www\.", "", given
    )


def _same_date(claimed: Fact, given: Fact) -> bool:
    day, month, year = claimed.values
    other_day, other_month, other_year = given.values
    if year and other_year and year != other_year:
        return False
    return (day, month) in {(other_day, other_month), (other_month, other_day)}


def _same_time(claimed: Fact, given: Fact) -> bool:
    first, second = claimed.values[0], given.values[0]
    if -1.0 in {first, second}:
        return first == second
    if claimed.unit and given.unit:
        return first % 1440 == second % 1440
    return first % 720 == second % 720


_UP_TO = re.compile(
    r"\b(?:up ?to|at most|max(?:imum)?|within|under|less than|by|tak|andar|zyada se zyada|no more than)\b"
)
_AT_LEAST = re.compile(r"\b(?:at least|min(?:imum)?|kam se kam|from|starting|se)\b")


def _same_values(claimed: Fact, given: Fact) -> bool:
    """Compare values; both of a range count, and years equal twelve months each."""
    if _close(claimed.values, given.values):
        return True
    return claimed.kind == "duration" and any(
        _close(tuple(v / _MONTH for v in first.values), tuple(v / _YEAR * 12 for v in second.values))
        for first, second in ((claimed, given), (given, claimed))
        if min(first.values) >= _MONTH
    )


def _close(first: tuple[float, ...], second: tuple[float, ...]) -> bool:
    return len(first) == len(second) and all(
        abs(a - b) <= _TOLERANCE for a, b in zip(first, second, strict=True)
    )


def missing(claim: str, given: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the facts of `claim` that no fact of `given` supports.

    One end of a given range counts where the claim says which ("up to 7 days" for 5-7 days).
    """
    folded = digits(claim)
    return tuple(
        fact
        for fact in facts(claim)
        if not any(agrees(fact, other) or _is_end(fact, other, folded) for other in given)
    )


def supported(claim: str, given: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the facts of `claim` that some fact of `given` supports."""
    lacking = missing(claim, given)
    return tuple(fact for fact in facts(claim) if fact not in lacking)


def is_weak(fact: Fact) -> bool:
    """Tell whether a fact may be a manner of speaking: "once" counts where the source counts."""
    return fact.kind in {"period", "ordinal"} or (fact.unit == "times" and fact.values == (1.0,))


def _is_end(claimed: Fact, given: Fact, folded: str) -> bool:
    if claimed.kind != given.kind or len(given.values) != 2 or len(claimed.values) != 1:
        return False
    if claimed.unit != given.unit:
        return False
    low, high = given.values
    value = claimed.values[0]
    return (abs(value - high) < 0.01 and bool(_UP_TO.search(folded))) or (
        abs(value - low) < 0.01 and bool(_AT_LEAST.search(folded))
    )
