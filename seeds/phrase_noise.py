"""Write a phrase as hurried people type it: misspelled, shortened, wrapped in courtesy or in a story."""

import re
from functools import cache
from importlib.resources import files
from random import Random

_VOWEL_INSIDE = re.compile(r"(?<=[bcdfghjklmnpqrstvwxyz])[aeiou](?=[bcdfghjklmnpqrstvwxyz])")
_LONG = (
    ("aa", "a"),
    ("ee", "i"),
    ("oo", "u"),
    ("ai", "e"),
    ("kh", "k"),
    ("ph", "f"),
    ("w", "v"),
    ("iy", "y"),
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@cache
def _wrappings(kind: str) -> tuple[str, ...]:
    lines = (files("seeds") / "phrases" / "wrappings.txt").read_text("utf-8").splitlines()
    return tuple(line.split("\t", 1)[1] for line in lines if line.startswith(f"{kind}\t"))


def noisy(phrase: str, language: str, intent: str, random: Random) -> str:
    """Return `phrase` with some of the noise of real messages; greetings and abuse are not wrapped."""
    if intent not in {"greeting", "abusive_language"}:
        phrase = _wrapped(phrase, language, random)
    words = phrase.split()
    if len(words) > 4 and random.random() < 0.2:
        del words[random.randrange(len(words))]
    for i in range(len(words)):
        if random.random() < 0.05:
            words[i] = _typo(words[i], random)
        elif language == "hinglish" and random.random() < 0.16:
            words[i] = _respelled(words[i], random)
    text = " ".join(words)
    return text.rstrip("?") if random.random() < 0.5 else text


def _wrapped(phrase: str, language: str, random: Random) -> str:
    if random.random() < 0.14:
        phrase = f"{random.choice(_wrappings(f'{language} before'))} {phrase}"
    if random.random() < 0.1:
        phrase = f"{phrase} {random.choice(_wrappings(f'{language} after'))}"
    if random.random() < 0.05:
        phrase = f"{random.choice(_wrappings(f'{language} story'))} {phrase}"
    return phrase


def _typo(word: str, random: Random) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    i = random.randrange(1, len(word) - 1)
    kind = random.randrange(4)
    if kind == 0:
        return word[:i] + word[i + 1 :]
    if kind == 1:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if kind == 2:
        return word[:i] + word[i] + word[i:]
    return word[:i] + random.choice(_LETTERS) + word[i + 1 :]


def _respelled(word: str, random: Random) -> str:
    if len(word) > 4 and random.random() < 0.5:
        return _VOWEL_INSIDE.sub("", word, count=1)
    for long, short in random.sample(_LONG, len(_LONG)):
        if long in word:
            return word.replace(long, short, 1)
    return word
