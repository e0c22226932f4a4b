"""What a company knows, as values: a passage of its knowledge, and what a search for one found.

They are frozen and closed (no unknown fields) because they travel in checkpoints.
"""

from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict


class Passage(BaseModel):
    """One piece of one company's knowledge that can be shown and cited by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    source_id: str
    kind: Literal["entry", "page", "upload"]
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
