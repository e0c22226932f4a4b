"""The inbox as a page: groups of tickets by who has to move, and filters whose counts respect each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlencode

from store.values.tickets import InboxFilters, InboxPage, InboxRow, Ticket
from ui.views.path import Path, in_order, path_of
from ui.views.shell import Shell
from ui.views.words import STATUS, Sign, clipped, counted, initials, span, status_sign, titled

GROUPS = (
    ("escalated", Sign("urgent", "Needs a person")),
    ("human", Sign("human", "With a person")),
    ("bot", Sign("active", "Bot at work")),
    ("customer", Sign("waiting", "Customer’s turn")),
    ("resolved", Sign("done", "Resolved")),
)


MOST_CHOICES = 12


@dataclass(frozen=True)
class Choice:
    """A filter as a link; pressing the one that holds takes it away."""

    label: str
    url: str
    count: int
    on: bool
    glyph: str = ""


@dataclass(frozen=True)
class Facet:
    """A group of filters."""

    title: str
    choices: tuple[Choice, ...]
    deep: bool = True
    """Shown on wide screens only."""


@dataclass(frozen=True)
class Row:
    """A ticket as two lines."""

    id: str
    url: str
    number: int
    sign: Sign
    subject: str
    who: str
    last: str
    path: Path | None
    language: str
    assignee: str
    assignee_name: str
    waiting: str
    urgent: bool
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Tickets that wait for the same kind of thing."""

    key: str
    sign: Sign
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Inbox:
    """The inbox page."""

    template: ClassVar[str] = "inbox.html"
    shell: Shell
    summary: str
    facets: tuple[Facet, ...]
    active: tuple[Choice, ...]
    groups: tuple[Group, ...]
    search: str
    hidden: tuple[tuple[str, str], ...]
    """The filters that a search keeps."""
    older: str
    newer: str
    position: str
    filtered: bool


def build_inbox(
    page: InboxPage,
    filters: InboxFilters,
    *,
    shell: Shell,
    companies: Mapping[str, str],
    staff: Mapping[str, str],
    now: datetime,
) -> Inbox:
    """`companies` and `staff` map ids to names; `now` is what waiting is counted to."""
    query = query_of(filters)
    rows = [_row(row, staff, now) for row in page.rows]
    return Inbox(
        shell=shell,
        summary=_summary(page),
        facets=(
            _facet("Status", "status", page.by_status, query, _status_names(), deep=False),
            _facet("Company", "company", page.by_company, query, companies),
            _facet("Tag", "tag", page.by_tag, query, {}),
        ),
        active=_active(query, companies),
        groups=_grouped(page.rows, rows),
        search=filters.text,
        hidden=tuple((key, value) for key, value in query.items() if key != "q"),
        older=_page_url(query, page.page + 1) if page.page < page.pages else "",
        newer=_page_url(query, page.page - 1) if page.page > 1 else "",
        position=f"Page {page.page} of {page.pages}" if page.pages > 1 else "",
        filtered=bool(query),
    )


def query_of(filters: InboxFilters) -> dict[str, str]:
    """The filters as they stand in the address."""
    named = {
        "company": filters.company_id,
        "status": filters.status,
        "tag": filters.tag,
        "language": filters.language,
        "q": filters.text or None,
    }
    return {key: value for key, value in named.items() if value}


def _summary(page: InboxPage) -> str:
    waiting = page.by_status.get("escalated", 0)
    person = f"{waiting} {'needs' if waiting == 1 else 'need'} a person"
    return f"{counted(page.total, 'ticket')}, {person}" if page.total else "No tickets"


def _status_names() -> dict[str, str]:
    return {status: sign.word for status, sign in STATUS.items()}


def _facet(
    title: str,
    key: str,
    counts: Mapping[str, int],
    query: Mapping[str, str],
    names: Mapping[str, str],
    *,
    deep: bool = True,
) -> Facet:
    values = [value for value in names if value in counts] or sorted(counts, key=lambda value: -counts[value])
    held = query.get(key)
    if held is not None and held not in values:
        values.append(held)
    shown = values if held in values[:MOST_CHOICES] or held is None else [held, *values]
    return Facet(
        title,
        tuple(
            Choice(
                label=names.get(value, value),
                url=_without(query, key) if held == value else _with(query, key, value),
                count=counts.get(value, 0),
                on=held == value,
                glyph=STATUS[value].family if key == "status" and value in STATUS else "",
            )
            for value in shown[:MOST_CHOICES]
        ),
        deep=deep,
    )


def _active(query: Mapping[str, str], companies: Mapping[str, str]) -> tuple[Choice, ...]:
    names = {"company": companies, "status": _status_names()}
    return tuple(
        Choice(f"{key}: {names.get(key, {}).get(value, value)}", _without(query, key), 0, on=True)
        for key, value in query.items()
        if key != "q"
    )


def _with(query: Mapping[str, str], key: str, value: str) -> str:
    return f"/inbox?{urlencode({**query, key: value})}"


def _without(query: Mapping[str, str], key: str) -> str:
    rest = {name: value for name, value in query.items() if name != key}
    return f"/inbox?{urlencode(rest)}" if rest else "/inbox"


def _page_url(query: Mapping[str, str], number: int) -> str:
    return f"/inbox?{urlencode({**query, 'page': str(number)})}"


def _grouped(source: Iterable[InboxRow], rows: list[Row]) -> tuple[Group, ...]:
    by_key: dict[str, list[Row]] = {}
    for value, row in zip(source, rows, strict=True):
        by_key.setdefault(group_of(value.ticket), []).append(row)
    return tuple(Group(key, sign, tuple(by_key[key])) for key, sign in GROUPS if key in by_key)


def group_of(ticket: Ticket) -> str:
    """Who has to move: somebody, this person, the bot, the customer, or nobody any more."""
    if ticket.status in ("escalated", "resolved"):
        return ticket.status
    if ticket.status == "awaiting_customer" or (ticket.waiting_since is None and not ticket.human_owned):
        return "customer"
    return "human" if ticket.human_owned else "bot"


def _row(row: InboxRow, staff: Mapping[str, str], now: datetime) -> Row:
    ticket = row.ticket
    sign = dict(GROUPS)[group_of(ticket)]
    assignee = staff.get(ticket.assignee_id or "", "")
    said = {"human": "Support: ", "assistant": "Bot: "}.get(row.last_role or "", "")
    waits = ticket.waiting_since or ticket.updated_at
    return Row(
        id=ticket.id,
        url=f"/tickets/{ticket.id}",
        number=ticket.number,
        sign=status_sign(ticket.status, human_owned=ticket.human_owned) if sign.family == "active" else sign,
        subject=ticket.subject or "No words yet",
        who=" · ".join(part for part in (row.email or "no e-mail", row.company) if part),
        last=clipped(f"{said}{row.last_message}"),
        path=path_of(in_order(row.nodes)),
        language=ticket.language or "",
        assignee=initials(assignee) if assignee else "",
        assignee_name=assignee,
        waiting=span(now - waits),
        urgent=ticket.status == "escalated",
        tags=tuple(titled(tag) if "_" in tag else tag for tag in row.tags[:3]),
    )
