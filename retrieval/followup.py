"""Questions that lean on the one before ("and for Germany?", "uska price?"), read together with it."""

import re

from retrieval.expected import asked_kinds, kinds_in
from retrieval.passages import Passage
from retrieval.question import Question
from retrieval.words import surface, tokens

FEW_WORDS = 3
_OPENS = re.compile(
    r"^\W*(?:and|but|or|also|then|what about|how about|what if|same|aur|lekin|phir|toh|for)\b", re.IGNORECASE
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|those|these|them|they|one|ones|uska|uski|uske|iska|iski|iske|usme[in]?|isme[in]?"
    r"|wo|woh|vo|ye|yeh)\b",
    re.IGNORECASE,
)


def leans(question: Question) -> bool:
    """Whether the question may need the one before to be understood."""
    few = len(question.terms) <= FEW_WORDS
    return few and bool(
        not question.terms or _OPENS.search(question.original) or _POINTS_BACK.search(question.original)
    )


def joined(question: Question, context: str) -> str:
    """The question before and this one as one; a country or a number here takes the place of one there."""
    replaces_place = any(term.term[0] == "=" for term in question.terms)
    replaces_number = any(term.word[0].isdigit() for term in question.terms)
    kept = [
        word.lstrip("=").replace("_", " ")
        for word in surface(context)
        if not (replaces_place and word[0] == "=") and not (replaces_number and word[0].isdigit())
    ]
    return f"{' '.join(kept)} {_OPENS.sub('', question.original).strip()}"


def fits(question: Question, passage: Passage) -> bool:
    """Whether a passage that was found with the context has what the follow-up itself asks for."""
    has = {
        word
        for text in (passage.title, passage.heading, passage.text, *passage.questions)
        for word in tokens(text)
    }
    stated = kinds_in(passage.text)
    return all(term.term in has for term in question.terms) and asked_kinds(question.english) <= stated
