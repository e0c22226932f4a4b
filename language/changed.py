"""Whether what an answer rested on still stands, after the text that it rested on was changed.

A number, date or amount that changed weighs more than a wording that did; what is gone stands between them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from language.fact_match import missing
from language.quantities import facts

Kind = Literal["figure", "gone", "wording", "same"]
ORDER: tuple[Kind, ...] = ("figure", "gone", "wording")
"""The heaviest first; `same` is no change."""
ALIKE = 0.5
"""Share of common words from which a new line says what the old one said."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A passage: its lines, and line by line their reviewed Hinglish where it exists."""

    lines: tuple[str, ...]
    hinglish: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str, hinglish: str = "") -> "Text":
        """The passage as it is stored."""
        lines = tuple(text.split("\n"))
        other = tuple(hinglish.split("\n")) if hinglish else ()
        return cls(lines, other if len(other) == len(lines) else ())


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a quote: the kind, and what stands there now in both languages (or nothing)."""

    kind: Kind
    now: str = ""
    now_hinglish: str = ""


SAME = Change("same")


def changed(quote: str, claim: str, before: Text, after: Sequence[Text]) -> Change:
    """What became of the quote that a claim rested on; `after` are the texts in the old one's place."""
    holding = next((text for text in after if holds(text, quote)), None)
    if holding is None:
        return _moved(quote, after)
    if _lost(claim, before, after):
        fresh = [Text(tuple(line for line in text.lines if line not in before.lines)) for text in after]
        return _nearest(claim, fresh, "figure") or Change("figure")
    if claim in before.hinglish and not any(claim in text.hinglish for text in after):
        place = before.hinglish.index(claim)
        return _nearest(before.lines[place], after, "wording") or SAME
    return SAME


def holds(text: Text, quote: str) -> bool:
    """Whether the text has the quote word for word; `₹499` does not stand in `₹4,999`."""
    words = re.escape(_flat(quote))
    return re.search(rf"(?<!\w){words}(?!\w|[.,]\d)", _flat("\n".join(text.lines))) is not None


def _moved(quote: str, after: Sequence[Text]) -> Change:
    found = _nearest(quote, after, "wording")
    if found is None:
        return Change("gone")
    differ = missing(quote, facts(found.now)) or missing(found.now, facts(quote))
    return Change("figure", found.now, found.now_hinglish) if differ else found


def _lost(claim: str, before: Text, after: Sequence[Text]) -> bool:
    """Whether a figure of the claim stood in the old text and stands in none of the new ones."""
    old, new = facts("\n".join(before.lines)), facts("\n".join(line for text in after for line in text.lines))
    return len(missing(claim, new)) > len(missing(claim, old))


def _nearest(said: str, after: Sequence[Text], kind: Kind) -> Change | None:
    """The new lines that say most of what was said; None when none says half of it."""
    words = _words(said)
    length = said.count("\n") + 1
    best = max(
        ((_shared(words, now), now, hinglish) for text in after for now, hinglish in _windows(text, length)),
        key=lambda found: found[0],
        default=(0.0, "", ""),
    )
    return Change(kind, best[1], best[2]) if best[0] >= ALIKE else None


def _windows(text: Text, length: int) -> Iterator[tuple[str, str]]:
    for start in range(len(text.lines) - length + 1):
        now = "\n".join(text.lines[start : start + length])
        yield now, "\n".join(text.hinglish[start : start + length])


def _shared(words: frozenset[str], line: str) -> float:
    other = _words(line)
    union = words | other
    return len(words & other) / len(union) if union else 0.0


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _flat(text: str) -> str:
    return " ".join(text.split())
