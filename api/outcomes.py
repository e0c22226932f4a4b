"""The ledger of ends: what figures count, held against a recount from the events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from eval.stats import Rate
from store.unit import UnitOfWork
from store.values.outcomes import ENDS

Counts = dict[str, int]


@dataclass(frozen=True)
class Ledger:
    """Ends of the tickets that began in a span: by the counted days."""

    outcomes: Counts
    handed: Counts

    @property
    def ended(self) -> int:
        """The denominator of every share: tickets that have ended."""
        return sum(self.outcomes.get(name, 0) for name in ENDS)

    @property
    def began(self) -> int:
        """All tickets, open ones too."""
        return self.ended + self.outcomes.get("open", 0)

    def rate(self, *names: str) -> Rate:
        """The share of the ended tickets with one of these ends."""
        return Rate(sum(self.outcomes.get(name, 0) for name in names), self.ended)


@dataclass(frozen=True)
class Proof:
    """A recount: from how many events, and each figure that differs as (name, counted, recounted)."""

    events: int
    differing: tuple[tuple[str, int, int], ...]


def ledger_of(uow: UnitOfWork, company_id: str | None, first: date) -> Ledger:
    """The ends by the days that are counted."""
    outcomes: Counts = {}
    handed: Counts = {}
    for item in uow.figures.days(first.isoformat(), company_id):
        _add(outcomes, item.data.get("outcomes", {}))
        _add(handed, item.data.get("handed", {}))
    return Ledger(outcomes, handed)


def counted(uow: UnitOfWork, companies: Sequence[str], first: date, last: date) -> Ledger:
    """The same counted now, day by day, for those who keep no counted days."""
    outcomes: Counts = {}
    handed: Counts = {}
    for company_id in companies:
        for step in range((last - first).days + 1):
            found = uow.figures.count(company_id, (first + timedelta(days=step)).isoformat())
            _add(outcomes, found["outcomes"])
            _add(handed, found["handed"])
    return Ledger(outcomes, handed)


def proof_of(uow: UnitOfWork, ledger: Ledger, companies: Sequence[str], first: date, last: date) -> Proof:
    """Count again from the events alone, day by day, and say what differs."""
    outcomes: Counts = {}
    handed: Counts = {}
    events = 0
    for company_id in companies:
        for step in range((last - first).days + 1):
            begin = datetime.combine(first + timedelta(days=step), time(), tzinfo=UTC)
            found = uow.outcomes.recount(company_id, begin, begin + timedelta(days=1))
            _add(outcomes, found.outcomes)
            _add(handed, found.handed)
            events += found.events
    return Proof(events, (*_differing(ledger.outcomes, outcomes), *_differing(ledger.handed, handed)))


def _differing(counted: Counts, recounted: Counts) -> tuple[tuple[str, int, int], ...]:
    names = sorted({*counted, *recounted})
    found = ((name, counted.get(name, 0), recounted.get(name, 0)) for name in names)
    return tuple(item for item in found if item[1] != item[2])


def _add(into: Counts, counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        into[name] = into.get(name, 0) + count
