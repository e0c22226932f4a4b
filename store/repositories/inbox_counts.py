"""The inbox's counts: one pass over the tickets by kind, folded into a count for every choice."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from store.models.tickets import Tickets
from store.values.tickets import GROUPS, NEEDY_PLACES, OPEN_PLACES, InboxCounts, InboxFilters

GROUP_OF = {place: name for name, places in GROUPS.items() for place in places}


KIND = (
    Tickets.place, Tickets.company_id, Tickets.status, Tickets.human_owned, Tickets.handoff_available,
    Tickets.language, Tickets.intent, Tickets.assignee_id, Tickets.labels,
)  # fmt: skip
"""The columns of a `Kind`, all of them in the inbox's indices."""


class Kind(NamedTuple):
    """Tickets that are alike in everything that the inbox filters by, and how many they are."""

    place: int
    company_id: str
    status: str
    human_owned: bool
    handoff_available: bool
    language: str | None
    intent: str | None
    assignee_id: str | None
    labels: str
    tickets: int


Passes = Callable[[Kind], bool]
SHOWN: dict[str, Callable[[Kind], tuple[str, ...]]] = {
    "company": lambda kind: (kind.company_id,),
    "status": lambda kind: (kind.status,),
    "group": lambda kind: (GROUP_OF[kind.place],),
    "language": lambda kind: (kind.language,) if kind.language else (),
    "intent": lambda kind: (kind.intent,) if kind.intent else (),
    "assignee": lambda kind: (kind.assignee_id or "nobody",),
    "tag": lambda kind: tuple(filter(None, kind.labels.split("\n"))) if kind.labels else (),
}
"""The values of every choice that show a kind."""


def fold(kinds: Iterable[Kind], filters: InboxFilters) -> InboxCounts:
    """A kind counts for a choice when it passes all filters but the choice's own.

    There are thousands of kinds, and this runs at every look at the inbox: it does little for each of them.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in SHOWN}
    tests = tuple(wishes(filters).items())
    total = 0
    for kind in kinds:
        failed = [name for name, passes in tests if not passes(kind)]
        if not failed:
            total += kind.tickets
        elif len(failed) > 1 or failed[0] == "person":
            continue
        for name in failed or SHOWN:
            for value in SHOWN[name](kind):
                counts[name][value] += kind.tickets
    return InboxCounts(total=total, **{f"by_{name}": dict(counts[name]) for name in SHOWN})


def passing(kinds: Iterable[Kind], filters: InboxFilters) -> frozenset[Kind]:
    """Those of the kinds that pass all filters."""
    tests = tuple(wishes(filters).values())
    return frozenset(kind for kind in kinds if all(passes(kind) for passes in tests))


def wishes(filters: InboxFilters) -> dict[str, Passes]:
    """What each filter that is set lets through, by the name of its choice; `person` is a choice of none."""
    asked = filters
    places = frozenset(places_of(filters.group)) if filters.group is not None else frozenset()
    groups = frozenset(GROUP_OF[place] for place in places)
    label = f"\n{filters.tag}\n"
    all_tests: dict[str, tuple[object, Passes]] = {
        "company": (asked.company_id, lambda kind: kind.company_id == asked.company_id),
        "status": (asked.status, lambda kind: kind.status == asked.status),
        "group": (asked.group, lambda kind: GROUP_OF[kind.place] in groups),
        "language": (asked.language, lambda kind: kind.language == asked.language),
        "intent": (asked.intent, lambda kind: kind.intent == asked.intent),
        "assignee": (asked.assignee_id, lambda kind: (kind.assignee_id or "nobody") == asked.assignee_id),
        "tag": (asked.tag, lambda kind: label in kind.labels),
        "person": (asked.needs_person, lambda kind: needs_person(kind) == asked.needs_person),
    }
    return {name: test for name, (value, test) in all_tests.items() if value is not None}


def needs_person(kind: Kind) -> bool:
    """Whether a person was asked for, has it, or was offered."""
    return kind.status == "escalated" or kind.human_owned or kind.handoff_available


def places_of(group: str) -> tuple[int, ...]:
    """The places of a group; an unknown group has none."""
    return {"open": OPEN_PLACES, "person": NEEDY_PLACES, **GROUPS}.get(group, ())
