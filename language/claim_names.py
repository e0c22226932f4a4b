"""Names in a reply have to stand in its sources, in any of their usual forms."""

import re
from collections.abc import Sequence
from functools import cache

from language.claim_text import Sentence
from language.claim_words import content_stem, data, same_stem

_FOLD = re.compile(r"[\W_]+")


@cache
def _aliases() -> dict[str, str]:
    groups = [line.split() for line in data()["aliases"]]
    return {word.replace("-", " "): group[0] for group in groups for word in group}


def wrong_names(names: Sequence[str], given: Sequence[Sentence]) -> list[str]:
    """Return "name" for each of `names` that no source sentence has."""
    if not names:
        return []
    stems = {stem for sentence in given for stem in sentence.whole.stems}
    text = f" {_FOLD.sub(' ', ' '.join(sentence.text for sentence in given).casefold())} "
    known = {_aliases()[name] for name in _aliases() if f" {_FOLD.sub(' ', name).strip()} " in text}
    words = set(text.split())
    return [
        "name"
        for name in names
        if content_stem(name) not in stems and not _known_name(name, text, words, known)
    ]


def _known_name(name: str, text: str, words: set[str], known: set[str]) -> bool:
    plain = _FOLD.sub(" ", name).strip()
    if f" {plain} " in text or _aliases().get(name, "") in known or plain.replace(" ", "") in words:
        return True
    return all(any(same_stem(part, word) for word in words if word[:3] == part[:3]) for part in plain.split())
