"""Undo the disguises in which an attack hides from a reader of plain text.

A filter that sees letters has to see the same ones as a person or a model: no invisible characters, no
Cyrillic look-alikes, no l33t, no s p a c e d letters, no base64. Decoding goes one step deep and is bounded.
"""

import base64
import binascii
import html
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from urllib.parse import unquote

from language.text import clean
from language.translit import transliterate

MAX_READ = 6_000
"""Characters of a message that are searched; the widget's limit is lower."""
_MAX_DECODED = 2_000
_FEW_PERCENTS = 3
_BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{16,2000}={0,2}(?![\w+/=])")
_HEX = re.compile(r"(?<!\w)(?:[0-9a-f]{2}[ :]?){12,}(?!\w)", re.IGNORECASE)
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][ .\-_*]){4,}[^\W\d_](?!\w)")
_LEET_WORD = re.compile(
    r"(?<![\w@$])(?=[\w@$!|]*[a-z])(?=[\w@$!|]*[013457@$!|])[a-z013457@$!|]{4,}(?![\w@$])"
)
_LEET = str.maketrans("013457@$!|", "oieastasil")
_IDENTIFIER = re.compile(r"^[a-z]+\d+$|^\d+[a-z]+$")


@cache
def _confusables() -> dict[int, str]:
    """Letters of other scripts (and small capitals) that look like Latin ones."""
    text = (files("language") / "data" / "confusables.toml").read_text("utf-8")
    table: dict[str, str] = tomllib.loads(text)["letters"]
    return {ord(char): latin for latin, chars in table.items() for char in chars}


def views(text: str) -> tuple[str, ...]:
    """Return the lower-case Latin readings of `text`: as written, and with each disguise undone."""
    text = text[:MAX_READ]
    plain = _plain(text)
    found = [plain]
    joined = _SPACED.sub(lambda match: re.sub(r"[ .\-_*]", "", match.group()), plain)
    found += [joined, _LEET_WORD.sub(_unleet, joined)]
    found += [_plain(decoded) for decoded in _decoded(text)]
    return tuple(dict.fromkeys(view for view in found if view))


def _plain(text: str) -> str:
    unmarked = html.unescape(text) if "&" in text else text
    folded = clean(unmarked)
    folded = folded if folded.isascii() else folded.translate(_confusables())
    return (folded if folded.isascii() else transliterate(folded)).casefold().replace("’", "'")


def _unleet(match: re.Match[str]) -> str:
    word = match.group()
    return word if _IDENTIFIER.match(word) else word.translate(_LEET)


def _decoded(text: str) -> Iterator[str]:
    """Yield what is encoded in `text`, if it reads as text."""
    hidden = "".join(chr(ord(char) - 0xE0000) for run in _TAGS.findall(text) for char in run)
    if hidden:
        yield hidden
    if len(_PERCENT.findall(text)) >= _FEW_PERCENTS:
        yield unquote(text)[:_MAX_DECODED]
    for match in list(_BASE64.finditer(text))[:4]:
        yield from _readable(_from_base64(match.group()))
    for match in list(_HEX.finditer(text))[:2]:
        yield from _readable(bytes.fromhex(re.sub(r"[ :]", "", match.group())))


def _from_base64(word: str) -> bytes:
    try:
        return base64.b64decode(word + "=" * (-len(word) % 4), validate=True)
    except binascii.Error:
        return b""


def _readable(raw: bytes) -> Iterator[str]:
    try:
        text = raw.decode("utf-8")[:_MAX_DECODED]
    except UnicodeDecodeError:
        return
    letters = sum(char.isalpha() or char.isspace() for char in text)
    if len(text) >= 8 and letters / len(text) > 0.8:
        yield text
