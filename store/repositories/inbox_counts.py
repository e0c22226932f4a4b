"""The inbox's counts: how many tickets there are of each kind, folded into a count for every choice."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, false, or_

from store.values.tickets import GROUPS, NEEDY_PLACES, OPEN_PLACES, InboxCounts, InboxFilters

GROUP_OF = {place: name for name, places in GROUPS.items() for place in places}


class Kind(NamedTuple):
    """Tickets that are alike in all that the inbox filters by but their tags, and how many they are."""

    place: int
    company_id: str
    status: str
    human_owned: bool
    handoff_available: bool
    language: str
    intent: str
    assignee_id: str
    tickets: int


Passes = Callable[[Kind], bool]
SHOWN: dict[str, Callable[[Kind], str]] = {
    "company": lambda kind: kind.company_id,
    "status": lambda kind: kind.status,
    "group": lambda kind: GROUP_OF[kind.place],
    "language": lambda kind: kind.language,
    "intent": lambda kind: kind.intent,
    "assignee": lambda kind: kind.assignee_id or "nobody",
}
"""The value of every choice but the tags' that shows a kind; empty where there is none."""


def fold(kinds: Iterable[Kind], filters: InboxFilters) -> InboxCounts:
    """A kind counts for a choice when it passes all filters but the choice's own. Tags are counted apart."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in SHOWN}
    tests, total = tuple(wishes(filters).items()), 0
    for kind in kinds:
        failed = [name for name, passes in tests if not passes(kind)]
        if not failed:
            total += kind.tickets
        elif len(failed) > 1:
            continue
        for name in failed or SHOWN:
            if name in SHOWN and (value := SHOWN[name](kind)):
                counts[name][value] += kind.tickets
    return InboxCounts(total=total, **{f"by_{name}": dict(found) for name, found in counts.items()})


def passing(table: Any, filters: InboxFilters, *, nobody: str | None) -> list[ColumnElement[bool]]:
    """The filters but the tag as conditions on tickets or their kinds; `nobody` stands for no assignee."""
    equal = {
        table.company_id: filters.company_id,
        table.status: filters.status,
        table.language: filters.language,
        table.intent: filters.intent,
    }
    where = [column == value for column, value in equal.items() if value is not None]
    if filters.assignee_id is not None:
        who = nobody if filters.assignee_id == "nobody" else filters.assignee_id
        where.append(table.assignee_id == who)
    if filters.group is not None:
        places = places_of(filters.group)
        where.append(table.place.between(min(places), max(places)) if places else false())
    if filters.needs_person is not None:
        needed = or_(table.status == "escalated", table.human_owned, table.handoff_available)
        where.append(needed if filters.needs_person else ~needed)
    return where


def wishes(filters: InboxFilters) -> dict[str, Passes]:
    """What each filter but the tag lets through, by the name of its choice; `person` is a choice of none."""
    asked = filters
    places = frozenset(places_of(filters.group)) if filters.group is not None else frozenset()
    groups = frozenset(GROUP_OF[place] for place in places)
    all_tests: dict[str, tuple[object, Passes]] = {
        "company": (asked.company_id, lambda kind: kind.company_id == asked.company_id),
        "status": (asked.status, lambda kind: kind.status == asked.status),
        "group": (asked.group, lambda kind: GROUP_OF[kind.place] in groups),
        "language": (asked.language, lambda kind: kind.language == asked.language),
        "intent": (asked.intent, lambda kind: kind.intent == asked.intent),
        "assignee": (asked.assignee_id, lambda kind: (kind.assignee_id or "nobody") == asked.assignee_id),
        "person": (asked.needs_person, lambda kind: needs_person(kind) == asked.needs_person),
    }
    return {name: test for name, (value, test) in all_tests.items() if value is not None}


def needs_person(kind: Kind) -> bool:
    """Whether a person was asked for, has it, or was offered."""
    return kind.status == "escalated" or kind.human_owned or kind.handoff_available


def places_of(group: str) -> tuple[int, ...]:
    """The places of a group; an unknown group has none."""
    return {"open": OPEN_PLACES, "person": NEEDY_PLACES, **GROUPS}.get(group, ())
