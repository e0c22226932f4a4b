"""What a company knows, as values: a passage of its knowledge, and what a search for one found.

They are frozen and closed (no unknown fields) because they travel in checkpoints.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict


class Passage(BaseModel):
    """One piece of one company's knowledge that can be shown and cited by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    source_id: str
    kind: Literal["entry", "page", "upload", "limit", "gap"]
    """A `limit` states what the company does not do. A `gap` is what its owner declared not covered: it has
    phrasings and no text, is never found, and keeps what is asked from being taken for something near."""
    title: str
    title_hinglish: str = ""
    url: str = ""
    heading: str = ""
    text: str
    """The sentences in English, one per line."""
    hinglish: str = ""
    """The same sentences in reviewed Hinglish, aligned line by line with `text`, or empty."""
    questions: tuple[str, ...] = ()
    """Phrasings that the content owner wrote, in both languages."""
    category: str = ""
    content_hash: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The sentences of `text`, by line number."""
        return tuple(self.text.split("\n"))


def limit_passage(limit: Mapping[str, Any]) -> Passage:
    """What a company does not do, as its profile holds it: key, en, hinglish, terms and phrasings."""
    names = ("asked", "terms_en", "terms_hinglish")
    key = f"company:limit:{limit['key']}"  # as receipts name this text
    return Passage(
        id=key,
        source_id=key,
        kind="limit",
        title=str(limit["key"]).replace("-", " "),
        text=limit["en"],
        hinglish=limit["hinglish"],
        questions=tuple(dict.fromkeys(text for name in names for text in limit.get(name, ()))),
        content_hash=key,
    )


def gap_passage(asked: Sequence[str]) -> Passage:
    """What a company declared not covered, by the questions that ask for it."""
    return Passage(
        id="gap", source_id="gap", kind="gap", title="", text="", questions=tuple(asked), content_hash="gap"
    )


class Hit(BaseModel):
    """A passage that a search found, with how near it is and how likely it answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passage: Passage
    dense: float
    """Best cosine of the query with the passage's vectors, -1..1 (0 when degraded)."""
    lexical: float
    """Share of the query's weight (idf) that the passage's words cover, 0..1."""
    fused: float
    """What the ranking is by; comparable within one search only."""
    answers: float
    """Calibrated probability that the passage answers the question, 0..1."""


class Search(BaseModel):
    """The outcome of one search, best hit first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: str
    """The question as searched: normalised, in English words where the glossary knows them."""
    resolved: str = ""
    """What a follow-up stands for ("and for Germany?"), its topic filled in; empty where it stands alone."""
    hits: tuple[Hit, ...] = ()
    answerable: float = 0.0
    """Calibrated probability that the company's knowledge answers the question, 0..1."""
    near: float | None = None
    """Best cosine with anything that is known, limits and declared gaps included; None when not compared."""
    degraded: bool = False
    """True when the vector index was not available and words alone were compared."""
    reasons: tuple[str, ...] = ()
    """Why `answerable` is what it is, for the trace."""


class PassageSource(Protocol):
    """Where the truth about a company's passages is kept (SQL)."""

    async def passages(self, company_id: str) -> list[Passage]:
        """All passages of the company that may be answered from."""
        ...

    async def version(self, company_id: str) -> str:
        """A value that changes whenever `passages` would."""
        ...
