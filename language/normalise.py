"""Bring English and Hinglish, however they are spelled, to one form that meaning can be read from.

Hinglish has no standard spelling: `nahi`, `nhi` and `nahin` are one word, and so are `kaha`, `kahan` and
`kidhar`. The normaliser gives canonical tokens (for the classifier, safety and guard) and a query in English
(for retrieval over English knowledge). It is pure, needs no model, and takes well under a millisecond.
"""

from dataclasses import dataclass
from functools import lru_cache

from language.glossary import Word, read
from language.lexicon import find_hinglish, guess_hinglish, is_english, phrases, repair
from language.stem import stem as _english_stem
from language.text import clean, tokens
from language.translit import transliterate

_LONGEST_PHRASE = 4
_ENOUGH_TO_TELL = 3
_BETWEEN_VERBS = frozenset({"nahi", "mat", "hi", "bhi", "toh", "na"})


@dataclass(frozen=True, slots=True)
class Normalised:
    """A message in canonical spelling.

    `tokens` are the words in order; `english` is the query for retrieval; `hinglish` tells for each token
    whether it was read as a Hinglish word; `roots` are the tokens cut to verb roots and English stems.
    """

    tokens: tuple[str, ...]
    english: str
    hinglish: tuple[bool, ...]
    roots: tuple[str, ...]


def normalise(text: str) -> Normalised:
    """Return `text` (English, Hinglish or Devanagari, any spelling) in canonical form."""
    return _normalise(clean(text))


@lru_cache(maxsize=4_096)
def _normalise(text: str) -> Normalised:
    typed = tokens(text if text.isascii() else transliterate(text))
    words = _read(typed)
    canonical = tuple(w.canonical if w else repair(t) for t, w in zip(typed, words, strict=True))
    roots = tuple(w.root if w else _english_stem(c) for c, w in zip(canonical, words, strict=True))
    return Normalised(
        tokens=canonical,
        english=" ".join(_english(canonical, roots, words)),
        hinglish=tuple(w is not None and not w.is_loan for w in words),
        roots=roots,
    )


def stem(word: str) -> str:
    """Return the verb root of a Hinglish word (`bhejunga` -> `bhej`) or the light stem of an English one."""
    word = word.casefold()
    known = None if is_english(word) else find_hinglish(word)
    return known.root if known else _english_stem(word)


def _read(typed: tuple[str, ...]) -> list[Word | None]:
    """Decide for each word whether it is Hinglish; one that is also English takes after its neighbours."""
    found = [guess_hinglish(token) for token in typed]
    is_clear = [_is_clear(t, w) for t, w in zip(typed, found, strict=True)]
    is_sure = any(clear and read(token) for clear, token in zip(is_clear, typed, strict=True))
    if not (is_sure or (any(is_clear) and len(typed) < _ENOUGH_TO_TELL)):
        return [w if w and w.is_loan else None for w in found]
    english = sum(w is None and is_english(t) for t, w in zip(typed, found, strict=True))
    mostly = sum(is_clear) * 2 >= english
    return [
        w if w and (w.is_loan or clear or mostly or _beside(is_clear, i)) else None
        for i, (w, clear) in enumerate(zip(found, is_clear, strict=True))
    ]


def _is_clear(typed: str, word: Word | None) -> bool:
    return word is not None and not word.is_loan and not is_english(typed)


def _beside(is_clear: list[bool], i: int) -> bool:
    return any(is_clear[max(0, i - 1) : i + 2])


def _english(canonical: tuple[str, ...], roots: tuple[str, ...], words: list[Word | None]) -> list[str]:
    """Translate phrase by phrase, longest first, then word by word; unknown and English words stay."""
    said: list[str] = []
    i = 0
    while i < len(canonical):
        size, english = _phrase_at(canonical, roots, words, i)
        word = words[i]
        if size == 1:
            english = _meaning(word, words[:i]) if word else canonical[i]
        if english and english not in said[-1:]:
            said.append(english)
        i += size
    return said


def _meaning(word: Word, before: list[Word | None]) -> str:
    """Return what a word means here: "le" after another verb ("kar le", "kar nahi le") is no "take"."""
    last = next((w for w in reversed(before) if w is None or w.root not in _BETWEEN_VERBS), None)
    is_second = last is not None and last.is_verb and last.root != word.root
    return word.after_verb if is_second else word.english


def _phrase_at(
    canonical: tuple[str, ...], roots: tuple[str, ...], words: list[Word | None], i: int
) -> tuple[int, str]:
    for size in range(min(_LONGEST_PHRASE, len(roots) - i), 1, -1):
        if not any(words[i : i + size]):
            continue
        english = phrases().get(canonical[i : i + size]) or phrases().get(roots[i : i + size])
        if english:
            return size, english
    return 1, ""
