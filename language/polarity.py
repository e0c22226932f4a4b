"""Does a reply deny what its source says, by a negation or by an opposite word?"""

from collections.abc import Sequence

from language.claim_text import Clause, Sentence, is_denied, same_stem

_CONFLICT = 0.5
_MARGIN = 0.12


def contradicts(claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence]) -> bool:
    """Tell whether a clause of the claim stands in the source with the opposite polarity only."""
    closest = window[0]
    clauses = [clause for sentence in given for clause in sentence.clauses]
    wholes = [sentence.whole for sentence in given]
    for clause in claim.clauses:
        if not clause.stems:
            continue
        against = max(
            (_share(clause, other) for other in (*closest.clauses, closest.whole) if _differs(clause, other)),
            default=0.0,
        )
        same = max((_share(clause, other) for other in clauses if not _differs(clause, other)), default=0.0)
        same = max([same, *(_share(clause, other) for other in wholes if _agrees(clause, other))])
        if against >= _CONFLICT and against - same > _MARGIN:
            return True
    return False


def _differs(claim: Clause, other: Clause) -> bool:
    """Tell whether one of the two denies what the other says; a denial of the opposite agrees."""
    return (claim.negated != other.negated) != (_opposed(claim, other) % 2 == 1)


def _agrees(claim: Clause, other: Clause) -> bool:
    """Tell whether both deny or neither does, on the same sides; for whole sentences, where denials mix."""
    return claim.negated == other.negated and _opposed(claim, other) == 0


def _opposed(claim: Clause, other: Clause) -> int:
    """Return the number of opposites of which the two name different sides."""
    opposed = sum(
        (pair, side) not in other.sides
        and (pair, 1 - side) in other.sides
        and (pair, 1 - side) not in claim.sides
        for pair, side in claim.sides
    )
    return opposed or sum(is_denied(stem, other.stems) for stem in claim.stems - other.stems)


def _share(clause: Clause, other: Clause) -> float:
    """Return the share of the clause's content words in `other`; opposites count as shared."""
    pairs = {pair for pair, _ in other.sides} & {pair for pair, _ in clause.sides}
    hits = sum(
        stem in other.stems or any(same_stem(stem, o) for o in other.stems if o[:3] == stem[:3])
        for stem in clause.stems
    )
    return min(1.0, (hits + len(pairs)) / max(1, len(clause.stems)))
