"""The Hinglish glossary: words with their spellings, and the forms that grammar makes of them by rule.

An entry is listed once. Nouns and adjectives get their plural, oblique and agreeing forms, verbs theirs of
tense, person and politeness; the forms of an entry are made when a word that begins like it is first met.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from language.files import rows

Kind = Literal["fixed", "declined", "verb"]

_LISTS: tuple[tuple[str, Kind], ...] = (
    ("hinglish_words.tsv", "fixed"),
    ("hinglish_goods.tsv", "declined"),
    ("hinglish_public.tsv", "declined"),
    ("hinglish_home.tsv", "declined"),
    ("hinglish_qualities.tsv", "declined"),
    ("hinglish_verbs.tsv", "verb"),
)
"""The earlier entry has a spelling that two claim."""
_DOUBLED = re.compile(r"(.)\1+")
_VOWEL = re.compile(r"[aeiou]")
_GLIDE = re.compile(r"(?<=[ai])(?=e)|(?<=i)(?=[ao])")


@dataclass(frozen=True, slots=True)
class Word:
    """A known Hinglish word: its canonical spelling, English meaning (empty: function word) and root.

    `after_verb` is what it means beside another verb: "le" is "take", and nothing in "kar le".
    """

    canonical: str
    english: str
    root: str
    after_verb: str
    is_verb: bool = False

    @property
    def is_loan(self) -> bool:
        """Tell whether this is an English word in a Hinglish spelling."""
        return self.canonical == self.english

    @property
    def is_grammar(self) -> bool:
        """Tell whether the word serves the grammar of the sentence."""
        return not self.english or not self.after_verb


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the lists: its spellings (the first is canonical), meaning and forms that follow no rule."""

    spellings: tuple[str, ...]
    english: str
    after_verb: str
    kind: Kind
    irregular: tuple[str, ...] = ()


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry, in the order of the lists."""
    return tuple(_entry(row, kind) for name, kind in _LISTS for row in rows(name))


def _entry(row: list[str], kind: Kind) -> Entry:
    first, meaning, *others = row
    more = " ".join(others).replace("?", "").split()
    english, _, after_verb = meaning.partition("|")
    meanings = _meant(english), _meant(after_verb or english)
    if kind == "verb":
        return Entry(tuple(first.split()), *meanings, kind, tuple(more))
    return Entry((first, *more), *meanings, kind)


def _meant(cell: str) -> str:
    return "" if cell == "-" else cell


def read(word: str, *, only_listed: bool = False) -> Word | None:
    """Return the Hinglish word that the lower-case `word` is exactly: one listed, or a form made by rule."""
    listed = _listed().get(word)
    if listed is not None:
        return forms(listed)[word]
    if only_listed:
        return None
    for size in range(len(word), 0, -1):
        for entry in _by_stem().get(word[:size], ()):
            if word in forms(entry):
                return forms(entry)[word]
    return None


def stems(entry: Entry) -> tuple[str, ...]:
    """Return what every form made by rule begins with."""
    if entry.kind == "declined":
        return tuple(spelling[:-1] if spelling[-1] in "ai" else spelling for spelling in entry.spellings)
    return entry.spellings


@cache
def forms(entry: Entry) -> dict[str, Word]:
    """Return the word that each form of `entry` is."""
    canonical = entry.spellings[0]
    if entry.kind == "verb":
        return _verb_forms(entry)
    word = Word(canonical, entry.english, canonical, entry.after_verb)
    made = _declined(entry) if entry.kind == "declined" else ()
    return dict.fromkeys((*entry.spellings, *made), word)


def _declined(entry: Entry) -> Iterator[str]:
    for spelling, stem in zip(entry.spellings, stems(entry), strict=True):
        kind = f"noun in {spelling[-1]}" if stem != spelling else "noun"
        yield from (stem + ending for ending in _endings(kind))


def _verb_forms(entry: Entry) -> dict[str, Word]:
    """Forms that sound alike (`dia`, `diya`) share the spelling of the first."""
    root = entry.spellings[0]
    endings = _endings("verb in a vowel" if root[-1] in "aeiou" else "verb")
    regular = (stem + ending for stem in entry.spellings for ending in ("", *endings))
    first: dict[tuple[str, str], str] = {}
    found: dict[str, Word] = {}
    for form in (*entry.irregular, *regular):
        canonical = first.setdefault(_sound(form), form)
        found.setdefault(form, Word(canonical, entry.english, root, entry.after_verb, is_verb=True))
    return found


def _sound(form: str) -> tuple[str, str]:
    """Return the consonants of a verb form, a glide written or not (`dia`, `diya`), and its last vowel."""
    glided = _GLIDE.sub("y", _DOUBLED.sub(r"\1", form))
    return _VOWEL.sub("", glided), glided[-1] if glided[-1] in "aeiou" else ""


@cache
def _endings(kind: str) -> tuple[str, ...]:
    return tuple(
        ending for name, listed in rows("hinglish_endings.tsv") if name == kind for ending in listed.split()
    )


@cache
def _listed() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in entries():
        for spelling in (*entry.spellings, *entry.irregular):
            found.setdefault(spelling, entry)
    return found


@cache
def _by_stem() -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries():
        if entry.kind != "fixed":
            for stem in stems(entry):
                found.setdefault(stem, []).append(entry)
    return found
