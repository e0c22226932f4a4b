"""Passages between the tables and retrieval: the same texts under the types of either side."""

from typing import Any

from retrieval.passages import Passage
from store.values.knowledge import PassageFields, PassageRow


def passage_of(row: PassageRow) -> Passage:
    """A stored row as retrieval knows it."""
    return _passage(row, row.id, row.source_id, row.kind)


def coming_passage(fields: PassageFields, passage_id: str, kind: str) -> Passage:
    """A text that is about to be stored under this id."""
    return _passage(fields, passage_id, "", kind)


def fields_of_passage(passage: Passage) -> PassageFields:
    """A passage as the tables take it."""
    return PassageFields(
        title=passage.title,
        text=passage.text,
        url=passage.url,
        heading=passage.heading,
        questions=passage.questions,
        category=passage.category,
        content_hash=passage.content_hash,
    )


def _passage(fields: PassageFields, passage_id: str, source_id: str, kind: Any) -> Passage:
    return Passage(
        id=passage_id,
        source_id=source_id,
        kind=kind,
        title=fields.title,
        title_hinglish=fields.title_hinglish,
        url=fields.url,
        heading=fields.heading,
        text=fields.text,
        hinglish=fields.hinglish,
        questions=fields.questions,
        category=fields.category,
        content_hash=fields.content_hash,
    )
