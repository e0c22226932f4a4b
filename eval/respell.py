"""Writes a message as another customer might: same words, other spelling.

Hinglish has no standard spelling, and people type English in a hurry. A respelling keeps every number, id,
address and capitalised name, so that what the message asks for does not change. The same seed always gives
the same respelling.
"""

import random
import re
from collections.abc import Mapping

from language.lexicon import is_english

_WORD = re.compile(r"[A-Za-z']+")
_FIXED = re.compile(r"\S*[\d@₹$]\S*|https?://\S+|\b[A-Z][\w'-]*")

_HABITS: Mapping[str, tuple[str, ...]] = {
    "hai": ("h", "hain", "he"),
    "hain": ("hai", "hen"),
    "nahi": ("nhi", "nahin", "nai"),
    "kya": ("kia", "kyaa"),
    "kyun": ("kyu", "kyon"),
    "kahan": ("kaha", "kahaan"),
    "mein": ("me", "mai"),
    "me": ("mein", "mai"),
    "mujhe": ("muje", "mujhko"),
    "chahiye": ("chaiye", "chahie", "chahye"),
    "kitna": ("kitnaa", "ktna"),
    "kitne": ("kitney", "ktne"),
    "karna": ("krna", "karnaa"),
    "kar": ("kr",),
    "karo": ("kro",),
    "sakta": ("skta", "sakata"),
    "sakte": ("skte", "sakate"),
    "raha": ("rha",),
    "kab": ("kb",),
    "kaise": ("kese", "kaisey"),
    "wapas": ("wapis", "vapas"),
    "paise": ("pese", "paisay"),
    "aur": ("or", "aor"),
    "hua": ("huwa",),
    "please": ("plz", "pls"),
    "you": ("u",),
    "your": ("ur",),
    "are": ("r",),
    "because": ("bcoz", "cuz"),
    "photo": ("foto",),
    "ok": ("okay", "okk"),
    "thanks": ("thnx", "thx"),
}
_BOTH = frozenset({"me", "hain", "main"})
"""Words of both languages, which are spelled otherwise in Hinglish only."""
_SOUNDS: tuple[tuple[str, str], ...] = (
    ("aa", "a"),
    ("ee", "i"),
    ("oo", "u"),
    ("ph", "f"),
    ("sh", "s"),
    ("w", "v"),
    ("v", "w"),
    ("z", "j"),
    ("ii", "i"),
    ("uu", "u"),
)


def respell(text: str, seed: int, *, hinglish: bool, share: float = 0.4) -> str:
    """Respell about `share` (0..1) of the words that may be; `hinglish` lets sounds be written otherwise."""
    chance = random.Random(f"{seed}:{text}")
    fixed = [match.span() for match in _FIXED.finditer(text) if match.start() > 0 or not match[0].isalpha()]

    def other(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in fixed) or chance.random() >= share:
            return match[0]
        return _other(match[0], chance, hinglish=hinglish)

    return _WORD.sub(other, text)


def _other(word: str, chance: random.Random, *, hinglish: bool) -> str:
    habits = _HABITS.get(word.lower())
    if habits and (hinglish or word.lower() not in _BOTH):
        return chance.choice(habits)
    if hinglish and not is_english(word.lower()):
        sounds = [(old, new) for old, new in _SOUNDS if old in word[1:]]
        if sounds:
            old, new = chance.choice(sounds)
            return word[0] + word[1:].replace(old, new, 1)
    return _mistyped(word, chance) if len(word) >= 6 else word


def _mistyped(word: str, chance: random.Random) -> str:
    """One slip of the fingers inside a long word: two letters swapped, one doubled, or one left out."""
    place = chance.randrange(2, len(word) - 1)
    slip = chance.randrange(3)
    if slip == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if slip == 1:
        return word[:place] + word[place] + word[place:]
    return word[:place] + word[place + 1 :]
