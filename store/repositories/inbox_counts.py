"""The inbox's counts: one pass over the tickets by kind, folded into a count for every choice."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from store.values.tickets import GROUPS, NEEDY_PLACES, OPEN_PLACES, InboxCounts, InboxFilters

GROUP_OF = {place: name for name, places in GROUPS.items() for place in places}


@dataclass(frozen=True)
class Kind:
    """Tickets that are alike in everything that the inbox filters by, and how many they are."""

    company_id: str
    place: int
    status: str
    human_owned: bool
    handoff_available: bool
    language: str | None
    intent: str | None
    assignee_id: str | None
    labels: str
    count: int


def fold(kinds: Iterable[Kind], filters: InboxFilters) -> InboxCounts:
    """A kind counts for a choice when it passes all filters but the choice's own."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in _CHOICES}
    total = 0
    for kind in kinds:
        failed = failures(kind, filters)
        if len(failed) > 1:
            continue
        total += 0 if failed else kind.count
        for name in failed or _CHOICES:
            for value in choices(kind, name):
                counts[name][value] += kind.count
    return InboxCounts(total=total, **{f"by_{name}": dict(counts[name]) for name in _CHOICES})


_CHOICES = ("company", "status", "group", "language", "intent", "assignee", "tag")


def failures(kind: Kind, filters: InboxFilters) -> list[str]:
    """The filters that keep the kind out."""
    wanted = {
        "company": filters.company_id,
        "status": filters.status,
        "language": filters.language,
        "intent": filters.intent,
        "assignee": filters.assignee_id,
        "tag": filters.tag,
    }
    failed = [
        name for name, value in wanted.items() if value is not None and value not in choices(kind, name)
    ]
    if filters.group is not None and kind.place not in places_of(filters.group):
        failed.append("group")
    if filters.needs_person is not None and needs_person(kind) != filters.needs_person:
        failed.append("person")
    return failed


def choices(kind: Kind, name: str) -> tuple[str, ...]:
    """The choices of one filter that show the kind."""
    match name:
        case "company":
            return (kind.company_id,)
        case "status":
            return (kind.status,)
        case "group":
            return (GROUP_OF[kind.place],)
        case "assignee":
            return (kind.assignee_id or "nobody",)
        case "tag":
            return tuple(label for label in kind.labels.split("\n") if label)
        case "language":
            return (kind.language,) if kind.language else ()
        case "intent":
            return (kind.intent,) if kind.intent else ()
        case _:
            return ()


def needs_person(kind: Kind) -> bool:
    """Whether a person was asked for, has it, or was offered."""
    return kind.status == "escalated" or kind.human_owned or kind.handoff_available


def places_of(group: str) -> tuple[int, ...]:
    """The places of a group; an unknown group has none."""
    return {"open": OPEN_PLACES, "person": NEEDY_PLACES, **GROUPS}.get(group, ())
