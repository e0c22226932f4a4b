"""The inbox's counts: one pass over the tickets by kind, folded into a count for every choice."""

from collections import Counter
from collections.abc import Iterable
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


CHOICES = ("company", "status", "group", "language", "intent", "assignee", "tag")


def fold(kinds: Iterable[Kind], filters: InboxFilters) -> InboxCounts:
    """A kind counts for a choice when it passes all filters but the choice's own."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in CHOICES}
    total = 0
    wanted = wishes(filters)
    for kind in kinds:
        shown = choices(kind)
        failed = _failed(kind, shown, wanted, filters)
        if len(failed) > 1 or "person" in failed:
            continue
        total += 0 if failed else kind.tickets
        for name in failed or CHOICES:
            for value in shown[name]:
                counts[name][value] += kind.tickets
    return InboxCounts(total=total, **{f"by_{name}": dict(counts[name]) for name in CHOICES})


def passing(kinds: Iterable[Kind], filters: InboxFilters) -> frozenset[Kind]:
    """Those of the kinds that pass all filters."""
    wanted = wishes(filters)
    return frozenset(kind for kind in kinds if not _failed(kind, choices(kind), wanted, filters))


def _failed(
    kind: Kind,
    shown: dict[str, tuple[str, ...]],
    wanted: dict[str, frozenset[str]],
    filters: InboxFilters,
) -> list[str]:
    """The filters that the kind does not pass."""
    failed = [name for name, values in wanted.items() if values.isdisjoint(shown[name])]
    if filters.needs_person is not None and needs_person(kind) != filters.needs_person:
        failed.append("person")
    return failed


def wishes(filters: InboxFilters) -> dict[str, frozenset[str]]:
    """The choices that each filter lets through."""
    single = {
        "company": filters.company_id,
        "status": filters.status,
        "language": filters.language,
        "intent": filters.intent,
        "assignee": filters.assignee_id,
        "tag": filters.tag,
    }
    wanted = {name: frozenset({value}) for name, value in single.items() if value is not None}
    if filters.group is not None:
        wanted["group"] = frozenset(GROUP_OF[place] for place in places_of(filters.group))
    return wanted


def choices(kind: Kind) -> dict[str, tuple[str, ...]]:
    """The choices of every filter that show the kind."""
    return {
        "company": (kind.company_id,),
        "status": (kind.status,),
        "group": (GROUP_OF[kind.place],),
        "language": (kind.language,) if kind.language else (),
        "intent": (kind.intent,) if kind.intent else (),
        "assignee": (kind.assignee_id or "nobody",),
        "tag": tuple(filter(None, kind.labels.split("\n"))) if kind.labels else (),
    }


def needs_person(kind: Kind) -> bool:
    """Whether a person was asked for, has it, or was offered."""
    return kind.status == "escalated" or kind.human_owned or kind.handoff_available


def places_of(group: str) -> tuple[int, ...]:
    """The places of a group; an unknown group has none."""
    return {"open": OPEN_PLACES, "person": NEEDY_PLACES, **GROUPS}.get(group, ())
