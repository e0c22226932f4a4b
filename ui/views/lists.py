"""The desk's lists as tables: knowledge and logs."""

from collections.abc import Mapping, Sequence

from store.values.knowledge import Entry, Source
from store.values.turns import Turn
from store.values.work import Outgoing
from ui.views.pages import Cell, ListPage, Mail
from ui.views.shell import Shell
from ui.views.words import clipped, counted, milliseconds, share, stamp, titled

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


def logs_page(
    turns: Sequence[Turn], *, shell: Shell, companies: Mapping[str, str], page: int, size: int
) -> ListPage:
    """Ended turns, newest first; one more than `size` says that there are older ones."""
    rows = tuple(
        (
            Cell(stamp(turn.finished_at), url=f"/tickets/{turn.ticket_id}/trace?turn={turn.id}"),
            Cell(clipped(turn.question, 90), clipped(turn.reply, 110)),
            Cell(companies.get(turn.company_id, "")),
            Cell(turn.language or ""),
            Cell(turn.intent or "", share(turn.intent_confidence)),
            Cell(titled(turn.kind or turn.status), titled(turn.action or ""), family=_family(turn)),
            Cell(share(turn.confidence), number=True),
            Cell(milliseconds(turn.total_ms), number=True),
        )
        for turn in turns[:size]
    )
    return ListPage(
        shell=shell,
        title="Logs",
        summary="Every turn of the bot, newest first",
        columns=(
            "When",
            "Question and reply",
            "Company",
            "Language",
            "Intent",
            "Outcome",
            "Confidence",
            "Time",
        ),
        rows=rows,
        empty="Each answer of the bot leaves a line here.",
        older=f"/logs?page={page + 1}" if len(turns) > size else "",
        newer=f"/logs?page={page - 1}" if page > 1 else "",
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


def _family(turn: Turn) -> str:
    if turn.status == "failed" or turn.is_safe is False:
        return "urgent"
    return {"handoff": "human", "unknown": "waiting", "clarify": "active"}.get(turn.kind or "", "done")
