"""Words as retrieval compares them: folded, stemmed, demonyms as their country, function words apart."""

import functools
import json
import re
from importlib.resources import files

from language.lexicon import place_names
from language.normalise import normalise

_WORD = re.compile(r"=?[^\W_]+(?:[_'.][^\W_]+)*|=\w+")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")
_BEFORE_A_COUNTRY = frozenset(("a", "an", "my", "for", "of", "in", "from"))
_DERIVED = (
    ("ation", 4),
    ("ment", 3),
    ("ness", 4),
    ("ally", 4),
    ("able", 4),
    ("ible", 4),
    ("ly", 4),
    ("ion", 4),
    ("al", 5),
)


@functools.cache
def function_words() -> frozenset[str]:
    """Words that say nothing about the topic: articles, pronouns, auxiliaries, question words, politeness."""
    return frozenset((files("retrieval") / "data" / "function_words.txt").read_text("utf-8").split())


@functools.cache
def places() -> dict[str, str]:
    """Names, demonyms and short forms of countries (some of several words), each with its mark, `=brazil`."""
    table = json.loads((files("retrieval") / "data" / "places.json").read_text("utf-8"))
    return {form: "=" + name.replace(" ", "_") for name, forms in table.items() for form in (name, *forms)}


@functools.cache
def _place_phrases() -> tuple[tuple[str, ...], re.Pattern[str]]:
    """The names of several words, and where one stands in a text: looking for the pattern is slow."""
    phrases = tuple(sorted((form for form in places() if " " in form), key=len, reverse=True))
    return phrases, re.compile(r"\b(" + "|".join(map(re.escape, phrases)) + r")\b", re.IGNORECASE)


def _marked(text: str) -> str:
    """The text with the places whose names have several words as `=country`."""
    phrases, pattern = _place_phrases()
    low = text.lower()
    if not any(phrase in low for phrase in phrases):
        return text
    return pattern.sub(lambda match: places()[match.group().lower()], text)


@functools.lru_cache(16384)
def tokens(text: str) -> tuple[str, ...]:
    """The comparable words of a text, in order: stemmed, without function words; places as `=country`."""
    ignored = function_words()
    return tuple(word if word[0] == "=" else stem(word) for word in surface(text) if word not in ignored)


def is_place(word: str) -> bool:
    """Whether a folded word is a country (`=germany`) or a city."""
    return word[0] == "=" or word in place_names()


def surface(text: str) -> list[str]:
    """The folded words of a text, in order, not stemmed; places as `=country`."""
    found = _WORD.findall(_marked(text.replace("’", "'")))
    shouting = text.isupper()
    return [_folded(word, found, at, shouting=shouting) for at, word in enumerate(found)]


def _folded(word: str, words: list[str], at: int, *, shouting: bool) -> str:
    if word[0] == "=":
        return word
    bare = word.replace(".", "") if _INITIALS.fullmatch(word) else word
    low = bare.lower().removesuffix("'s")
    if low not in places():
        return low
    if low == "us" and not (bare.isupper() and not shouting) and not _names_a_country(words, at):
        return low
    return places()[low]


def _names_a_country(words: list[str], at: int) -> bool:
    """Whether a small "us" is the country: "the us", "for us passports", and not "contact us"."""
    before = words[at - 1].lower() if at else ""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    return before == "the" or (before in _BEFORE_A_COUNTRY | {""} and after not in function_words() | {""})


@functools.lru_cache(65536)
def gloss(text: str) -> str:
    """A text in English words; remembered, for all phrasings are read anew when one of them changes."""
    return normalise(text).english


@functools.lru_cache(65536)
def stem(word: str) -> str:
    """A light English stem: plurals, tenses, adverbs and the commonest nouns made of verbs."""
    if len(word) < 4 or any(letter.isdigit() for letter in word):
        return word
    word = _without_tense(_singular(word))
    for suffix, minimum in _DERIVED:
        base = word.removesuffix(suffix)
        if base != word and len(base) >= minimum:
            word = _single(base)
            break
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("y") and word[-2] not in "aeiou" else word


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "xes", "shes", "ches", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_tense(word: str) -> str:
    if word.endswith("ied"):
        return word[:-3] + "y"
    for suffix in ("ing", "ed"):
        base = word.removesuffix(suffix)
        if base != word and len(base) > 2 and any(vowel in base for vowel in "aeiouy"):
            return _single(base)
    return word


def _single(base: str) -> str:
    """The base without a doubled last letter: shipp -> ship, cancell -> cancel, but call and pass."""
    if base[-1] != base[-2] or base[-1] in "aeiousz" or (base[-1] == "l" and len(base) < 6):
        return base
    return base[:-1]
