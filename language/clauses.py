"""The clauses of a sentence: what each says, whether it denies it, and which side of an opposite it takes.

A negation reaches to the end of its clause and no further. A clause without a subject of its own takes the
words before the verb of the one in front ("Gift cards are sold here and cannot be exchanged").
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, pairwise, takewhile

from language.claim_words import content_stem, negators, read, side, sides
from language.clause_cut import LINKS, Duty, cut, duty_of, verbs
from language.quantities import Fact, facts
from language.text import tokens

_APART = frozenset({";", "but", "however", "lekin", "magar", "while", "whereas", "—", "–", ":", "main"})
_ALONE = frozenset({"that", "with", "without", "saath", "bina", "bagair"})
_BESIDE = frozenset({"with", "saath"})
_PRONOUNS = frozenset({"it", "them", "they", "this", "these", "those"})
_ELLIPSES = frozenset({"cannot", "can't", "not", "don't", "doesn't", "won't", "isn't", "aren't"})
_AFRESH = frozenset({";", "when", "if", "once"})
_SUBORDINATE = frozenset({"if", "when", "unless", "because", "since", "while", "although", "though", "once"})
_CONDITIONS = frozenset({"if", "when", "unless", "once", "agar", "jab"})
_PREPOSITIONS = frozenset({"for", "on", "in", "at", "to", "when", "if", "with", "during", "after", "before"})
_SUBJECT_SIZE, _LIST_SIZE = 3, 3


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its content stems and typed facts, whether it is negated, and its sides of opposites.

    A conditional one (if, when, unless) says when something holds, not that it does. `denied` are the stems
    behind a negation: what stands in front of it is common ground. `bound` are English sides of opposites,
    each with the content word that it stands before. `excepted` are the stems of an exception ("daily except
    on Mondays"), which says of them the opposite of what the clause before it says. `duty` tells what one
    must do from what one may.
    """

    stems: frozenset[str]
    negated: bool
    sides: frozenset[tuple[int, int]]
    conditional: bool = False
    denied: frozenset[str] = frozenset()
    bound: frozenset[tuple[int, int, str]] = frozenset()
    excepted: frozenset[str] = frozenset()
    duty: Duty = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    opening: str  # the mark or joining word before it
    words: tuple[str, ...]
    clause: Clause
    hinglish: bool = False
    subject: tuple[str, ...] = ()


def fact_stems(found: Sequence[Fact]) -> frozenset[str]:
    """Return typed facts as words, so that two clauses can be told apart by their days and amounts."""
    return frozenset(f"={fact.kind}:{fact.values or fact.text}" for fact in found)


def clauses(text: str, hinglish: bool) -> tuple[Clause, ...]:
    """Return the clauses of one sentence, in order."""
    pieces: list[_Piece] = []
    for opening, words in cut(text, hinglish):
        clause = _clause(words, hinglish, opening)
        before = pieces[-1] if pieces else None
        if before and before.opening in _SUBORDINATE and opening == ",":
            opening, before = "main", None
        if (
            before
            and opening in LINKS
            and (_is_both(before.words, words) or (not hinglish and _is_subject(before.words, words)))
        ):
            pieces[-1] = _Piece(before.opening, before.words + words, _joined(before.clause, clause))
            continue
        if before and not hinglish and _is_listed(opening, words, clause, before.clause):
            pieces[-1] = _Piece(before.opening, before.words, _joined(before.clause, clause))
            if not (before.clause.negated and _may_be_said(words)):
                continue
        if before and words[-1].casefold().rstrip(".") in _ELLIPSES:
            clause = _with(clause, _clause(before.words[len(_subject(before.words)) :], hinglish=False))
        if before and opening == "except":
            clause = replace(
                _with(clause, before.clause), negated=not before.clause.negated, excepted=clause.stems
            )
        elif before and not hinglish:
            clause = _with(clause, _borrowed(opening, words, before))
        pieces.append(_Piece(opening, words, clause, hinglish, _subject_of(opening, words, before)))
    return tuple(_merged(pieces))


def _clause(words: tuple[str, ...], hinglish: bool, opening: str = "") -> Clause:
    """Read one clause; what opens it tells whether it is a condition, and `unless` denies."""
    denied, conditional = opening == "unless", opening in _CONDITIONS
    text = " ".join(words)
    plain, meant = tokens(text), read(text, hinglish)
    stems = [base for word in meant if (base := content_stem(word))]
    negations = max(_count_negators(plain), _count_negators(meant))
    places = sides({*plain, *meant})
    negated = (negations % 2 == 1) != denied
    behind = frozenset(base for word in _behind(plain, negated, hinglish) if (base := content_stem(word)))
    bound = frozenset() if hinglish else _bound(plain)
    return Clause(
        frozenset(stems) | fact_stems(facts(text)),
        negated,
        places,
        conditional,
        behind,
        bound,
        duty=duty_of(plain),
    )


def _bound(words: tuple[str, ...]) -> frozenset[tuple[int, int, str]]:
    placed = [(side(word), word) for word in words if content_stem(word)]
    return frozenset(
        (*place, content_stem(after)) for (place, _), (_, after) in pairwise(placed) if place is not None
    )


def _behind(words: tuple[str, ...], negated: bool, hinglish: bool) -> tuple[str, ...]:
    """Return the words that a negation denies: "no fee for parcels" denies the fee.

    In Hinglish they stand between `koi` and it: "parcel par koi fee nahi".
    """
    if not negated:
        return ()
    if hinglish:
        named = dropwhile(lambda word: word != "koi", words)
        return read(" ".join(takewhile(lambda word: word not in negators(), named)), hinglish)
    after = tuple(dropwhile(lambda word: word not in negators(), words))
    if after[:1] in (("no",), ("without",)):
        return tuple(takewhile(lambda word: word not in _PREPOSITIONS, after))
    return after


def _is_listed(opening: str, words: tuple[str, ...], clause: Clause, before: Clause) -> bool:
    """Tell whether a clause without a verb goes on with a list."""
    plain = opening in LINKS and not _has_verb(words) and not clause.negated
    return plain and len(clause.stems) <= _LIST_SIZE and not _opposed(clause, before)


def _is_both(before: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Tell whether two sides of an opposite are named side by side (credit and debit cards)."""
    first, second = side(before[-1].casefold()), side(words[0].casefold())
    return first is not None and second is not None and first[0] == second[0]


def _is_subject(before: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Tell whether the words in front are part of a list with its verb behind (cards and cash are)."""
    return not _has_verb(before) and not _opens_with_verb(words)


def _opens_with_verb(words: tuple[str, ...]) -> bool:
    plain = tokens(" ".join(words))
    return next((word for word in plain if word not in {"then", "also"}), "") in verbs()


def _may_be_said(words: tuple[str, ...]) -> bool:
    """Tell whether words without a known verb may open with one all the same (`lists two prices`)."""
    after = words[1].casefold() if len(words) > 1 else ""
    return words[0].endswith("s") and (
        after[:1].isdigit() or after in {"the", "a", "an", "your", "no", "two"}
    )


def _has_verb(words: tuple[str, ...]) -> bool:
    plain = [word.casefold().strip(".!?\"'") for word in words]
    return any(word in verbs() for word in plain) or plain[-1].endswith("ed")


def _opposed(clause: Clause, other: Clause) -> bool:
    return any((axis, 1 - place) in other.sides for axis, place in clause.sides)


def _borrowed(opening: str, words: tuple[str, ...], before: _Piece) -> Clause:
    """Return what a clause takes from the one in front: its subject, or all that a pronoun may stand for.

    Of what is denied a pronoun takes the subject only.
    """
    if opening in {*LINKS, *_AFRESH, "but"} and _has_pronoun(words):
        narrow = before.clause.negated or opening in _AFRESH or _has_pronoun(before.words)
        lent = _clause(_lent(before), hinglish=False) if narrow else before.clause
        return Clause(frozenset(stem for stem in lent.stems if not stem.startswith("=")), False, frozenset())
    if opening in {*LINKS, "but", "then"} and (_opens_with_verb(words) or not _has_verb(words)):
        return _clause(
            _subject(before.words, with_verb=True) if words[0] == "no" else _lent(before), hinglish=False
        )
    return Clause(frozenset(), False, frozenset())


def _has_pronoun(words: tuple[str, ...]) -> bool:
    return any(word in _PRONOUNS for word in tokens(" ".join(words)))


def _lent(piece: _Piece) -> tuple[str, ...]:
    return piece.subject or _subject(piece.words)


def _subject_of(opening: str, words: tuple[str, ...], before: _Piece | None) -> tuple[str, ...]:
    """Return what a clause is about: its own subject, or that of the one before."""
    if before and (
        _has_pronoun(words)
        or (opening in {*LINKS, "but", "then"} and (not _has_verb(words) or _opens_with_verb(words)))
    ):
        return _lent(before)
    return _subject(words)


def _subject(words: tuple[str, ...], *, with_verb: bool = False) -> tuple[str, ...]:
    """Return the words before the first verb (or up to it); the first few if no verb is known."""
    plain = [word.casefold() for word in words]
    before = list(takewhile(lambda word: word not in verbs(), plain))
    if len(before) == len(plain):
        return tuple(before[:_SUBJECT_SIZE])
    return tuple(plain[: len(before) + with_verb])


def _joined(first: Clause, second: Clause) -> Clause:
    return Clause(
        first.stems | second.stems,
        first.negated or second.negated,
        first.sides | second.sides,
        first.conditional and second.conditional,
        bound=first.bound | second.bound,
        excepted=first.excepted | second.excepted,
        duty=first.duty or second.duty,
    )


def _with(clause: Clause, other: Clause) -> Clause:
    return replace(clause, stems=clause.stems | other.stems, sides=clause.sides | other.sides)


def _count_negators(words: tuple[str, ...]) -> int:
    count = 0
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        if word not in negators() or (word == "not" and after == "only") or (word == "na" and not after):
            continue
        if word == "no" and (after.isdigit() or after in {"matter", "problem", "worries"}):
            continue
        count += 1
    return min(count, 1) if "na" in words or "neither" in words else count


def _merged(pieces: list[_Piece]) -> list[Clause]:
    """Join a clause of fewer than two content words to the one before it (or the next, at the start).

    One that denies for itself, or is set apart by its mark, stays alone.
    """
    joined: list[Clause] = []
    before = ""
    for piece in pieces:
        clause = piece.clause
        short = bool(joined) and min(len(clause.stems), len(joined[-1].stems)) < 2
        if joined and piece.opening in _BESIDE and not (clause.negated or joined[-1].negated):
            joined[-1] = _joined(joined[-1], clause)
        elif short and piece.opening in _CONDITIONS and _next_is_main(pieces, piece):
            pass
        elif short and before not in _ALONE and not _stands_alone(piece, joined[-1]):
            clause = _joined(joined.pop(), clause)
        before = piece.opening
        joined.append(clause)
    return joined


def _next_is_main(pieces: Sequence[_Piece], piece: _Piece) -> bool:
    place = pieces.index(piece) + 1
    return place < len(pieces) and pieces[place].opening == "main"


def _stands_alone(piece: _Piece, before: Clause) -> bool:
    if not piece.clause.stems or not before.stems:
        return False
    if piece.opening == "except":
        return True
    if piece.clause.negated == before.negated:
        return piece.opening in _ALONE
    if piece.opening in LINKS and (piece.hinglish or piece.opening == ", and"):
        return True
    return piece.clause.negated or piece.opening in _APART
