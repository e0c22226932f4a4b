"""Cuts a model's stream into cited sentences: each is out as soon as its source's number is closed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_CITED = re.compile(r"([^\n]*?)[ \t]*\[(\d{1,2})\]|([^\n]*)\n")
_BULLET = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence and the number of the source that it names, if it names one."""

    text: str
    source: int | None


@dataclass
class Lines:
    """Takes pieces of text as they come."""

    _rest: str = field(default="")

    def feed(self, piece: str) -> Iterator[Line]:
        """The sentences that this piece completes."""
        self._rest += piece
        while (found := _CITED.match(self._rest)) is not None:
            self._rest = self._rest[found.end() :]
            cited = found[2] is not None
            yield from _line(found[1] if cited else found[3], int(found[2]) if cited else None)

    def end(self) -> Iterator[Line]:
        """What is left when the stream has ended."""
        yield from self.feed("\n")


def _line(text: str, source: int | None) -> Iterator[Line]:
    """The sentence without marks of lists and emphasis; nothing where only marks are left."""
    bare = _BULLET.sub("", text.strip().lstrip(".").strip()).replace("**", "").strip()
    if _WORD.search(bare):
        yield Line(bare, source)
