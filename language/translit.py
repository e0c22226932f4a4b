"""Write Devanagari in the Latin letters that Hinglish uses, so that both reach the same normaliser.

The result is what people type ("मेरा ऑर्डर" -> "mera order"), not a scholarly transliteration: the inherent
vowel is dropped where Hindi does not speak it, and English loan words get their English spelling.
"""

import re
import unicodedata
from functools import cache, lru_cache

from language.files import rows

_NUKTA, _VIRAMA = "\u093c", "\u094d"
_WORD = re.compile("[\u0900-\u0963\u0970-\u097f]+")


@cache
def _loans() -> dict[str, str]:
    """Devanagari spellings of English words, e.g. रिफंड -> refund."""
    return {
        unicodedata.normalize("NFC", spelling): roman
        for roman, spellings in rows("devanagari_loans.tsv")
        for spelling in spellings.split()
    }


@cache
def _letters(kind: str) -> dict[str, str]:
    """Latin for the letters of a kind: `consonant`, `vowel`, `sign` or `nasal`."""
    return {letter: roman for letter, roman, of_kind in rows("devanagari_letters.tsv") if of_kind == kind}


def transliterate(text: str) -> str:
    """Return `text` with every Devanagari word in Latin letters, other text untouched; danda becomes `.`."""
    return _WORD.sub(lambda found: _roman(found.group()), text).replace("।", ".").replace("॥", ".")


@lru_cache(maxsize=20_000)
def _roman(word: str) -> str:
    joined = unicodedata.normalize("NFC", word)
    if joined in _loans():
        return _loans()[joined]
    return "".join(_spoken(_syllables(joined)))


def _syllables(word: str) -> list[tuple[str, str]]:
    """Return the (consonant, vowel) pairs of a word in NFC; the vowel is `A` where it is the inherent one."""
    found: list[tuple[str, str]] = []
    for char in word:
        if char in _letters("consonant"):
            found.append((_letters("consonant")[char], "A"))
        elif char in _letters("vowel"):
            found.append(("", _letters("vowel")[char]))
        elif char in _letters("nasal"):
            found.append((_letters("nasal")[char], ""))
        elif found:
            found[-1] = _signed(found[-1], char)
    return found


def _signed(syllable: tuple[str, str], char: str) -> tuple[str, str]:
    consonant, vowel = syllable
    if char == _NUKTA:
        return {"j": "z", "ph": "f"}.get(consonant, consonant), vowel
    if char == _VIRAMA:
        return consonant, ""
    return consonant, _letters("sign").get(char, vowel)


def _spoken(syllables: list[tuple[str, str]]) -> list[str]:
    """Drop inherent vowels at the end of a word and between two spoken vowels."""
    letters: list[str] = []
    last = len(syllables) - 1
    for i, (consonant, vowel) in enumerate(syllables):
        if vowel == "A":
            letters.append(consonant if _is_silent(syllables, i, last) else consonant + "a")
        else:
            letters.append(consonant + vowel)
    return letters


def _is_silent(syllables: list[tuple[str, str]], i: int, last: int) -> bool:
    if i == last:
        return last > 0
    if i == 0 or not syllables[i - 1][1]:
        return False
    consonant, vowel = syllables[i + 1]
    return consonant != "" and vowel not in {"", "A"}
