"""Cuts a sentence at its marks and joining words, each piece with what opens it."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from language.claim_words import data, negators
from language.files import rows
from language.lexicon import find_hinglish
from language.text import tokens

_SPACED = re.compile(r"[,;:)](?=\s|$)|(?<!\S)\(|[\u2014\u2013।]|(?<=\s)-(?=\s)")
_MARK = re.compile(r"[,;:()\u2014\u2013।-]")
_AHEAD = re.compile(r"\b(bina|bagair)\s+((?:kisi\s+|extra\s+)?\w+)(?:\s+(?:ke|ki))?\b", re.IGNORECASE)
_BEHIND = re.compile(r"\b(\w+)\s+ke\s+(bina|bagair|saath)\b", re.IGNORECASE)
_SET_APART = re.compile(r"\b([\w ]+?)\s+(?:ko\s+)?(?:chhodkar|chodkar|chhod kar|chhodke)\b,?", re.IGNORECASE)
_ALL_BUT = re.compile(
    r"\b((?:every|all|any|each|no)\s\w+|(?:every|any|no)(?:one|body|thing))\s+(?:but|other than)\b",
    re.IGNORECASE,
)
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_VERB_ENDING = re.compile(r"(?:iye|iyega|enge|ega|egi|oge|unga|ungi)$")
_DISCOURSE = re.compile(
    r"^\s*(?:yes|no|nope|sorry|haan|ji|nahi|nahin)\s*[,.!]\s*(?:ji\s*[,.!]?\s*)?", re.IGNORECASE
)
_ONE = re.compile(r"(\ban? )([\w -]+?)([;,:] .*?\bwithout )(?:one|it)\b")  # what "without one" is without
_RELATIVE = frozenset({"that", "which", "who"})
Duty = Literal["must", "may", ""]
LINKS = frozenset({"and", "or", ",", "aur", "ya", ", and", ", or"})


def cut(text: str, hinglish: bool) -> list[tuple[str, tuple[str, ...]]]:
    """Cut at marks and joining words, and where a relative clause ends; each piece with what opens it.

    Hinglish has its verb last: a comma or `aur` that no verb precedes stands in a list and cuts nothing;
    `hone par` ends a condition.
    """
    pieces: list[tuple[str, list[str]]] = [("", [])]
    plain = _bare_parentheses(_ONE.sub(r"\1\2\3\2", _DISCOURSE.sub("", text)))
    plain = _ALL_BUT.sub(r"\1 except", plain)
    for token in _SPACED.sub(r" \g<0> ", _within(plain) if hinglish else plain).split():
        word = token.casefold()
        last = pieces[-1][1]
        if hinglish and word == "to" and last and _ends_in_verb(last):
            word = "toh"
        if hinglish and word == "matlab":
            pieces.append(("that", []))
        elif hinglish and word in {"par", "pe"} and last and last[-1].casefold().endswith("ne"):
            pieces[-1] = ("agar", last)
            pieces.append(("main", []))
        elif not hinglish and word in _RELATIVE and not _closed(last):
            last.append(token)
        elif word in _joints() or _MARK.fullmatch(token):
            if hinglish and last and word in LINKS and not _ends_in_verb(last):
                continue
            after_comma = pieces[-1] == (",", []) and word in {"and", "or"}
            pieces.append((f", {word}" if after_comma else word, []))
        elif not hinglish and pieces[-1][0] == "without" and word in verbs() and len(pieces) > 1:
            pieces.append((pieces[-2][0], [*pieces[-2][1], token]))
            pieces[-3][1].clear()
        elif not hinglish and pieces[-1][0] in _RELATIVE and word in _finite() and _has_finite(last):
            pieces.append(("and", [token]))
        else:
            last.append(token)
            if word in {"without", "bina", "bagair", "with", "saath"}:
                opening = last.pop()
                pieces.append((word, [opening]))
    return [(opening, tuple(words)) for opening, words in pieces if words]


def _closed(words: list[str]) -> bool:
    """Tell whether a clause has its verb or its negation, so that what follows it is another clause."""
    return not words or any(word.casefold() in verbs() or word.casefold() in negators() for word in words)


def _within(text: str) -> str:
    """Put what is with or without something behind the sentence: `plastic ke bina`, `bina plastic ke`."""
    found = [f"; {match[2]} {match[1]}" for match in _BEHIND.finditer(text)]
    rest = _BEHIND.sub(" ", text)
    found += [f"; {match[1]} {match[2]}" for match in _AHEAD.finditer(rest)]
    rest = _AHEAD.sub(" ", rest)
    found += [f" except {match[1]}" for match in _SET_APART.finditer(rest)]
    return _SET_APART.sub(" ", rest).rstrip(" .!") + " ".join(found)


def _bare_parentheses(text: str) -> str:
    """Take parentheses away where nothing is denied in them: `Other (Standard) option`."""
    return _PARENTHESES.sub(
        lambda match: match[0] if negators().intersection(tokens(match[1])) else f" {match[1]} ", text
    )


def _ends_in_verb(words: list[str]) -> bool:
    word = words[-1].casefold()
    known = find_hinglish(word)
    return word in _being() or bool(_VERB_ENDING.search(word)) or bool(known and known.root in _verb_roots())


@cache
def _verb_roots() -> frozenset[str]:
    return frozenset(roots.split()[0] for roots, *_ in rows("hinglish_verbs.tsv"))


def _has_finite(words: list[str]) -> bool:
    """Tell whether a relative clause has had its verb, and a word behind it."""
    places = [place for place, word in enumerate(words) if word.casefold() in _finite()]
    return bool(places) and len(words) - 1 > places[0]


@cache
def _joints() -> frozenset[str]:
    return frozenset(data()["joints"])


@cache
def _finite() -> frozenset[str]:
    return frozenset(data()["finite"])


@cache
def _being() -> frozenset[str]:
    return frozenset(data()["being"])


def duty_of(words: Sequence[str]) -> Duty:
    """Return whether a clause says what one must do, or what one may."""
    if not _helpers("duty").isdisjoint(words):
        return "must"
    return "may" if not _helpers("leave").isdisjoint(words) else ""


@cache
def _helpers(kind: str) -> frozenset[str]:
    return frozenset(data()[kind])


@cache
def verbs() -> frozenset[str]:
    plain = f"{data()['verbs']} {data()['actions']}".split()
    return frozenset({*data()["auxiliaries"], *plain, *(verb + "s" for verb in plain)})
