"""Reviewed sentences in English and Hinglish with slots: what the desk says when it does not quote.

The texts are data (`data/frames.toml`); a frame is a list of sentences, equally many in each language.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_SLOT = re.compile(r"\{(\w+)\}")


@cache
def _frames() -> Mapping[str, Mapping[str, list[str]]]:
    with files("language").joinpath("data/frames.toml").open("rb") as file:
        return tomllib.load(file)


def keys() -> tuple[str, ...]:
    """The names of all frames."""
    return tuple(_frames())


def raw(key: str, language: str) -> tuple[str, ...]:
    """A frame's sentences with their slots unfilled. Raises KeyError for an unknown frame or language."""
    return tuple(_frames()[key][language])


def slots(key: str) -> frozenset[str]:
    """The names of the slots that a frame needs."""
    return frozenset(_SLOT.findall(" ".join(raw(key, "en"))))


def render(key: str, language: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """A frame's sentences with every slot filled. Raises KeyError where a value is missing.

    >>> render("not_done", "en", {})[0]
    'All right, I have not done anything.'
    """
    return tuple(_SLOT.sub(lambda slot: values[slot.group(1)], sentence) for sentence in raw(key, language))
