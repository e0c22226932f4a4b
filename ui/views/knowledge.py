"""What a company knows, as its content owner sees it: entries, pages, a question tried out, gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from store.values.knowledge import Entry, EntryRevision, Source
from ui.views.forms import Form, lines
from ui.views.imports import Tab
from ui.views.recall import ChangeLine
from ui.views.shell import Shell
from ui.views.words import Sign, clipped, stamp

FAMILIES = {
    "active": "done",
    "imported": "done",
    "draft": "waiting",
    "archived": "closed",
    "retired": "closed",
    "quarantined": "human",
    "failed": "urgent",
}
STATUSES = (("active", "Active"), ("draft", "Draft"), ("archived", "Archived"))
LIKELY = 0.5
SHOWN_PAGES = 500


@dataclass(frozen=True)
class KnownLine:
    """An entry or a page in the list."""

    title: str
    detail: str
    url: str
    kind: str
    sign: Sign
    revision: int
    at: str


@dataclass(frozen=True)
class HitLine:
    """A passage that a question found; scores between 0 and 1, widths in percent."""

    title: str
    kind: str
    text: str
    answers: float
    dense: float
    lexical: float


@dataclass(frozen=True)
class Preview:
    """What the bot would find for a question."""

    question: str
    read_as: str
    answerable: float
    hits: tuple[HitLine, ...]
    reply: tuple[str, ...]
    degraded: bool

    @property
    def likely(self) -> bool:
        """Whether it would answer."""
        return bool(self.hits) and self.answerable >= LIKELY


@dataclass(frozen=True)
class Knowledge:
    """Entries and pages of one company."""

    template: ClassVar[str] = "knowledge.html"
    shell: Shell
    company: str
    companies: tuple[Tab, ...]
    entries: tuple[KnownLine, ...]
    pages: tuple[KnownLine, ...]
    more: int
    question: str = ""
    preview: Preview | None = None
    may_change: bool = True


@dataclass(frozen=True)
class RevisionLine:
    """An entry as it once read."""

    number: int
    at: str
    status: str
    title: str
    text: str


@dataclass(frozen=True)
class EntryPage:
    """One entry, or the form for a new one when `entry_id` is empty."""

    template: ClassVar[str] = "entry.html"
    shell: Shell
    entry_id: str
    title: str
    company: str
    back: str
    form: Form
    revisions: tuple[RevisionLine, ...] = ()
    stale: tuple[ChangeLine, ...] = ()
    """Changes of this entry after which past answers no longer hold."""
    saved: str = ""
    may_change: bool = True
    statuses: tuple[tuple[str, str], ...] = STATUSES


@dataclass(frozen=True)
class GapLine:
    """Questions that ask the same."""

    question: str
    count: int
    languages: str
    examples: tuple[tuple[str, str], ...]
    """(language, wording)"""
    ids: str


@dataclass(frozen=True)
class GapsPage:
    """What was asked and not answered."""

    template: ClassVar[str] = "gaps.html"
    shell: Shell
    company: str
    companies: tuple[Tab, ...]
    gaps: tuple[GapLine, ...]
    may_change: bool = True


def entry_lines(entries: Sequence[Entry]) -> tuple[KnownLine, ...]:
    """Entries in the list."""
    return tuple(
        KnownLine(
            entry.title,
            clipped(" ".join(entry.content), 140),
            f"/knowledge/{entry.id}",
            "en, hinglish" if entry.content_hinglish else "en",
            Sign(FAMILIES.get(entry.status, "closed"), entry.status),
            entry.revision,
            stamp(entry.updated_at),
        )
        for entry in entries
    )


def source_lines(sources: Sequence[Source]) -> tuple[KnownLine, ...]:
    """Imported pages and files in the list."""
    return tuple(
        KnownLine(
            source.title or source.url,
            " · ".join(part for part in (source.url, source.reason) if part),
            source.url if source.url.startswith("http") else "",
            source.kind,
            Sign(FAMILIES.get(source.status, "closed"), source.status),
            source.revision,
            stamp(source.imported_at),
        )
        for source in sources[:SHOWN_PAGES]
    )


def entry_values(entry: Entry) -> dict[str, str]:
    """An entry as its form has it."""
    return {
        "question": entry.title,
        "answer": lines(entry.content),
        "question_hinglish": entry.title_hinglish,
        "answer_hinglish": lines(entry.content_hinglish),
        "questions": lines(entry.questions),
        "category": entry.category,
        "status": entry.status,
    }


def revision_lines(revisions: Sequence[EntryRevision]) -> tuple[RevisionLine, ...]:
    """Earlier states, newest first."""
    return tuple(_revision(item.revision, stamp(item.created_at), item.fields) for item in revisions)


def _revision(number: int, at: str, fields: Mapping[str, object]) -> RevisionLine:
    content = fields.get("content")
    text = "\n".join(str(line) for line in content) if isinstance(content, list | tuple) else ""
    return RevisionLine(number, at, str(fields.get("status", "")), str(fields.get("title", "")), text)
