"""What a message opens with before it says anything: "accha, theek hai.", "ok cool.", "do baat batao,"."""

import re

from language.files import words
from language.text import clean, tokens

_EMOJI = "\U0001f300-\U0001faff\ufe0f"
_OPENING = re.compile(rf"\s*([^,;:.!?…{_EMOJI}]+)(?:[,;:.!…]+|[{_EMOJI}]+)\s*(?=\S)")


def without_opening(text: str) -> str:
    """Return `text` without the clauses before it that only take note of what was said.

    >>> without_opening("accha, theek hai. aur Germany?")
    'aur Germany?'
    """
    rest = clean(text)
    while (found := _OPENING.match(rest)) and is_opening(found[1]):
        rest = rest[found.end() :]
    return rest


def is_opening(clause: str) -> bool:
    """Tell whether a clause only takes note or announces ("accha", "do baat batao"), and says nothing."""
    return words("opening_words.txt").issuperset(tokens(clause))
