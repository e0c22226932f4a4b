"""A sentence as the claim checker reads it: its content words, names, typed facts and clauses."""

import re
from dataclasses import dataclass
from functools import lru_cache

from language.claim_words import (
    calendar_words,
    content_stem,
    data,
    folded,
    is_hinglish,
    is_known,
    plain_verbs,
    read,
    side,
    stop,
)
from language.clauses import Clause, clauses, fact_stems
from language.lexicon import find_hinglish, is_english, place_names, support_words
from language.quantities import Fact, facts
from language.stem import stem
from language.text import clean, sentences
from language.translit import transliterate

_NAME = re.compile(r"(?<![\w@./-])[A-Z][\w'’]*(?:[-.&][A-Za-z]\w*)*")
_ENGLISH_ENDING = re.compile(r"(?:s|[rgctl]y|ing|ed|ion|ness|ment|able|al|ful)$")
_MAX_SENTENCES = 400


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with everything that is compared; `text` is exactly as in its source."""

    text: str
    stems: tuple[str, ...]
    names: tuple[str, ...]
    facts: tuple[Fact, ...]
    clauses: tuple[Clause, ...]
    whole: Clause
    hinglish: bool


@lru_cache(maxsize=16384)
def parse(text: str) -> Sentence:
    """Return `text`, one sentence, ready for comparison."""
    hinglish = is_hinglish(text)
    plain = clean(text)
    roman = folded(plain if plain.isascii() else transliterate(plain))
    parts = clauses(roman, hinglish)
    stems = tuple(cut for word in read(roman, hinglish) if (cut := content_stem(word)))
    found = facts(text)
    whole = Clause(
        frozenset(stems) | fact_stems(found),
        sum(clause.negated for clause in parts) % 2 == 1,
        frozenset().union(*(clause.sides for clause in parts)) if parts else frozenset(),
    )
    return Sentence(text, stems, names(roman, hinglish), found, parts, whole, hinglish)


@lru_cache(maxsize=2048)
def parse_all(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a passage, ready for comparison."""
    return tuple(parse(sentence) for sentence in sentences(text)[:_MAX_SENTENCES])


def names(text: str, hinglish: bool) -> tuple[str, ...]:
    """Return the capitalised names of `text`, lower-cased; for a first word see `_is_name`."""
    if text.isupper():
        return ()
    found: list[str] = []
    for match in _NAME.finditer(text):
        word = match.group().casefold().removesuffix("'s").removesuffix("’s")
        before = text[: match.start()].rstrip(" \"'“‘(«-*•")
        opens = not before or before[-1] in ".!?:"
        if word in data()["not_names"] or any(char.isdigit() for char in word) or word in stop():
            continue
        if word in calendar_words() or (opens and not _is_name(word, match.group(), hinglish)):
            continue
        found.append(word)
    return tuple(dict.fromkeys(found))


def _is_name(word: str, typed: str, hinglish: bool) -> bool:
    """Tell whether a sentence's first word is a name: inner capitals, a place, or unknown to both languages.

    In Hinglish an English first word counts too: a reply takes its English nouns from its source.
    """
    if any(char.isupper() for char in typed[1:]) or word in place_names():
        return True
    if side(word) is not None and not hinglish:
        return False
    if is_english(word) or is_english(stem(word)):
        return hinglish and bool(content_stem(word)) and find_hinglish(word) is None and not _is_trade(word)
    return len(word) > 3 and not is_known(word) and (hinglish or not _ENGLISH_ENDING.search(word))


def _is_trade(word: str) -> bool:
    return word in support_words() or word in plain_verbs()
