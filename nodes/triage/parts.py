"""The halves of a double question, so that both are answered."""

import re

from language.normalise import normalise
from language.text import sentences

_JOINT = re.compile(r"\s+(?:and|also|aur|plus|tatha|saath hi)\s+|;\s+", re.IGNORECASE)
_ENOUGH = 2  # content words that a half needs to be a question of its own


def parts_of(text: str) -> tuple[str, ...]:
    """Two or three questions in reading order; nothing for a single question."""
    asked = [part.strip() for sentence in sentences(text) for part in _JOINT.split(sentence)]
    whole = [part for part in asked if len(normalise(part).english.split()) >= _ENOUGH]
    return tuple(whole[:3]) if len(whole) > 1 and len(whole) == len(asked) else ()
