"""How well personal data is found in texts.

A found span is right when it overlaps a true span of its type. The totals cover the core types, which have to
leave every message; other types are in `byType` only, because the desk does not claim to find names or dates.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from eval.probes.rows import Json, SpannedText

Found = tuple[int, int, str]
CORE = frozenset(
    {"CREDIT_CARD", "EMAIL_ADDRESS", "PHONE_NUMBER", "IN_AADHAAR", "IN_PAN", "US_SSN", "IBAN_CODE"}
)


@dataclass(slots=True)
class _Count:
    true: int = 0
    found: int = 0
    recalled: int = 0
    precise: int = 0


def measure(rows: Sequence[SpannedText], find: Callable[[str], Sequence[Found]]) -> Json:
    """Precision, recall and F1 of the core types together, and of every type."""
    counts: dict[str, _Count] = {}
    for row in rows:
        _compare([(span.start, span.end, span.type) for span in row.spans], find(row.text), counts)
    return {
        **_scores(count for name, count in counts.items() if name in CORE),
        "byType": {
            name: {**_scores([count]), "true": count.true, "found": count.found}
            for name, count in sorted(counts.items())
        },
    }


def _compare(true: Sequence[Found], found: Sequence[Found], counts: dict[str, _Count]) -> None:
    for span in true:
        count = counts.setdefault(span[2], _Count())
        count.true += 1
        count.recalled += any(_same(span, other) for other in found)
    for span in found:
        count = counts.setdefault(span[2], _Count())
        count.found += 1
        count.precise += any(_same(span, other) for other in true)


def _same(one: Found, other: Found) -> bool:
    return one[2] == other[2] and one[0] < other[1] and other[0] < one[1]


def _scores(counts: Iterable[_Count]) -> Json:
    rows = list(counts)
    true, found = sum(row.true for row in rows), sum(row.found for row in rows)
    recall = sum(row.recalled for row in rows) / true if true else 0.0
    precision = sum(row.precise for row in rows) / found if found else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}
