"""What a company knows: sources, manual entries, articles, the passages made of them, and the gaps."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class SourceFields:
    """A page or file that passages came from."""

    url: str
    title: str = ""
    kind: str = "page"
    status: str = "imported"
    """pending, imported, unchanged, failed, quarantined or retired."""
    content_hash: str = ""
    etag: str = ""
    last_modified: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Source(SourceFields):
    """A known page or file of a company."""

    id: str
    company_id: str
    revision: int
    imported_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class EntryFields:
    """What a content owner writes; line n of `content_hinglish` says line n of `content`."""

    title: str
    title_hinglish: str = ""
    content: tuple[str, ...] = ()
    content_hinglish: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    category: str = ""
    status: str = "active"
    """active, draft or archived; only an active entry has a passage."""


@dataclass(frozen=True, kw_only=True)
class Entry(EntryFields):
    """A manual knowledge entry."""

    id: str
    company_id: str
    revision: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class EntryRevision:
    """An entry as it once read."""

    entry_id: str
    revision: int
    content_hash: str
    fields: dict[str, object]
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class ArticleFields:
    """Background text that only the specialist reads; it is never searched for customers."""

    title: str
    slug: str = ""
    category: str = ""
    content: str = ""


@dataclass(frozen=True, kw_only=True)
class Article(ArticleFields):
    """A specialist's article of one company."""

    id: str
    company_id: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class PassageFields:
    """One piece of knowledge that can be shown and cited by itself; texts have one sentence a line."""

    title: str
    text: str
    title_hinglish: str = ""
    hinglish: str = ""
    url: str = ""
    heading: str = ""
    questions: tuple[str, ...] = ()
    category: str = ""
    content_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class PassageRow(PassageFields):
    """A passage that may be answered from; belongs to one revision of a source or an entry."""

    id: str
    company_id: str
    source_id: str
    kind: str
    """entry, page or upload."""
    position: int
    revision: int


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A question (redacted) that no knowledge answered."""

    id: str
    company_id: str
    ticket_id: str | None
    question: str
    language: str | None
    count: int
    status: str
    created_at: datetime
    updated_at: datetime
