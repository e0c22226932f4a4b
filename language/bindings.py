"""Which value goes with what: "A costs 5 and B costs 7" does not say that A costs 7.

A value of a claim is moved where the words that stand with it belong, in the source sentence, to another
value of its type. Nor is it a denial to deny just that of which the source denies it.
"""

from collections.abc import Sequence
from functools import cache
from itertools import combinations

from language.claim_text import Sentence
from language.claim_words import same_stem, side
from language.pieces import Piece, Value
from language.units import full_units, units


def moves_value(claim: Sentence, closest: Sentence) -> bool:
    """Tell whether the claim binds something to what its source sentence binds something else to."""
    given = full_units(closest)
    return len(given) > 1 and any(
        _mixes(unit, given) or any(_is_moved(value, unit, given) for value in unit.values)
        for unit in units(claim)
    )


def swaps_actor(claim: Sentence, closest: Sentence) -> bool:
    """Tell whether the claim has somebody do what its source sentence has somebody else do."""
    given = full_units(closest)
    return any(_is_done_by_another(unit, given) for unit in units(claim))


def _is_done_by_another(unit: Piece, given: Sequence[Piece]) -> bool:
    rest = unit.words - unit.subject - unit.verbs
    same = [
        other
        for other in given
        if unit.verbs & other.verbs - {"be"} and all(_stands(word, other) for word in rest)
    ]
    elsewhere = frozenset().union(*(other.actor for other in given if other not in same))
    return bool(rest and same and unit.actor and unit.actor <= elsewhere) and all(
        other.actor and other.actor.isdisjoint(unit.words | unit.actor) for other in same
    )


def keeps_denials(claim: Sentence, closest: Sentence) -> bool:
    """Tell whether the claim denies just what a source sentence denies that states something beside it."""
    given = full_units(closest)
    return len({unit.denied for unit in given}) > 1 and all(
        any(_belongs(unit, mine, given) for mine in given) for unit in units(claim)
    )


def turns_limit(claim: Sentence, closest: Sentence) -> bool:
    """Tell whether the claim has as the most of something what its source sentence has as the least.

    Both may be true where the source speaks of that other part as well ("larger orders"), or where they say
    something else of it: one denies it, takes another side of an opposite, or has another verb.
    """
    given = full_units(closest)
    stated = frozenset({"be"}).union(*(other.words for other in given))
    return any(
        _bounds_otherwise(unit, other)
        and unit.denied == other.denied
        and unit.verbs <= stated
        and not _opposes(unit, other, apart_from=_limiting())
        for unit in units(claim)
        if not any(_sides_of(unit, _limiting()) & other.words for other in given)
        for other in given
    )


def _bounds_otherwise(unit: Piece, other: Piece) -> bool:
    return any(
        (word, "least" if way == "most" else "most") in other.limits and (word, way) not in other.limits
        for word, way in unit.limits
    )


def _is_moved(value: Value, unit: Piece, given: Sequence[Piece]) -> bool:
    """Tell whether the unit's words stand with another value of the type, and none of them with this one.

    That other quantities stand with a quantity is no excuse: they may have been moved with it. A name or an
    opposite may stand in any clause; it is moved only between clauses that say the like.
    """
    own = [other for other in given if other.holds(value)]
    rivals = [other for other in given if not other.holds(value) and _leaves_out(unit, value.type, other)]
    words = unit.beside(value.type) if value.is_quantity else unit.words - value.words
    moved_too = [other.words for other in unit.values if value.is_quantity and other.is_quantity]
    plain = words.difference(*moved_too)
    return bool(own) and any(
        all(
            (value.is_quantity or rival.verbs & other.verbs)
            and _only(words, rival, other)
            and not _only(plain, other, rival)
            for other in own
        )
        for rival in rivals
    )


def _mixes(unit: Piece, given: Sequence[Piece]) -> bool:
    """Tell whether the unit has plain words of two things of which its source says the like, apart."""
    return any(
        first.verbs & second.verbs
        and _only(unit.plain, first, second)
        and _only(unit.plain, second, first)
        and first.plain - second.words - unit.words
        and second.plain - first.words - unit.words
        for first, second in combinations(given, 2)
    )


def _belongs(unit: Piece, mine: Piece, given: Sequence[Piece]) -> bool:
    """Tell whether the unit denies what `mine` does, and has words of it only, none of the others."""
    return (
        unit.denied == mine.denied
        and not _opposes(unit, mine)
        and all(
            _only(unit.words, mine, other) and not _only(unit.words, other, mine)
            for other in given
            if other.denied != mine.denied
        )
    )


def _leaves_out(unit: Piece, type_: str, other: Piece) -> bool:
    """Tell whether `other` has a value of this type that the claim's unit leaves out."""
    return any(value.type == type_ and not unit.holds(value) for value in other.values)


def _opposes(unit: Piece, other: Piece, apart_from: tuple[str, ...] = ()) -> bool:
    """Tell whether the two take different sides of an opposite, of other axes than those."""
    sides = _sides_of(unit, ("/",)) - _sides_of(unit, apart_from)
    turned = str.maketrans("+-", "-+")
    return any(word.translate(turned) in other.words for word in sides)


def _sides_of(unit: Piece, axes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for word in unit.words if word.startswith(axes))


@cache
def _limiting() -> tuple[str, ...]:
    """Return how the sides of more and less, before and after begin."""
    axes = {place[0] for word in ("before", "over", "minimum", "inside") if (place := side(word))}
    return tuple(f"/{axis}{sign}" for axis in axes for sign in "+-")


def _only(words: frozenset[str], first: Piece, second: Piece) -> frozenset[str]:
    """Return those of `words` that stand in the first unit and not in the second."""
    return frozenset(word for word in words if _stands(word, first) and not _stands(word, second))


def _stands(word: str, unit: Piece) -> bool:
    return word in unit.words or any(
        same_stem(word, other) for other in unit.words if other[:3] == word[:3] and other[0].isalpha()
    )
