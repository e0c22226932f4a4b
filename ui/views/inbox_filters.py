"""The inbox's filters as links: each keeps the others, and one that holds takes itself away."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from store.values.tickets import InboxCounts, InboxFilters, SavedView
from ui.views.words import LANGUAGE, STATUS, Sign, titled

MOST_CHOICES = 12
DEFAULT = "open"
GROUPS = {
    "escalated": Sign("urgent", "Needs a person"),
    "human": Sign("human", "Waiting on us"),
    "offered": Sign("human", "Person offered"),
    "bot": Sign("active", "Bot at work"),
    "customer": Sign("waiting", "Customer’s turn"),
    "resolved": Sign("done", "Resolved"),
}
PERSON = "person"
NAMED = {"open": Sign("inbox", "Open"), PERSON: Sign("urgent", "Needs a person"), **GROUPS}


@dataclass(frozen=True)
class Choice:
    """A filter as a link; pressing the one that holds takes it away."""

    label: str
    url: str
    count: int
    on: bool
    glyph: str = ""
    icon: str = ""
    id: str = ""
    """Of a saved view, so that it can be forgotten."""


@dataclass(frozen=True)
class Facet:
    """A group of filters."""

    title: str
    choices: tuple[Choice, ...]
    deep: bool = True
    """Shown on wide screens only."""


def query_of(filters: InboxFilters) -> dict[str, str]:
    """The filters as they stand in the address; the open tickets are what is shown without any."""
    named = {
        "view": "all" if filters.group is None else "" if filters.group == DEFAULT else filters.group,
        "company": filters.company_id,
        "status": filters.status,
        "language": filters.language,
        "intent": filters.intent,
        "assignee": filters.assignee_id,
        "tag": filters.tag,
        "q": filters.text.strip(),
    }
    return {key: value for key, value in named.items() if value}


def facets_of(
    counts: InboxCounts,
    filters: InboxFilters,
    *,
    companies: Mapping[str, str],
    staff: Mapping[str, str],
    saved: tuple[SavedView, ...],
    me: str,
) -> tuple[Facet, ...]:
    """All groups of filters, the views first."""
    query = query_of(filters)
    people = {me: "Me", "nobody": "Nobody", **{key: name for key, name in staff.items() if key != me}}
    return (
        Facet("Views", _views(counts, query, filters, me), deep=False),
        Facet("Saved", _saved(saved, query)),
        _facet("Company", "company", counts.by_company, query, companies),
        _facet("Status", "status", counts.by_status, query, {key: sign.word for key, sign in STATUS.items()}),
        _facet("Language", "language", counts.by_language, query, LANGUAGE),
        _facet(
            "Intent", "intent", counts.by_intent, query, {name: titled(name) for name in counts.by_intent}
        ),
        _facet("Assignee", "assignee", counts.by_assignee, query, people),
        _facet("Tag", "tag", counts.by_tag, query, {}),
    )


def active_of(
    filters: InboxFilters, companies: Mapping[str, str], staff: Mapping[str, str], me: str
) -> tuple[Choice, ...]:
    """The filters that hold, each with the way to take it away."""
    query = query_of(filters)
    names: dict[str, Mapping[str, str]] = {
        "company": companies,
        "status": {key: sign.word for key, sign in STATUS.items()},
        "language": LANGUAGE,
        "assignee": {**staff, me: "me", "nobody": "nobody"},
    }
    return tuple(
        Choice(f"{key}: {names.get(key, {}).get(value, titled(value))}", without(query, key), 0, on=True)
        for key, value in query.items()
        if key not in ("q", "view")
    )


def without(query: Mapping[str, str], key: str) -> str:
    """The inbox without one of the filters."""
    return _address({name: value for name, value in query.items() if name != key})


def page_url(query: Mapping[str, str], number: int) -> str:
    """The same filters on another page."""
    return _address({**query, "page": str(number)})


def _views(
    counts: InboxCounts, query: Mapping[str, str], filters: InboxFilters, me: str
) -> tuple[Choice, ...]:
    by_group = counts.by_group
    numbers = {
        "open": sum(count for name, count in by_group.items() if name != "resolved"),
        PERSON: by_group.get("escalated", 0) + by_group.get("human", 0),
        **{name: by_group.get(name, 0) for name in GROUPS},
    }
    rest = {key: value for key, value in query.items() if key != "view"}
    mine = _address({**query, "assignee": me})
    shown = [
        Choice(
            sign.word,
            _address({**rest, "view": name} if name != DEFAULT else rest),
            numbers[name],
            on=filters.group == name,
            glyph="" if name == DEFAULT else sign.family,
            icon="inbox" if name == DEFAULT else "",
        )
        for name, sign in NAMED.items()
        if name not in ("escalated", "human") or filters.group == name
    ]
    own = Choice("Mine", mine, counts.by_assignee.get(me, 0), on=filters.assignee_id == me, icon="person")
    whole = Choice(
        "All", _address({**rest, "view": "all"}), sum(by_group.values()), filters.group is None, icon="logs"
    )
    return (*shown[:2], own, *shown[2:], whole)


def _saved(saved: tuple[SavedView, ...], query: Mapping[str, str]) -> tuple[Choice, ...]:
    here = urlencode(query)
    return tuple(
        Choice(
            view.name, f"/inbox?{view.query}" if view.query else "/inbox", -1, view.query == here, id=view.id
        )
        for view in saved
    )


def _facet(
    title: str, key: str, counts: Mapping[str, int], query: Mapping[str, str], names: Mapping[str, str]
) -> Facet:
    values = [value for value in names if value in counts] or sorted(counts, key=lambda value: -counts[value])
    if key in ("intent", "tag"):
        values.sort(key=lambda value: (-counts[value], value))
    held = query.get(key)
    if held is not None and held not in values:
        values.append(held)
    shown = values if held in values[:MOST_CHOICES] or held is None else [held, *values]
    return Facet(
        title,
        tuple(
            Choice(
                label=names.get(value, value),
                url=without(query, key) if held == value else _address({**query, key: value}),
                count=counts.get(value, 0),
                on=held == value,
            )
            for value in shown[:MOST_CHOICES]
        ),
    )


def _address(query: Mapping[str, str]) -> str:
    return f"/inbox?{urlencode(query)}" if query else "/inbox"
