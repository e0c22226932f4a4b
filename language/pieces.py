"""A piece of a sentence as values and the words beside them: its amounts, names and sides of opposites.

It also tells where the piece has its verb, since a neighbour may leave out the verb or what stands around it.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile

from language.claim_words import content_stem, data, negators, read, rivals, side
from language.clause_cut import verbs
from language.fact_match import agrees
from language.limits import Limit
from language.quantities import Fact
from language.text import tokens

_WHO = {"you": "@you", "aap": "@you", "aapko": "@you", "we": "@we", "hum": "@we", "hamein": "@we"}
_PRONOUNS = frozenset({"it", "them", "they", "this", "these", "those"})
_ORDINALS = frozenset({"first", "second", "third", "fourth"})
_ONES = frozenset({"one", "ones", "other", "wala", "wale", "wali", *_ORDINALS})
_SUBORDINATE = frozenset({"if", "when", "unless", "once", "because", "where", "which", "that", "who"})
_MANY = frozenset({"you", "we", "they", "i", "please", "people", "children", "then", "also"})
_DETERMINERS = frozenset({"the", "a", "an", "your", "our", "no", "any", "all", "each", "every"})
_PREPOSITIONS = frozenset({"per", "for", "to", "of", "in", "on", "at", "by", "from", "with", "about"})
_POSTPOSITIONS = frozenset({"ko", "se", "mein", "me", "par", "pe", "tak", "liye"})
_DENIES_THINGS = frozenset({"no", "without", "none", "bina", "bagair", "bgair"})
_EXACT = frozenset({"date", "size"})


@dataclass(frozen=True, slots=True)
class Value:
    """A value, its type (a fact's kind, `name`, an axis, a class of rivals) and the words it stands as."""

    type: str
    key: Fact | str
    words: frozenset[str] = frozenset()

    @property
    def is_quantity(self) -> bool:
        """Tell whether it is a typed fact, or no amount at all ("free")."""
        return isinstance(self.key, Fact) or self.type == "amount"

    def agrees(self, other: "Value") -> bool:
        """Tell whether both say the same; of a range one end is enough."""
        if self.type != other.type:
            return False
        if isinstance(self.key, Fact) and isinstance(other.key, Fact):
            ends = set(self.key.values) & set(other.key.values) if self.type not in _EXACT else ()
            return bool(ends) or agrees(self.key, other.key) or agrees(other.key, self.key)
        return self.key == other.key


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence: its words and values, and what a neighbour may leave out.

    `words` are content stems, sides of opposites (`/12+`) and typed facts (`=duration:...`). `noun` is what
    its subject is, without what tells it from others; `denied` is what is denied in it: "thing" (no fee,
    without a fee), "act" (is not paid), or nothing. A Hinglish piece that ends in a postposition is a phrase
    by itself and no item of a list. `limits` are the facts that are the most or the least of something.
    `actor` is who does it, with `@you` and `@we`; nobody of a passive.
    """

    words: frozenset[str]
    values: tuple[Value, ...]
    subject: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    predicate: frozenset[str] = frozenset()
    noun: str = ""
    has_verb: bool = False
    has_pronoun: bool = False
    has_one: bool = False
    is_phrase: bool = False
    denied: str = ""
    limits: frozenset[tuple[str, Limit]] = frozenset()
    actor: frozenset[str] = frozenset()

    @property
    def plain(self) -> frozenset[str]:
        """The words that are no values."""
        return self.words.difference(*(value.words for value in self.values))

    @property
    def has_fact(self) -> bool:
        """Tell whether one of the values is a typed fact."""
        return any(isinstance(value.key, Fact) for value in self.values)

    @property
    def names(self) -> frozenset[str]:
        """The words that are names."""
        return self.words - self.beside("name")

    def holds(self, value: Value) -> bool:
        """Tell whether it states this value."""
        return any(value.agrees(other) for other in self.values)

    def beside(self, type_: str) -> frozenset[str]:
        """Return the words without those that are values of this type."""
        return self.words.difference(*(value.words for value in self.values if value.type == type_))

    def disagrees(self, other: "Piece") -> bool:
        """Tell whether one states another value of a type than the other does, or denies something."""
        types = {value.type for value in other.values}
        return self.denied != other.denied or any(
            value.type in types and not other.holds(value) for value in self.values
        )


def read_piece(
    text: str, facts: Mapping[str, tuple[Fact, Limit]], names: Sequence[str], *, hinglish: bool
) -> Piece:
    """Read a piece of a text that `quantities.marked` made, with the text's facts by mark, and its names."""
    typed = tokens(text)
    meant = read(text, hinglish, names)
    denied = _denied({*typed, *meant})
    found = [facts[char] for char in text if char in facts]
    values = [stated(fact) for fact, _ in found]
    values += [value for word in meant for value in _taken(word, denied)]
    values += [_named(word) for word in typed if word in names and content_stem(word)]
    start, end = _verb_last(meant) if hinglish else _verb(typed)
    return Piece(
        _spoken(meant).union(*(value.words for value in values)),
        tuple(values),
        subject=_spoken(meant[:start]),
        verbs=_spoken(meant[start:end]) or frozenset({"be"} if start < end else ()),
        predicate=_spoken(meant[end:]),
        noun="" if hinglish else _head_noun(typed[:start]),
        has_verb=start < end,
        has_pronoun=not hinglish and not _PRONOUNS.isdisjoint(typed),
        has_one=not _ONES.isdisjoint(typed),
        is_phrase=hinglish and not _POSTPOSITIONS.isdisjoint(typed[-1:]),
        denied=denied,
        actor=_actor(typed, meant, start, end, hinglish),
        limits=frozenset((word, way) for fact, way in found if way for word in stated(fact).words),
    )


def _actor(
    typed: Sequence[str], meant: Sequence[str], start: int, end: int, hinglish: bool
) -> frozenset[str]:
    before = typed if hinglish else typed[:start]
    named = _spoken(meant[:start])
    return named.union(_WHO[word] for word in before if word in _WHO) if start < end else frozenset()


def stated(fact: Fact) -> Value:
    """Return a typed fact as a value."""
    return Value(fact.kind, fact, frozenset({f"={fact.kind}:{fact.values or fact.text}"}))


def counted(piece: Piece, before: Fact | None) -> Piece:
    """Read a bare number as what the piece before it counts: "standard takes 3 days, express 1"."""
    numbers = [value.key for value in piece.values if isinstance(value.key, Fact)]
    if not before or not before.raw or not before.raw[0] or [fact.kind for fact in numbers] != ["number"]:
        return piece
    scale = before.values[0] / before.raw[0]
    values = tuple(number * scale for number in numbers[0].values)
    value = stated(replace(before, values=values, raw=numbers[0].raw))
    others = (other for other in piece.values if other.type != "number")
    return replace(piece, words=piece.beside("number") | value.words, values=(value, *others))


def _named(name: str) -> Value:
    return Value("name", content_stem(name), frozenset({content_stem(name)}))


def _spoken(words: Sequence[str]) -> frozenset[str]:
    """Return the stems of words, and the sides of opposites that they take."""
    places = {f"/{place[0]}{'-+'[place[1]]}" for word in words if (place := side(word))}
    stems = (content_stem(word) or (word if word in _ORDINALS else "") for word in words)
    return frozenset(stem for stem in stems if stem) | places


def _denied(words: Set[str]) -> str:
    denials = negators() & words
    return ("thing" if denials <= _DENIES_THINGS else "act") if denials else ""


def _taken(word: str, denied: str) -> Iterator[Value]:
    """Yield what a word states: a side of an opposite unless it is denied, one of a class, no amount."""
    place, spoken = side(word), _spoken((word,))
    if place and not denied:
        yield Value(f"axis {place[0]}", str(place[1]), spoken)
        if place == side("free"):
            yield Value("amount", "free", spoken)
    elif not place and (stem := content_stem(word)) and stem in rivals():
        yield Value(f"class {rivals()[stem]}", stem, spoken)


def _head_noun(words: Sequence[str]) -> str:
    """Return the stem of the noun that the words before an English verb are about: "a train to Agra"."""
    named = [content_stem(word) for word in takewhile(lambda word: word not in _PREPOSITIONS, words)]
    return next((stem for stem in reversed(named) if stem), "")


def _verb(words: Sequence[str]) -> tuple[int, int]:
    """Return where the verb of an English piece begins and ends, with its helpers; an empty span if none.

    A helper tells it ("the download link is"); else it is the last of the first words that may be one.
    """
    main = tuple(takewhile(lambda word: word not in _SUBORDINATE, words))
    may_be = [_may_be_verb(words, place) for place in range(len(main))]
    start = next((place for place, word in enumerate(main) if word in _helpers()), len(words))
    if start == len(words) and True in may_be:
        start = may_be.index(True)
        while may_be[start + 1 : start + 2] == [True] and not words[start + 1].endswith(("s", "ed", "ing")):
            start += 1
    end = start
    while end < len(main) and (may_be[end] or words[end] in _helpers() or words[end] in negators()):
        end += 1
    if start < end < len(main) and words[start] in _helpers() and content_stem(words[end]) in _verb_stems():
        end += 1
    return start, end


def _may_be_verb(words: Sequence[str], place: int) -> bool:
    """Tell whether a word may be the verb where it stands: the plain form needs more than one before it."""
    word, before = words[place], words[place - 1] if place else ""
    if not _is_verb(word) or before in _DETERMINERS or before in _PREPOSITIONS:
        return False
    plural = before[-1:] == "s" or before in _MANY
    helped = before in _helpers() or before in negators()
    return not before or plural or helped or word.endswith(("s", "ed", "ing"))


def _verb_last(words: Sequence[str]) -> tuple[int, int]:
    """Return where the verb at the end of a Hinglish piece begins and ends."""
    start = len(words)
    while start and (_is_verb(words[start - 1]) or not content_stem(words[start - 1])):
        start -= 1
    return start, len(words)


def _is_verb(word: str) -> bool:
    return word in verbs() or any(
        word.endswith(ending) and word.removesuffix(ending) in verbs() for ending in ("ed", "d", "ing")
    )


@cache
def _verb_stems() -> frozenset[str]:
    return frozenset(content_stem(verb) for verb in verbs())


@cache
def _helpers() -> frozenset[str]:
    return frozenset({*data()["finite"], "was", "were", "be", "could", "would", "should", "might", "don't"})
