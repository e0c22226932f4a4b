"""Does a reply deny what its source says, by a negation or by an opposite word?"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from language.claim_text import Sentence
from language.claim_words import axis as axis_of
from language.claim_words import content_stem, data, is_denied, same_stem
from language.clauses import Clause

_CONFLICT = 0.5
_MARGIN = 0.12
_ACROSS = 0.0  # what the other side of an opposite counts for, beside a negation: "not off" for "on"
_STATED = 0.95
_DENIED = 0.6  # the share of what a claim denies that its source denies too


def contradicts(claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence]) -> bool:
    """Tell whether a clause of the claim stands in the source with the opposite polarity only.

    The clauses of a source sentence are pooled: those that agree with the claim, those that deny it. What
    the claim says has to be found on the agreeing side at least about as well as on the other.
    """
    for clause in claim.clauses:
        if not clause.stems:
            continue
        if any(_says_opposite(clause, other, given) or _turns(clause, other) for other in window[0].clauses):
            return True
        if _obliges(clause, window[0]):
            return True
        if clause.negated and _denies_too(clause, window[0], given):
            continue
        if not clause.negated and _asserts_denied(clause, window):
            return True
        against = _share(clause, _pool(clause, window[0], differing=True))
        same = max(
            (_share(clause, _pool(clause, sentence, differing=False), across=_ACROSS) for sentence in given),
            default=0.0,
        )
        if against >= _CONFLICT and against - same > _MARGIN:
            return True
    return False


def _says_opposite(claim: Clause, other: Clause, given: Sequence[Sentence]) -> bool:
    """Tell whether the claim takes a side of an opposite, of a word they share, that no source takes."""
    if claim.negated != other.negated or claim.conditional != other.conditional:
        return False
    taken = {
        (axis, place if clause.negated == claim.negated else 1 - place)
        for sentence in given
        for clause in sentence.clauses
        for axis, place in clause.sides
    }
    axes = {axis for axis, place in claim.sides - taken if (axis, 1 - place) in other.sides - claim.sides}
    shared = {stem for stem in claim.stems & other.stems if not stem.startswith("=")}
    return any(any(axis_of(stem) != axis for stem in shared) for axis in axes)


def _obliges(claim: Clause, closest: Sentence) -> bool:
    """Tell whether the claim makes a duty of what its source leaves to choose.

    Not the other way round: that one may do what one must is a manner of speaking.
    """
    if claim.duty != "must" or claim.negated:
        return False
    near = [clause for clause in closest.clauses if _share(claim, clause) >= _STATED]
    return bool(near) and all(clause.duty == "may" and not clause.negated for clause in near)


def _turns(claim: Clause, other: Clause) -> bool:
    """Tell whether a claim with two sides of one opposite turns them: the new SIM until the old one."""
    axes = [axis for axis, _, _ in claim.bound]
    return claim.negated == other.negated and any(
        axes.count(axis) > 1
        and (axis, 1 - place, word) in other.bound
        and (axis, place, word) not in other.bound
        for axis, place, word in claim.bound
    )


def _denies_too(claim: Clause, closest: Sentence, given: Sequence[Sentence]) -> bool:
    """Tell whether a source clause denies most of what stands behind the claim's negation.

    It does not help where the closest sentence states all of the claim.
    """
    if any(not clause.negated and _share(claim, clause, across=0) >= _STATED for clause in closest.clauses):
        return False
    return bool(claim.denied) and any(
        clause.negated and _share(replace(claim, stems=claim.denied), clause) >= _DENIED
        for sentence in given
        for clause in _said_of(claim, sentence)
    )


def _asserts_denied(claim: Clause, window: Sequence[Sentence]) -> bool:
    """Tell whether the claim states plainly a word that its source has only where it denies something."""
    if claim.stems & _deniers() or claim.conditional:
        return False
    stated = frozenset().union(
        *(clause.stems for sentence in window for clause in sentence.clauses if not clause.negated)
    )
    return any(
        other.negated
        and _share(claim, other) >= _CONFLICT
        and not _opposed(claim, other)
        and any(stem in other.stems - stated and not stem.startswith("=") for stem in claim.stems)
        for other in _said_of(claim, window[0])
    )


def _said_of(claim: Clause, sentence: Sentence) -> list[Clause]:
    """Return the clauses of a sentence without its exceptions of which the claim does not speak."""
    return [clause for clause in sentence.clauses if not clause.excepted or clause.excepted & claim.stems]


@cache
def _deniers() -> frozenset[str]:
    return frozenset(content_stem(word) for word in data()["deniers"])


def _pool(claim: Clause, sentence: Sentence, *, differing: bool) -> Clause | None:
    """Return the sentence's clauses that differ from the claim (or agree with it) as one; None if none do."""
    pool = [
        clause
        for clause in _said_of(claim, sentence)
        if _differs(claim, clause) == differing and not (differing and _only_restricts(claim, clause))
    ]
    if not pool:
        return None
    return Clause(
        frozenset().union(*(clause.stems for clause in pool)),
        pool[0].negated,
        frozenset().union(*(clause.sides for clause in pool)),
    )


def _only_restricts(claim: Clause, other: Clause) -> bool:
    """Tell whether the claim names as a condition what the source states otherwise: no denial of it."""
    return claim.conditional and not other.conditional and _opposed(claim, other) == 0


def _differs(claim: Clause, other: Clause) -> bool:
    """Tell whether one of the two denies what the other says; a denial of the opposite agrees."""
    return (claim.negated != other.negated) != (_opposed(claim, other) % 2 == 1)


def _opposed(claim: Clause, other: Clause) -> int:
    """Return the number of opposites of which the two name different sides."""
    opposed = sum(
        (axis, place) not in other.sides
        and (axis, 1 - place) in other.sides
        and (axis, 1 - place) not in claim.sides
        for axis, place in claim.sides
    )
    return opposed or sum(is_denied(stem, other.stems) for stem in claim.stems - other.stems)


def _share(clause: Clause, other: Clause | None, across: float = 1.0) -> float:
    """Return the share of the clause's content words in `other`; other sides of opposites count `across`."""
    if other is None:
        return 0.0
    axes = {axis for axis, _ in other.sides} & {axis for axis, _ in clause.sides}
    hits = 0.0
    for stem in clause.stems:
        if stem in other.stems or any(same_stem(stem, o) for o in other.stems if o[:3] == stem[:3]):
            hits += 1
        elif (axis := axis_of(stem)) in axes:
            hits += 1.0 if any(place in other.sides for place in clause.sides if place[0] == axis) else across
        elif is_denied(stem, other.stems):
            hits += across
    return hits / max(1, len(clause.stems))
