"""How many of what: "two cabin bags" is not one cabin bag, though a 2 stands elsewhere in the passage."""

from collections.abc import Sequence
from functools import cache, lru_cache

from language.claim_text import Sentence
from language.claim_words import content_stem, read
from language.clause_cut import verbs
from language.number_words import data, digits
from language.text import tokens

_SINGLE = frozenset({"single", "one", "ek"})
_REACH = 2


def miscounts(claim: Sentence, closest: Sentence, given: Sequence[Sentence]) -> bool:
    """Tell whether the claim counts a thing otherwise than its sentence, and so does no source sentence."""
    stated, elsewhere = _counts(closest), [_counts(sentence) for sentence in given]
    return any(
        noun in stated
        and number not in stated[noun]
        and all(number not in c.get(noun, ()) for c in elsewhere)
        for noun, numbers in _counts(claim).items()
        for number in numbers
    )


@lru_cache(maxsize=8192)
def _counts_of(text: str, hinglish: bool) -> dict[str, frozenset[float]]:
    words = tokens(digits(text))
    found: dict[str, frozenset[float]] = {}
    for place, word in enumerate(words):
        number, after = _number(word, hinglish), words[place + 1 : place + 1 + _REACH]
        if number is None or verbs().intersection(after[:1]):
            continue
        for noun in _counted(after, hinglish):
            found[noun] = found.get(noun, frozenset()) | {number}
    return found


def _counts(sentence: Sentence) -> dict[str, frozenset[float]]:
    return _counts_of(sentence.text, sentence.hinglish)


def _number(word: str, hinglish: bool) -> float | None:
    if word.isdigit():
        return float(word)
    if word in _SINGLE:
        return 1.0
    return _small().get(word) if hinglish else None


@cache
def _small() -> dict[str, float]:
    """Return the Hinglish number words that are other words too (do, char), which count before a noun."""
    ambiguous = set(data()["words"]["ambiguous"])
    return {word: value for word, value in data()["numbers"].items() if word in ambiguous and value > 1}


def _counted(words: Sequence[str], hinglish: bool) -> list[str]:
    """Return the stems of the words that follow a number without a gap."""
    stems: list[str] = []
    for word in words:
        cut = " ".join(filter(None, (content_stem(meant) for meant in read(word, hinglish))))
        if not cut:
            break
        stems.append(cut)
    return stems
