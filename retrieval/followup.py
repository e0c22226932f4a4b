"""Questions that lean on the one before ("and for Germany?", "uska price?"), read together with it.

A follow-up is read three ways: alone, together with its topic, and as one more question about the passage
under discussion. Which reading holds is decided by what the passages say, not by the wording alone.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Literal

from language.acts import corrects
from language.lexicon import place_names
from retrieval.corrected import corrected
from retrieval.expected import asked_kinds, kinds_in
from retrieval.passages import Hit, Passage, Search
from retrieval.question import Question, Term
from retrieval.words import is_place, stem, surface, tokens

Lean = Literal["no", "short", "opens", "points"]

_FEW, _FEWEST = 4, 3  # topic words of a follow-up that points back, and of one that is short
_SOME = 5  # topic words of one that opens as an addition, with at most _FEWEST that name things
_NEAR = 0.15  # how much surer the question by itself has to be than the one with its topic
_SURE = 0.7  # from which a question that names no thing is read with its topic
_TALKED_ABOUT = 0.5  # how surely a passage answered the question before, to be what is talked about
_CORRECTS = r"no|oh|oops|sorry|wait|actually|hmm+|arre|nahi|nhi|nahin|ruko|galti se"
_OPENS = re.compile(
    r"^\W*(?:(?:and|but|or|also|then|what about|how about|what if|same|ok(?:ay)?|achha|acha|aur|lekin|phir"
    rf"|fir|toh|{_CORRECTS}|i meant?|mera ma?t(?:la)?b|make (?:it|that)"
    r"|it ?(?:'?s|is|was) (?:for|my))\b[\s,.!]*)+"
    r"|^\W*(?:for|in|on|with|without|by)\b(?=(?:\W+\w+){1,3}\W*$)",
    re.IGNORECASE,
)
_REPLACES = re.compile(
    rf"^\W*(?:(?:{_CORRECTS})\b[\s,.!]*)+(?:i meant?|mera ma?t(?:la)?b|not)\b|\bi meant\b", re.IGNORECASE
)
"""What was asked about before was not what is meant."""
_SAME = re.compile(r"\b(?:same|wahi|whi|vahi|likewise)\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:other|another|d[uo]o?sr[aei])\b", re.IGNORECASE)
_ADDS = re.compile(r"\b(?:bhi|too|also|as well)\b|\b(?:then|instead|to|toh)\W*$", re.IGNORECASE)
_ASKS_ITSELF = re.compile(
    r"\b(?:can|could|do|does|did|is|are|will|would|may|should|must|how|what|which|who|where|why"
    r"|kaise|kahan|kyu\w*|kitn\w+|kaun\w*|sak\w+|chahiye)\b",
    re.IGNORECASE,
)
"""With one of these a follow-up asks by itself; without, it leaves the asking to the question before."""
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|those|these|them|they|one|ones|(?<!is )(?<!are )there"
    r"|us(?:ka|ki|ke|me|mein|par|pe|ko|se)"
    r"|is(?:ka|ki|ke|me|mein|par|pe|ko|se)|un(?:ka|ki|ke)|in(?:ka|ki|ke)|wo|woh|vo|ye|yeh|wahan|waha)\b",
    re.IGNORECASE,
)
_OF_SUCH = re.compile(r"\bwal[aei]\b", re.IGNORECASE)
WEEKDAYS = frozenset(
    stem(day)
    for day in (
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "weekend",
        "holiday",
    )
)


def lean(question: Question) -> Lean:
    """How the question may need the one before: it points back, opens like an addition, or names no thing."""
    own, said = things(question), question.original
    if len(question.terms) <= _FEW and _POINTS_BACK.search(said):
        return "points"
    if len(own) <= _FEWEST and len(question.terms) <= _SOME and (_OPENS.search(said) or _ADDS.search(said)):
        return "opens"
    if len(question.terms) <= _FEW and _OF_SUCH.search(said):
        return "points"
    return "short" if len(question.terms) <= _FEWEST and not own else "no"


def things(question: Question) -> tuple[Term, ...]:
    """The topic words that name a thing, and not a quality, a day, a place or a number."""
    return tuple(
        term
        for term in question.terms
        if term.term not in _attributes() and not is_place(term.word) and not term.word[0].isdigit()
    )


def resolve(
    question: Question,
    context: str,
    alone: Search,
    *,
    read: Callable[[str], Question],
    find: Callable[[Question], Search],
) -> Search:
    """The search of the reading that holds; `resolved` says what the follow-up stands for."""
    how, before = lean(question), read(context)
    if place := _meant_place(question, before):
        whole = read(joined(read(place), context))
        return _as(find(whole), whole)
    for meant in map(read, corrected(question, before, context)):
        if (found := find(meant)).answerable >= _SURE:
            return _as(found, meant)
    if how == "no" and len(question.terms) <= _FEW and _names_place(before) and not _names_place(question):
        how = "short"
    if how == "no":
        return alone
    if how != "short" and (bare := _OPENS.sub("", question.original).strip(" .,!")):
        question = replace(read(bare), original=question.original)  # "sorry" and "I meant" ask for nothing
    whole = read(joined(question, context))
    talked = find(before)

    def about() -> Search:
        rivals = _rivals(question, before, talked.hits[0].passage)
        return _about(talked.hits[0], talked, read(joined(question, context, rivals)) if rivals else whole)

    if _answered(talked) and stays(question, before, talked.hits[0].passage):
        return about()
    if how == "short" and not any(term.term[0] == "=" for term in before.terms):
        return alone  # a country that was asked about goes on being meant: "and what size?"
    other = find(whole)
    if not other.hits:
        return alone
    if how != "short" and _answered(talked):
        if how == "opens" and _goes_on(question, alone, other, talked.hits[0].passage):
            return about()
        if _REPLACES.search(question.original) or (_OTHER.search(question.original) and not things(question)):
            return _instead(question, before, context, alone, read, find)
    if how == "opens" and things(question) and alone.answerable >= _TALKED_ABOUT:
        return alone
    if fits(question, other.hits[0].passage):
        sure = _SURE if not things(question) else 1.0
        if other.answerable >= min(sure, alone.answerable - _NEAR):
            return _as(other, whole)
    return _as(alone, whole) if how == "points" and things(question) else alone


def _meant_place(question: Question, before: Question) -> str:
    """The place that is meant instead of the one before ("ugh, autocorrect, sorry. I meant australia")."""
    then = {term.word for term in before.terms}
    named = [term.word for term in question.terms if is_place(term.word) and term.word not in then]
    own = asked_kinds(question.english) or "?" in question.original
    if not named or own or not _names_place(before) or not corrects(question.original):
        return ""
    return named[0].lstrip("=").replace("_", " ")


def _names_place(question: Question) -> bool:
    return any(is_place(term.word) for term in question.terms)


def joined(question: Question, context: str, without: frozenset[str] = frozenset()) -> str:
    """The question before and this one as one; a country, day or number here takes the place of one there.

    `without` are stems of words before that this question puts something else in the place of.
    """
    terms = {term.term for term in question.terms}
    replaces = {
        "place": _names_place(question),
        "day": bool(terms & WEEKDAYS),
        "number": any(term.word[0].isdigit() for term in question.terms),
    }
    kept = [
        word.lstrip("=").replace("_", " ")
        for word in surface(context)
        if not replaces.get(_class_of(word)) and stem(word) not in without
    ]
    said = _OPENS.sub("", question.original).strip()
    return f"{' '.join(kept)} {said}".strip()


def _class_of(word: str) -> str:
    if is_place(word):
        return "place"
    if word[0].isdigit():
        return "number"
    return "day" if stem(word) in WEEKDAYS else ""


def _rivals(question: Question, before: Question, passage: Passage) -> frozenset[str]:
    """What was asked about before in lines of its own: "double" when it is now about the king size."""
    said = [frozenset(tokens(line)) for line in passage.lines]
    now = {term.term for term in question.terms if any(term.term in line for line in said)}
    then = {term.term for term in before.terms} - now
    return frozenset(
        term
        for term in then
        if any(term in line and not now & line for line in said)
        and any(term not in line and now & line for line in said)
    )


def stays(question: Question, before: Question, passage: Passage) -> bool:
    """Whether the passage under discussion also says what the follow-up asks."""
    stated = kinds_in(passage.text)
    own = asked_kinds(question.english)
    asked = own or asked_kinds(before.english)
    if not asked <= stated:
        return False
    has = _words_of(passage, phrasings=False)
    return all(_is_covered(term, has, passage, bool(own)) for term in question.terms)


def _instead(
    question: Question,
    before: Question,
    context: str,
    alone: Search,
    read: Callable[[str], Question],
    find: Callable[[Question], Search],
) -> Search:
    """What was asked before, of another thing: "no, I meant the provisioning one", "and the other one?"."""
    whole = read(joined(question, context, frozenset(term.term for term in things(before))))
    found = find(whole)
    return _as(found, whole) if found.answerable >= _SURE else alone


def _goes_on(question: Question, alone: Search, joint: Search, passage: Passage) -> bool:
    """Whether "and by debit card?" asks for one more thing what was asked before of another.

    Together the two lead to the passage under discussion, which names some of the thing; and the follow-up
    asks nothing itself, or nothing that is answered elsewhere.
    """
    there = joint.hits[0].passage.id == passage.id and joint.answerable >= _SURE
    if _SAME.search(question.original):
        return there
    asks = asked_kinds(question.english) or _ASKS_ITSELF.search(_OPENS.sub("", question.original))
    if alone.answerable >= _SURE and (asks or alone.hits[0].passage.id == passage.id):
        return False
    has = _words_of(passage, phrasings=False)
    return there and any(term.term in has for term in things(question))


def fits(question: Question, passage: Passage) -> bool:
    """Whether a passage that was found with the topic has what the follow-up itself asks for."""
    has = _words_of(passage, phrasings=True)
    named = (*things(question), *(term for term in question.terms if term.term[0] == "="))
    return asked_kinds(question.english) <= kinds_in(passage.text) and all(term.term in has for term in named)


def _is_covered(term: Term, has: frozenset[str], passage: Passage, asks_a_value: bool) -> bool:
    if term.term in has:
        return True
    if term.term[0] == "=":
        return term.known and not any(word[0] == "=" for word in has)
    if term.term in WEEKDAYS:
        return bool(has & WEEKDAYS)
    if term.word in place_names():
        return any(city in has for city in _cities())
    if term.word[0].isdigit():
        return any(any(char.isdigit() for char in line) for line in passage.lines)
    return asks_a_value and term.term in _attributes()


def _words_of(passage: Passage, *, phrasings: bool) -> frozenset[str]:
    texts = (passage.title, passage.heading, passage.text, *(passage.questions if phrasings else ()))
    return frozenset(word for text in texts for word in tokens(text))


def _answered(search: Search) -> bool:
    return bool(search.hits) and search.answerable >= _TALKED_ABOUT


def _about(hit: Hit, talked: Search, whole: Question) -> Search:
    """One more question about the passage under discussion: as sure as that one was."""
    return talked.model_copy(
        update={
            "query": whole.english,
            "resolved": whole.english,
            "hits": (hit, *(other for other in talked.hits if other is not hit)),
            "reasons": ("about the same passage as before",),
        }
    )


def _as(search: Search, whole: Question) -> Search:
    return search.model_copy(update={"resolved": whole.english})


@cache
def _cities() -> frozenset[str]:
    return frozenset(stem(name) for name in place_names())


@cache
def _attributes() -> frozenset[str]:
    """Stems of words that ask about a thing without naming one: price, time, open, available."""
    text = (files("retrieval") / "data" / "attributes.txt").read_text("utf-8")
    return frozenset(stem(word) for word in text.split())
