"""The questions of a message that asks several things, so that each is answered."""

import re
from typing import NamedTuple

from language.acts import acts
from language.files import words
from language.normalise import normalise
from language.openings import is_opening
from language.text import sentences

_MOST = 4
_JOINT = re.compile(
    r"\s*[;,:]\s+(?:(?:and|also|aur|plus)\s+)?"
    r"|\s+(?:and also|and then|and|also|aur|plus|tatha|saath hi|saath mein|&|n)\s+"
    r"|\s*(?<!\w)[1-9]\s?[.)]\s+(?=[^\W\d])"  # "1) ... 2) ..."
    r"|\s+or\s+(?=(?:\w+ )?(?:kitn|kab|kb|ky|kai|kais|kahan|kaun)\w*)",  # "or" is how many write "aur"
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:hai|ho|hoga|hogi|honge|milega|milegi|milta|milti|milte|sakta|sakte|sakti|hota|hoti|chalega|lagega"
    r"|karte|dete|lete|banta|banti|aata|aati|\w+(?:ega|egi|enge|oge|ogi))\b(?: kya| ya nahi| ki nahi| na)?$"
)
_TELLS = re.compile(
    r"\b(?:raha|rahi|rahe|gaya|gayi|gaye|chuka|chuki|chuke) (?:hai|hain|hun|hoon|tha|thi|the)$"
)
"""Tells what is going on or has happened."""
_TAGS = (" ya nahi", " ki nahi", " na")
"""With these a statement asks to be confirmed."""
_ADDED = re.compile(r"^(?:also|and|plus|aur)\s+", re.IGNORECASE)
_BOTH = re.compile(r"\s+(?:and|aur|&)\s+", re.IGNORECASE)
_CUE = re.compile(r"\b(?:kab|kahan|kaise|kyun|kaun|kaunsa|kitna)\b")


def parts_of(text: str) -> tuple[str, ...]:
    """The questions in reading order, two to four; nothing for a single question.

    A clause that asks nothing ("I live in Pune", "and Mumbai") stays with the question beside it.
    """
    found: list[str] = []
    loose = ""
    for sentence in sentences(text):
        joint, clauses = "", _clauses(sentence)
        for clause, next_joint in clauses:
            whole = len(clauses) == 1 and clause.rstrip().endswith("?")
            if whole or _asks(clause, sentence, found[-1] if found else ""):
                found.append(_ADDED.sub("", f"{loose} {clause}".strip()))
                loose = ""
            elif found and joint:
                found[-1] += joint + clause
            else:
                loose = f"{loose} {clause}".strip()
            joint = next_joint
    return tuple(found[:_MOST]) if len(found) > 1 else ()


def halves_of(text: str) -> tuple[str, ...]:
    """The two sides of an "and" that is not between questions: "COD and EMI available?"; else nothing."""
    sides = [side.strip() for side in _BOTH.split(text) if side.strip()]
    return tuple(sides) if len(sides) == 2 and all(content_of(side) for side in sides) else ()


class Told(NamedTuple):
    """A question that a message asks, and the rest of the message, which tells something."""

    question: str
    story: str
    apart: bool
    """Whether the question is a sentence of its own."""


def told_around(text: str) -> tuple[Told, ...]:
    """Ways to read a message as a story with one question in it ("I only have a phone, is it enough?")."""
    said = sentences(text)
    asking = [one for one in said if len(said) > 1 and ("?" in one or _asks(one, one, ""))]
    found = [Told(one, " ".join(other for other in said if other is not one), True) for one in asking[::-1]]
    if core := _core_of(text):
        story = text[: text.rindex(core)].rstrip()
        found.append(Told(core, story, story[-1:] in {".", "!", ";", "\n"}))
    return tuple({told.question: told for told in found[::-1]}.values())[::-1]


def _core_of(text: str) -> str:
    """The question without the clauses before it, or nothing."""
    told = ""
    for sentence in sentences(text):
        for clause, joint in _clauses(sentence):
            if told and (_asks(clause, sentence, "") or "?" in clause):
                return text[text.index(clause) :].strip()
            told += clause + joint
    return ""


def _clauses(sentence: str) -> list[tuple[str, str]]:
    """Each clause with the joint that follows it, as written."""
    cut, start = [], 0
    for joint in _JOINT.finditer(sentence):
        cut.append((sentence[start : joint.start()], joint.group()))
        start = joint.end()
    return [(clause, joint) for clause, joint in (*cut, (sentence[start:], "")) if clause.strip()]


def _asks(clause: str, sentence: str, before: str) -> bool:
    """Whether a clause is a question or a request of its own."""
    if not content_of(clause) or is_opening(clause):
        return False
    bare = clause.strip(" ?.!")
    said = acts(bare, "en")
    if said.declines_person:
        return False
    if said.mode == "action_request":
        return not before or acts(before, "en").mode != "informational"
    spoken = " ".join(normalise(bare).tokens)
    if _TELLS.search(spoken) and "kya" not in spoken.split() and not _CUE.search(spoken):
        return False
    if " kya" in f" {spoken}" or _FINITE.search(spoken):
        asked = "kya" in spoken.split() or "?" in sentence or spoken.endswith(_TAGS)
        return bool(_CUE.search(spoken)) or (asked and bool(_FINITE.search(spoken)))
    return said.question


def content_of(clause: str) -> list[str]:
    """The words of a clause that carry a meaning, in English."""
    grammar = words("english_function_words.txt")
    return [word for word in normalise(clause).english.split() if word not in grammar]
