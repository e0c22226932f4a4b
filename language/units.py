"""A sentence as units: each with one value of a type and the words that stand with it.

"A costs 5, and B 7" are two units, and the second takes what it leaves out from the first: B costs 7.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from language.claim_text import Sentence
from language.claim_words import folded, side
from language.limits import bounds
from language.pieces import Piece, counted, read_piece
from language.quantities import Fact, mark, marked
from language.text import tokens

_WEAK, _COMMA, _STRONG, _EDGE = range(4)
_JOINT = re.compile(
    r"(?P<strong>;|:|(?<!\S)[-\u2014\u2013](?!\S)|\b(?:but|while|whereas|lekin|magar|jabki)\b)"
    r"|(?P<comma>,)(?:\s*(?:and|or|aur|ya)\b)?|(?P<weak>\b(?:and|or|aur|ya)\b)"
)
_STRENGTHS = {"strong": _STRONG, "comma": _COMMA, "weak": _WEAK}
_COUNTED = frozenset({"amount", "percent", "duration", "measure"})


def units(sentence: Sentence) -> tuple[Piece, ...]:
    """Return the units of a sentence, in order, as they stand there."""
    return _units(sentence.text, sentence.names, sentence.hinglish)[0]


def full_units(sentence: Sentence) -> tuple[Piece, ...]:
    """Return the units of a sentence, in order, each with what it leaves out."""
    return _units(sentence.text, sentence.names, sentence.hinglish)[1]


@lru_cache(maxsize=8192)
def _units(text: str, names: tuple[str, ...], hinglish: bool) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    pieces, common = _attached(_pieces(text, names, hinglish))
    as_said: list[Piece] = []
    full: list[Piece] = []
    for (strength, piece), whole in zip(pieces, _completed([piece for _, piece in pieces]), strict=True):
        if as_said and strength != _STRONG and _goes_on(piece, as_said[-1]):
            as_said[-1], full[-1] = _joined(as_said[-1], piece), _joined(full[-1], whole)
        else:
            as_said.append(piece)
            full.append(whole)
    return tuple(as_said), tuple(replace(unit, words=unit.words | common) for unit in full)


def _pieces(text: str, names: tuple[str, ...], hinglish: bool) -> list[tuple[int, Piece]]:
    """Cut at marks and joining words, each piece with how strongly it is cut off from the one before.

    Values side by side stay together: "between 9 am and 6 pm", "3 days and 5 dollars for A".
    """
    rest, facts = marked(text)
    rest = folded(rest)
    found: list[tuple[int, Piece]] = []
    counts: Fact | None = None
    by_mark = bounds(rest, facts)
    for strength, part in _cut(rest):
        piece = counted(read_piece(part, by_mark, names, hinglish=hinglish), counts)
        stated = [value.key for value in piece.values if isinstance(value.key, Fact)]
        counts = next((fact for fact in stated if fact.kind in _COUNTED), counts)
        found += [(strength, piece)] if piece.words else []
    return found


def _cut(text: str) -> Iterator[tuple[int, str]]:
    start, strength = 0, _EDGE
    for joint in _JOINT.finditer(text):
        before, after = text[start : joint.start()].rstrip()[-1:], text[joint.end() :].lstrip()[:1]
        if after >= mark(0) and (before >= mark(0) or joint.group() == ":"):
            continue
        if _are_both_sides(tokens(text[start : joint.start()])[-1:], tokens(text[joint.end() :])[:1]):
            continue
        yield strength, text[start : joint.start()]
        start, strength = joint.end(), _STRENGTHS[joint.lastgroup or "weak"]
    yield strength, text[start:]


def _are_both_sides(before: Sequence[str], after: Sequence[str]) -> bool:
    """Tell whether two sides of one opposite are named side by side (credit or debit card)."""
    axes = [place[0] for word in (*before, *after) if (place := side(word))]
    return len(axes) == 2 and axes[0] == axes[1]


def _attached(pieces: list[tuple[int, Piece]]) -> tuple[list[tuple[int, Piece]], frozenset[str]]:
    """Join each piece that says nothing by itself to the neighbour from which it is cut off less.

    Between two alike a piece with a fact goes to the one before, another to both. What is cut off strongly on
    both sides is returned apart: it is said of all.
    """
    found: list[tuple[int, Piece]] = []
    common: frozenset[str] = frozenset()
    ahead: Piece | None = None
    for place, (left, alone) in enumerate(pieces):
        right, after = pieces[place + 1] if place + 1 < len(pieces) else (_EDGE, alone)
        piece = _joined(ahead, alone) if ahead else alone
        ahead = None
        to_left = bool(found) and piece.denied in {"", found[-1][1].denied}
        to_right = right != _EDGE and piece.denied in {"", after.denied}
        is_first = not any(before.has_verb for _, before in found)
        if is_first and _is_item(piece) and to_right and right != _STRONG:
            ahead = piece
        elif _says_something(piece) or not (to_left or to_right):
            found.append((left, piece))
        elif min(left, right) >= _STRONG and not piece.has_fact:
            common |= piece.words
        elif to_right and (right < left or not to_left):
            ahead = piece
        else:
            found[-1] = (found[-1][0], _joined(found[-1][1], piece))
            ahead = piece if to_right and left == right and not piece.has_fact else None
    return found, common


def _says_something(piece: Piece) -> bool:
    """Tell whether a piece has a value or a verb, and something beside it; "credit card" says nothing."""
    if piece.verbs and piece.words - piece.verbs:
        return True
    if not piece.values or piece.words == piece.values[0].words:
        return False
    named = piece.names and piece.words - piece.names
    return piece.has_fact or piece.has_verb or bool(piece.plain or named)


def _is_item(piece: Piece) -> bool:
    """Tell whether a piece in front of the first verb may be an item of a list."""
    return not (piece.has_verb or piece.has_fact or piece.is_phrase)


def _goes_on(piece: Piece, before: Piece) -> bool:
    """Tell whether a piece says more of what the one before is about: the value of another type."""
    of_its_own = piece.has_verb and (piece.subject or piece.actor or piece.verbs & before.verbs)
    return not of_its_own and not before.disagrees(piece)


def _joined(first: Piece, second: Piece) -> Piece:
    return replace(
        first if first.has_verb else second,
        verbs=first.verbs | second.verbs,
        words=first.words | second.words,
        values=(*first.values, *second.values),
        subject=first.subject if first.has_verb else first.words | second.subject,
        noun=first.noun or second.noun,
        has_pronoun=first.has_pronoun or second.has_pronoun,
        has_one=first.has_one or second.has_one,
        actor=first.actor if first.has_verb else second.actor,
        denied=first.denied or second.denied,
        limits=first.limits | second.limits,
    )


def _completed(found: Sequence[Piece]) -> Iterator[Piece]:
    """Give each unit what it leaves out: the verb of a neighbour and its object, the subject before it."""
    lender = next((unit for unit in found if unit.has_verb), None)
    before: Piece | None = None
    for alone in found:
        unit = alone
        if unit.has_verb and (unit.verbs - {"be"} or unit.predicate):
            lender = unit
        elif lender and lender is not unit:
            unit = _with_verb(unit, lender)
        if before:
            unit = _with_subject(unit, before)
        before = unit
        yield unit


def _with_verb(unit: Piece, lender: Piece) -> Piece:
    """Return a unit with the verb of another, and with what follows that verb if its subject differs."""
    verbs = _fitting(lender.verbs - lender.subject, lender, unit)
    words = unit.words | (verbs - {"be"})
    if _fitting(lender.subject, lender, unit) and not (words & lender.predicate):
        words |= _fitting(lender.predicate, lender, unit)
    return replace(unit, words=words, verbs=verbs)


def _with_subject(unit: Piece, before: Piece) -> Piece:
    if unit.has_pronoun:
        return replace(unit, words=unit.words | before.plain)
    if unit.has_one:
        return replace(unit, words=unit.words | ({before.noun} - {""}), noun=before.noun)
    if unit.has_verb and not unit.subject:
        return replace(
            unit, words=unit.words | before.subject, subject=before.subject, actor=unit.actor or before.actor
        )
    return unit


def _fitting(words: frozenset[str], unit: Piece, other: Piece) -> frozenset[str]:
    """Return those of a unit's words that say nothing else than `other` says (open, not closed)."""
    types = {value.type for value in other.values}
    return words.difference(*(value.words for value in unit.values if value.type in types))
