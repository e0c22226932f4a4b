"""Decide the language of a message: English, Hinglish, Hindi in Devanagari, or another.

Only the words of this message count. Names, e-mail addresses, order numbers and links say nothing about the
language; a message too short to tell takes after the turn before. The decision is a sum of evidence that a
person can read in `reasons`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import exp
from typing import Literal, get_args

from language.files import rows, words
from language.glossary import read
from language.lexicon import find_hinglish, is_english
from language.text import clean, tokens

Language = Literal["en", "hinglish", "hi", "other"]

_NAMES = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+\b")  # inside a sentence a capital begins a name
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\b[\w-]*\d[\w-]*\b|[#@]\w+")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’|«[^»]*»|`[^`]*`|(?<!\w)'[^']*'(?!\w)")
_DEVANAGARI = re.compile(r"[\u0900-\u0963\u0970-\u097f]")
_LETTER = re.compile(r"[^\W\d_]|[\u0900-\u0963]")
_ENOUGH = 0.75
_REPLY_SHARE = 0.2
_MIXED_SHARE = 0.08
_SHORT_REPLY = 4
_SPELLED_ALIKE = 0.8
"""What a word says that only sounds like a Hinglish one."""


@dataclass(frozen=True, slots=True)
class LanguageVerdict:
    """The language of one message, how sure that is (0..1), and the words that spoke for it."""

    language: Language
    confidence: float
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Evidence:
    """Weights gathered for each language that is written in Latin letters."""

    en: float = 0.0
    hinglish: float = 0.0
    other: float = 0.0


def decide_language(text: str, previous: str | None = None, pin: str | None = None) -> LanguageVerdict:
    """Return the language of `text`; `previous` is the last turn's language, `pin` the customer's choice.

    A pin wins over everything. `previous` decides only where the words of the message do not.
    """
    if pin is not None and (pinned := _known(pin)):
        return LanguageVerdict(pinned, 1.0, ("pinned by the customer",))
    message = _NOT_WORDS.sub(" ", clean(text))
    letters = _LETTER.findall(message)
    scripted = _by_script(message, letters)
    if scripted:
        return scripted
    return _by_words(message, _known(previous))


def reply_is(text: str, language: str) -> bool:
    """Tell whether a reply to a customer who writes `language` is in the language it should be in.

    Quotations, links and addresses are left out. Hindi in Devanagari is answered in Hinglish, other languages
    in English. A reply too short to tell passes.
    """
    wanted = "hinglish" if language in ("hinglish", "hi") else "en"
    said = [
        t for t in tokens(_NOT_WORDS.sub(" ", _NAMES.sub(" ", _QUOTED.sub(" ", clean(text))))) if t.isalpha()
    ]
    marked = sum(_is_clear_hinglish(token) for token in said)
    grammar = sum(token in _function_words() and not find_hinglish(token) for token in said)
    if _by_script(" ".join(said), _LETTER.findall(" ".join(said))):
        return False
    if wanted == "hinglish" and not marked:
        return len(said) < _SHORT_REPLY or not any(is_english(token) for token in said)
    if marked + grammar < 2:
        return True
    share = marked / (marked + grammar)
    return share >= 1 - _REPLY_SHARE * 2 if wanted == "hinglish" else share <= _REPLY_SHARE


def _known(language: str | None) -> Language | None:
    return next((known for known in get_args(Language) if known == language), None)


def _by_script(message: str, letters: list[str]) -> LanguageVerdict | None:
    if not letters:
        return None
    devanagari = len(_DEVANAGARI.findall(message)) / len(letters)
    latin = sum(letter < "\u0250" or "\u1e00" <= letter <= "\u1eff" for letter in letters) / len(letters)
    if devanagari >= _MIXED_SHARE:
        return LanguageVerdict("hi", min(1.0, 0.5 + devanagari / 2), ("Devanagari script",))
    if latin + devanagari < 0.5:
        return LanguageVerdict("other", 1.0 - latin, ("another script",))
    return None


def _by_words(message: str, previous: Language | None) -> LanguageVerdict:
    evidence, reasons = _Evidence(), []
    named = tuple(_with_names(message))
    is_mixed = any(_is_hinglish_grammar(token) for token, _ in named)
    if is_mixed and named[-1][0] == "do":  # "give", as no English sentence ends
        named = named[:-1]
    for token, is_name in named:
        reason = _weigh(token, is_name, evidence, is_mixed=is_mixed)
        if reason:
            reasons.append(reason)
    scores: dict[Language, float] = {
        "en": evidence.en,
        "hinglish": evidence.hinglish,
        "other": evidence.other,
    }
    if max(scores.values()) < _ENOUGH:
        confidence = 0.75 if previous or evidence.en > 0 else 0.5
        return LanguageVerdict(previous or "en", confidence, ("too short to tell", *reasons[:4]))
    best = max(scores, key=lambda language: scores[language])
    second = max(score for language, score in scores.items() if language != best)
    return LanguageVerdict(best, round(1 / (1 + exp(-(0.4 + scores[best] - second))), 3), tuple(reasons[:6]))


def _with_names(message: str) -> Iterator[tuple[str, bool]]:
    """Yield each word with whether it looks like a name: a capital inside a sentence of small letters."""
    typed = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", message)
    shouted = sum(word.isupper() for word in typed) * 2 > len(typed)
    titled = sum(word[0].isupper() for word in typed) * 2 > len(typed)
    for i, word in enumerate(typed):
        yield word.casefold().replace("’", "'"), i > 0 and word[0].isupper() and not (shouted or titled)


def _weigh(token: str, is_name: bool, evidence: _Evidence, *, is_mixed: bool) -> str:
    """Add what one word says; return the reason in words, empty if it says nothing.

    Beside Hinglish grammar, English topic words say little: code-mixed Hinglish takes its nouns from there.
    """
    hinglish = find_hinglish(token) is not None and token not in _neutral_words()
    english = is_english(token) or token in _function_words()
    foreign = token in _foreign_words()
    if not (hinglish or english or foreign) or (is_name and not hinglish):
        evidence.other += 0 if is_name or token.isascii() else 0.6
        return ""
    if english:
        topic, both = (0.1, 0.5) if is_mixed else (0.3, 0.3)
        grammar = 0.3 if is_mixed and hinglish else 0.7
        evidence.en += grammar if token in _function_words() else topic
        evidence.hinglish += both if hinglish else 0.0
        evidence.other += 0.4 if foreign else 0.0
        return f"{token}: English"
    sure = 1.2 if read(token) else _SPELLED_ALIKE
    evidence.hinglish += (0.9 if foreign else sure) if hinglish else 0.0
    evidence.other += (0.45 if hinglish else 1.0) if foreign else 0.0
    return f"{token}: Hinglish" if hinglish else f"{token}: another language"


def _is_clear_hinglish(token: str) -> bool:
    return find_hinglish(token) is not None and not is_english(token) and token not in _neutral_words()


def _is_hinglish_grammar(token: str) -> bool:
    """Whether a word does in Hinglish what no English word does here: ka, mein, hai, kya."""
    word = find_hinglish(token)
    return word is not None and word.is_grammar and _is_clear_hinglish(token)


@cache
def _function_words() -> frozenset[str]:
    return words("english_function_words.txt")


@cache
def _neutral_words() -> frozenset[str]:
    """Indian words and short forms that English speakers use as well."""
    return words("neutral_words.txt")


@cache
def _foreign_words() -> frozenset[str]:
    return frozenset(word for _, listed in rows("foreign_words.tsv") for word in listed.split())
