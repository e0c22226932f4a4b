"""Cut a page into passages: by its headings, then by whole sentences, each small enough to be an answer."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Literal

from ingest.extract import Document
from retrieval.passages import Passage

LONGEST = 120
"""Words of one passage: a vector of more averages its facts away."""
SHORTEST = 4
PATH = " › "

Heading = tuple[str, ...]
Lines = tuple[str, ...]


def split(
    document: Document,
    *,
    source_id: str,
    url: str = "",
    kind: Literal["page", "upload"] = "page",
    category: str = "",
) -> list[Passage]:
    """The document's passages in order, without repeats.

    A passage's id depends on what it says, so text that did not change keeps its id when the page does.
    """
    parts: list[tuple[Heading, Lines, Lines]]
    parts = [(asked.heading, asked.lines, (asked.question,)) for asked in document.questions]
    for section in document.sections:
        asks = tuple(heading for heading in section.heading[-1:] if heading.endswith("?"))
        parts += [(section.heading, lines, asks) for lines in _pieces(section.lines)]
    made = [
        _passage(document, source_id, url, kind, category, heading, lines, questions)
        for heading, lines, questions in parts
    ]
    return list({passage.id: passage for passage in made}.values())


def _pieces(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Runs of whole lines of about equal length, none longer than LONGEST unless one line is."""
    total = sum(len(line.split()) for line in lines)
    if total < SHORTEST:
        return
    target = total / max(1, -(-total // LONGEST))
    piece: list[str] = []
    size = 0
    for line in lines:
        words = len(line.split())
        if piece and (size + words > LONGEST or size >= target):
            yield tuple(piece)
            piece, size = [], 0
        piece.append(line)
        size += words
    if piece:
        yield tuple(piece)


def _passage(
    document: Document,
    source_id: str,
    url: str,
    kind: Literal["page", "upload"],
    category: str,
    heading: Sequence[str],
    lines: Sequence[str],
    questions: tuple[str, ...],
) -> Passage:
    path, text = PATH.join(heading), "\n".join(lines)
    said = "\x1f".join((document.title, path, text, *questions))
    content = hashlib.sha256(said.encode()).hexdigest()
    return Passage(
        id=f"{source_id}:{content[:12]}",
        source_id=source_id,
        kind=kind,
        title=document.title,
        url=url,
        heading=path,
        text=text,
        questions=questions,
        category=category,
        content_hash=content,
    )
