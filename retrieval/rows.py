"""Which texts of a passage get a vector: each authored question, the title, and the text in windows."""

import functools
import hashlib
from dataclasses import dataclass
from typing import Literal

from retrieval.passages import Passage
from retrieval.words import gloss, surface

Role = Literal["question", "text"]
PATH = "›"
WINDOW = 60
"""Words of one text window: a few sentences, so that one fact is not averaged away."""


@dataclass(frozen=True)
class Row:
    """One text of a passage that is embedded."""

    id: str
    passage_id: str
    role: Role
    text: str


def rows_of(passage: Passage) -> list[Row]:
    """The passage's rows, without repeats."""
    # all passages of a page share its title, so only their own heading can tell them apart
    named = passage.heading.rpartition(PATH)[2].strip() or passage.title
    asked = [named, passage.title_hinglish, *passage.questions]
    questions = dict.fromkeys(form for text in asked if text.strip() for form in _forms(text))
    texts = dict.fromkeys(_windows(passage))
    found: list[tuple[Role, str]] = [("question", text) for text in questions]
    found += [("text", text) for text in texts]
    return [Row(f"{passage.id}#{n}", passage.id, role, text) for n, (role, text) in enumerate(found)]


@functools.lru_cache(65536)
def _forms(text: str) -> tuple[str, ...]:
    """A text as written, and glossed where that says it in other words."""
    english = gloss(text)
    return (text, english) if surface(english) != surface(text) else (text,)


def signature(rows: list[Row], embedder: str) -> str:
    """A hash of everything that a passage's vectors depend on."""
    parts = "\x1f".join((embedder, *(f"{row.role}:{row.text}" for row in rows)))
    return hashlib.blake2b(parts.encode(), digest_size=12).hexdigest()


def _windows(passage: Passage) -> list[str]:
    lead = ". ".join(part for part in (passage.title, passage.heading) if part)
    windows: list[str] = []
    current: list[str] = []
    for line in passage.lines:
        words = line.split()
        if current and len(current) + len(words) > WINDOW:
            windows.append(" ".join(current))
            current = []
        current += words
    if current:
        windows.append(" ".join(current))
    return [f"{lead}. {window}" if lead else window for window in windows]
