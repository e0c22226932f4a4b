"""Hear a question for the state of the customer's own thing, though nothing says "my": "order kahan hai".

Whoever writes "node ka status batao" to a support desk means their own node. A question for what a state
means, how long things usually take or how to find out is a general one.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from language.normalise import Normalised, normalise, stem
from language.text import sentences

_LONGEST = 9  # words; longer messages say more than this
_THING = 2  # the words for what was ordered: "when will the side table come?"


def asks_state(message: str, normal: Normalised) -> bool:
    """Tell whether `message` (read as `normal`), or a question in it, asks how one thing stands."""
    if _asks_state(message, normal):
        return True
    asked = [part for part in sentences(message) if part.endswith("?") and part != message]
    return any(_asks_state(part, normalise(part)) for part in asked)


def _asks_state(message: str, normal: Normalised) -> bool:
    said = f"{message.casefold()} {' '.join(normal.tokens)}"
    words = [stem(word) for word in normal.english.split()]
    if len(words) <= _LONGEST and set(words) & _words("runs") and _faring().search(said):
        return True
    if len(words) <= _LONGEST and _own_today().search(said) and not _general().search(said):
        return True
    if not 0 < len(words) <= _LONGEST or _general().search(f"{said} {normal.english}"):
        return False
    asked = set(words)
    things = asked & _words("things")
    speaks = (
        asked & _words("state")
        or (things & _words("travels") and asked & _words("coming"))
        or (things & _words("made") and asked & _words("making"))
    )
    if not speaks or not (things or asked & _words("itself")):
        return False
    return asked <= _known()


def asks_detail(normal: Normalised) -> bool:
    """Tell whether the message can be one more question about a record that was just looked up."""
    if _habitual().search(" ".join(normal.tokens)):
        return False
    words = {stem(word) for word in normal.english.split()}
    others = words - _known() - _words("detail") - _words("lightly")
    dates = words & _words("dates")
    awaited = len(dates) > 1 or (dates and words & _words("awaited"))
    return bool(words & _words("detail")) and len(others) <= (_THING if awaited else 0)


def asks_amount(message: str) -> bool:
    """Tell whether the message asks what something costs or has cost."""
    return _amount().search(message.casefold()) is not None


def asks_after_return(normal: Normalised) -> bool:
    """Tell whether the customer asks after an own return or the money for it: was it sent, is it noted?"""
    return _returned().search(" ".join(normal.tokens)) is not None


@cache
def _returned() -> re.Pattern[str]:
    return re.compile("".join(_data()["returned"].splitlines()))


@cache
def _amount() -> re.Pattern[str]:
    return re.compile(_data()["amount"])


@cache
def _data() -> dict[str, str]:
    return tomllib.loads((files("language") / "data" / "status.toml").read_text("utf-8"))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _data()[name].split())


@cache
def _known() -> frozenset[str]:
    return frozenset().union(*map(_words, ("things", "state", "coming", "making", "beside")))


@cache
def _habitual() -> re.Pattern[str]:
    return re.compile(_data()["habitual"])


@cache
def _faring() -> re.Pattern[str]:
    return re.compile(_data()["faring"])


@cache
def _own_today() -> re.Pattern[str]:
    return re.compile(_data()["own_today"])


@cache
def _general() -> re.Pattern[str]:
    return re.compile(_data()["general"].replace("\n", ""))
