"""The desk's lists as tables."""

from collections.abc import Mapping, Sequence

from store.values.knowledge import Entry, Source
from store.values.work import Outgoing
from ui.views.pages import Cell, ListPage, Mail
from ui.views.shell import Shell
from ui.views.words import clipped, counted, stamp, titled

ACTIVE = {
    "active": "done",
    "imported": "done",
    "unchanged": "done",
    "failed": "urgent",
    "quarantined": "urgent",
}


def knowledge_page(
    entries: Sequence[Entry],
    sources: Sequence[Source],
    *,
    shell: Shell,
    companies: Mapping[str, str],
    chosen: str,
) -> ListPage:
    """What one company knows: its manual entries, then its imported pages."""
    rows = [
        (
            Cell(entry.title, entry.title_hinglish),
            Cell(clipped(" ".join(entry.content), 180), clipped(" ".join(entry.content_hinglish), 180)),
            Cell("entry", entry.category),
            Cell(entry.status, f"revision {entry.revision}", family=ACTIVE.get(entry.status, "closed")),
            Cell(stamp(entry.updated_at)),
        )
        for entry in entries
    ]
    rows += [
        (
            Cell(source.title or source.url, source.url),
            Cell(source.reason),
            Cell(source.kind),
            Cell(source.status, f"revision {source.revision}", family=ACTIVE.get(source.status, "closed")),
            Cell(stamp(source.imported_at)),
        )
        for source in sources
    ]
    return ListPage(
        shell=shell,
        title="Knowledge",
        summary=f"{counted(len(entries), 'entry', 'entries')}, {counted(len(sources), 'imported page')}",
        columns=("Title", "Says", "Kind", "Status", "Changed"),
        rows=tuple(rows),
        empty="Entries that people write and pages that are imported stand here.",
        tabs=company_tabs("/knowledge", companies, chosen),
    )


def mails_of(outgoing: Sequence[Outgoing]) -> tuple[Mail, ...]:
    """What was written by e-mail."""
    return tuple(
        Mail(
            item.recipient, item.subject or titled(item.kind), item.body, stamp(item.created_at), item.status
        )
        for item in outgoing
    )


def company_tabs(path: str, companies: Mapping[str, str], chosen: str) -> tuple[tuple[str, str, bool], ...]:
    """One tab for each company."""
    return tuple((name, f"{path}?company={key}", key == chosen) for key, name in companies.items())
