"""The inbox as a page: groups of tickets by who has to move, and filters whose counts respect each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from store.values.service import ServicePolicy
from store.values.tickets import GROUPS as PLACES
from store.values.tickets import NEEDY_PLACES, InboxFilters, InboxPage, InboxRow, SavedView, Ticket
from ui.views.inbox_filters import GROUPS, Choice, Facet, active_of, facets_of, page_url, query_of
from ui.views.path import Path, in_order, path_of
from ui.views.shell import Shell
from ui.views.words import Sign, clipped, counted, initials, span, titled

NOBODY_WAITS = "fine"


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
    stands: str
    """late, soon or fine: how the wait compares with what the company promises."""
    urgent: bool
    unread: bool
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Tickets that wait for the same kind of thing."""

    key: str
    sign: Sign
    count: int
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
    query: str
    """What stands behind the question mark, for a view that is to be saved."""
    here: str
    older: str
    newer: str
    position: str
    filtered: bool
    staff: tuple[tuple[str, str], ...]
    left: str = ""
    """What was not taken because colleagues have it."""
    more: bool = False
    """Whether older closed tickets hold the words too."""


@dataclass(frozen=True, kw_only=True)
class Looker:
    """Who looks: what they have read, have kept and know by name; `now` is what waits are counted to."""

    user_id: str
    now: datetime
    companies: Mapping[str, str]
    staff: Mapping[str, str]
    policies: Mapping[str, ServicePolicy]
    reads: Mapping[str, int]
    saved: tuple[SavedView, ...] = ()


def build_inbox(
    page: InboxPage, filters: InboxFilters, *, shell: Shell, looker: Looker, left: int = 0
) -> Inbox:
    """One page of tickets for one member of staff."""
    query = query_of(filters)
    people = looker.staff
    return Inbox(
        shell=shell,
        summary=_summary(page, looker),
        facets=facets_of(
            page,
            filters,
            companies=looker.companies,
            staff=people,
            saved=looker.saved,
            me=looker.user_id,
        ),
        active=active_of(filters, looker.companies, people, looker.user_id),
        groups=_grouped(page, [_row(row, looker) for row in page.rows]),
        search=filters.text,
        hidden=tuple((key, value) for key, value in query.items() if key != "q"),
        query=page_url(query, page.page).partition("?")[2].rpartition("page=")[0].rstrip("&"),
        here=page_url(query, page.page),
        more=page.more,
        left=f"Not taken: {counted(left, 'ticket')} that a colleague has." if left else "",
        older=page_url(query, page.page + 1) if page.page < page.pages else "",
        newer=page_url(query, page.page - 1) if page.page > 1 else "",
        position=f"Page {page.page:,} of {page.pages:,}" if page.pages > 1 else "",
        filtered=bool(query),
        staff=tuple(people.items()),
    )


def _summary(page: InboxPage, looker: Looker) -> str:
    if not page.total:
        return "No tickets"
    waiting = page.by_group.get("escalated", 0) + page.by_group.get("human", 0)
    words = [counted(page.total, "ticket")]
    if waiting:
        words.append(f"{waiting:,} {'needs' if waiting == 1 else 'need'} a person")
    since = [row.ticket.waiting_since for row in page.rows if row.ticket.place in NEEDY_PLACES]
    if page.page == 1 and (known := [moment for moment in since if moment]):
        words.append(f"the oldest waits {span(looker.now - min(known))}")
    return ", ".join(words)


def _grouped(page: InboxPage, rows: list[Row]) -> tuple[Group, ...]:
    by_key: dict[str, list[Row]] = {}
    for value, row in zip(_sources(page), rows, strict=True):
        by_key.setdefault(group_of(value.ticket), []).append(row)
    return tuple(
        Group(key, sign, page.by_group.get(key, len(by_key[key])), tuple(by_key[key]))
        for key, sign in GROUPS.items()
        if key in by_key
    )


def _sources(page: InboxPage) -> Iterable[InboxRow]:
    return page.rows


def group_of(ticket: Ticket) -> str:
    """Who has to move: somebody, this person, the bot, the customer, or nobody any more."""
    return next(name for name, places in PLACES.items() if ticket.place in places)


def _row(row: InboxRow, looker: Looker) -> Row:
    ticket = row.ticket
    assignee = looker.staff.get(ticket.assignee_id or "", "")
    policy = looker.policies.get(ticket.company_id, ServicePolicy())
    stands, wait = _wait(ticket, policy, looker.now)
    ours = ticket.place in NEEDY_PLACES or ticket.human_owned
    return Row(
        id=ticket.id,
        url=f"/tickets/{ticket.id}",
        number=ticket.number,
        sign=GROUPS[group_of(ticket)],
        subject=ticket.subject or "No words yet",
        who=" · ".join(part for part in (row.email or "no e-mail", row.company) if part),
        last=_last(row),
        path=path_of(in_order(row.nodes)),
        language=ticket.language or "",
        assignee=initials(assignee) if assignee else "",
        assignee_name=assignee,
        waiting=wait,
        stands=stands,
        urgent=ticket.status == "escalated",
        unread=ours and row.last_said > looker.reads.get(ticket.id, 0),
        tags=tuple(titled(tag) if "_" in tag else tag for tag in row.tags[:3]),
    )


def _wait(ticket: Ticket, policy: ServicePolicy, now: datetime) -> tuple[str, str]:
    """How it compares with the promise, and the words: time left or late, else how long ago."""
    due = policy.due(ticket.waiting_since, ticket.priority)
    if due is None or ticket.place not in NEEDY_PLACES:
        return NOBODY_WAITS, span(now - (ticket.waiting_since or ticket.updated_at))
    stands = policy.stands(ticket.waiting_since, ticket.priority, now)
    return stands, f"{span(now - due)} late" if stands == "late" else f"{span(due - now)} left"


def _last(row: InboxRow) -> str:
    words = clipped(row.last_message)
    match row.last_role:
        case "user":
            return f"“{words}”"
        case "human":
            return f"Support: {words}"
        case "assistant":
            return f"Bot: {words}"
        case _:
            return words
