"""Read the phrase templates in `seeds/phrases` and write phrases from them, the same ones every time.

A template line is text with `(a|b|c)` alternatives (an empty one makes a part optional) and `<slot>` values
from `slots.txt`; `[en topic]` or `[hinglish topic]` heads a section; the file's name is the intent.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from random import Random

_PART = re.compile(r"\(([^()]*)\)|<(\w+)>")
_MAX_TRIES = 4


@dataclass(frozen=True, slots=True)
class Template:
    """One template line with the intent, language and topic it was written for."""

    intent: str
    language: str
    topic: str
    text: str

    @property
    def seed(self) -> int:
        """A number that depends on nothing but the template."""
        return int.from_bytes(sha256(f"{self.intent}\n{self.text}".encode()).digest()[:8], "big")


def _lines(name: str) -> list[str]:
    text = (files("seeds") / "phrases" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def slots() -> dict[str, tuple[str, ...]]:
    """Values by slot name."""
    pairs = (line.split("=", 1) for line in _lines("slots.txt"))
    return {name.strip(): tuple(value.strip() for value in values.split("|")) for name, values in pairs}


def templates(intents: tuple[str, ...]) -> Iterator[Template]:
    """Yield every template of the given intents, in file order."""
    for intent in intents:
        language, topic = "en", ""
        for line in _lines(f"{intent}.txt"):
            if line.startswith("["):
                language, topic = line.strip("[]").split(" ", 1)
            else:
                yield Template(intent, language, topic, line.strip())


def write(template: Template, count: int) -> list[str]:
    """Return up to `count` different phrases of a template, chosen by its own seed."""
    random = Random(template.seed)
    found: dict[str, None] = {}
    for _ in range(count * _MAX_TRIES):
        found[_filled(template.text, random)] = None
        if len(found) == count:
            break
    return list(found)


def _filled(text: str, random: Random) -> str:
    while _PART.search(text):
        text = _PART.sub(lambda part: _choice(part, random), text)
    return re.sub(r"\s+([?.,!])", r"\1", " ".join(text.split()))


def _choice(part: re.Match[str], random: Random) -> str:
    if part.group(2):
        return random.choice(slots()[part.group(2)])
    return random.choice(str(part.group(1)).split("|"))
