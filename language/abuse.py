"""Find insults aimed at people, in English, Hinglish and Devanagari, however they are spelled.

Anger is not abuse: a customer who swears at a situation or is simply furious is not flagged; one who insults
somebody is. Hinglish insults have dozens of spellings, so words are compared by a key that forgets the length
of vowels, doubled letters, aspiration and digits that stand for letters.
"""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from language.disguise import views
from language.lexicon import find_hinglish, is_english
from language.risk_rules import Hit

_FOLDS = (
    ("ph", "f"), ("sh", "s"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("gh", "g"), ("kh", "k"), ("ch", "c"),
    ("ee", "i"), ("oo", "u"), ("aa", "a"), ("ou", "u"), ("au", "o"), ("ai", "e"), ("ey", "e"), ("ay", "e"),
    ("iy", "i"), ("w", "v"), ("z", "j"), ("q", "k"), ("y", "i"),
)  # fmt: skip
_OF_ONESELF = re.compile(
    r"\b(?:like an?|i am|i'?m|i was|me being|how) (?:such )?(?:an? )?(?:complete |total |real )?"
    r"(?:idiot|fool|moron|donkey|dumb\w*|stupid)\b(?! company| service| bot| people| team| like you)"
    r"|\bmain (?:bhi |hi |kitn[ai] |bada |badi )*(?:pagal|bewakoof|bevkoof|gadha|gadhi|ullu)\b"
)
"""Who calls himself a fool insults nobody."""
_REPEATED = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W_]+(?:\*+[^\W_]+)?", re.UNICODE)
_STRONG, _MEDIUM, _AIMED, _PHRASE, _HARSH = 0.85, 0.3, 0.35, 0.7, 0.25
_NEAR = 4
_OWN = frozenset({"my", "our", "mera", "mere", "meri", "hamara", "hamare", "hamari", "apna", "apne", "apni"})


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("language") / "data" / "abuse.toml").read_text("utf-8"))


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    """Return what stays of a word when its spelling is forgotten."""
    word = _REPEATED.sub(r"\1\1", word)
    for written, kept in _FOLDS:
        word = word.replace(written, kept)
    return _REPEATED.sub(r"\1", word)


@cache
def _lexicon(strength: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the whole words and the stems of a strength, as keys."""
    words = [word.replace("?", "") for word in _data()[strength]]
    whole = {_key(word) for word in words if "*" not in word}
    stems = {_key(word.rstrip("*")) for word in words if word.endswith("*")}
    return frozenset(whole), tuple(sorted(stems))


@cache
def _phrases() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_data()['phrases'])})(?!\w)")


@lru_cache(maxsize=20_000)
def _strength(word: str) -> str:
    """Return strong, medium, harsh or "" for a lower-case word.

    A word that is known to be harmless otherwise needs its exact spelling.
    """
    key = _key(word)
    is_known = is_english(word) or find_hinglish(word) is not None
    if word in _data()["clean"] or (is_known and not _is_listed(word)):
        return ""
    for strength in ("strong", "medium", "harsh"):
        whole, stems = _lexicon(strength)
        if key in whole or any(key.startswith(stem) for stem in stems if len(stem) >= 3):
            return strength
    return ""


def _is_listed(word: str) -> bool:
    listed = [*_data()["strong"], *_data()["medium"], *_data()["harsh"]]
    return any(word == entry or (entry[-1] == "*" and word.startswith(entry[:-1])) for entry in listed)


def abuse(text: str) -> list[Hit]:
    """Return the insults of `text` as hits of the family `abusive`, one for each kind."""
    found: dict[str, Hit] = {}
    for view in views(text):
        for hit in _in(view):
            if hit.evidence not in found or hit.weight > found[hit.evidence].weight:
                found[hit.evidence] = hit
    return list(found.values())


def _in(view: str) -> list[Hit]:
    view = _innocent().sub(" ", _OF_ONESELF.sub(" ", view))
    words = _WORD.findall(view)
    targets = {place for place, word in enumerate(words) if word in _targets()}
    hits: list[Hit] = []
    for place, word in enumerate(words):
        strength = _strength(word)
        if strength == "strong":
            hits.append(Hit("abusive", "abusive", _STRONG, word))
        elif strength == "medium":
            own = place > 0 and words[place - 1] in _OWN  # "mera kutta" is a pet, not an insult
            aimed = not own and any(abs(place - other) <= _NEAR for other in targets)
            hits.append(Hit("abusive", "abusive", _MEDIUM + (_AIMED if aimed else 0.0), word))
    harsh = next((word for word in words if _strength(word) == "harsh"), None)
    if harsh:
        hits.append(Hit("abusive", "abusive", _HARSH, harsh))
    hits += [Hit("abusive", "abusive", _PHRASE, match.group()) for match in _phrases().finditer(view)]
    return hits


@cache
def _innocent() -> re.Pattern[str]:
    """What holds a listed word and insults nobody: "bc" before an English word is "because"."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(_data()['innocent'])})")


@cache
def _targets() -> frozenset[str]:
    return frozenset(_data()["targets"])
