"""A search of the inbox: what is open is all looked at, of what is closed the newest."""

from collections import Counter
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import func, select

from store.models.tickets import Tickets
from store.repositories.base import Repository
from store.repositories.inbox_counts import Kind, fold, wishes
from store.repositories.search import Said, SaidLately, SaidOfFew, common_words, matching
from store.values.tickets import CLOSED_PLACE, InboxCounts, InboxFilters

MOST_CLOSED = 2_000
COLUMNS = (
    Tickets.place, Tickets.company_id, Tickets.status, Tickets.human_owned, Tickets.handoff_available,
    *(func.coalesce(column, "") for column in (Tickets.language, Tickets.intent, Tickets.assignee_id)),
)  # fmt: skip
"""The kind of a ticket, all of it in the inbox's index."""


class Found(NamedTuple):
    """Tickets in the inbox's order, the counts of its filters, and whether older ones hold the words too."""

    ids: tuple[str, ...]
    counts: InboxCounts
    more: bool


class InboxSearch(Repository):
    """Tickets by words. One pass finds them; counts and pages are made of what it found."""

    def search(self, filters: InboxFilters) -> Found:
        """The tickets that hold the words and pass the other filters.

        Open ones are found whatever their age, for somebody may wait. A word like "refund" stands in most of
        the closed ones: of those the newest are looked at, first in the company when one is chosen.
        """
        common = common_words(self._db, filters.text)
        columns: Any = select(Tickets.id, Tickets.labels, *COLUMNS).where(*self._within(Tickets))
        order = (Tickets.place, Tickets.waiting_since, Tickets.updated_at.desc(), Tickets.id.desc())
        living = columns.where(Tickets.place < CLOSED_PLACE, matching(filters.text, common, SaidOfFew))
        open_ones = self._db.execute(living.order_by(*order)).all()
        closed, more = self._closed(columns, filters, common)
        hits = [(row[0], tuple(row[2 : len(COLUMNS) + 2]), row[1]) for row in (*open_ones, *closed)]
        return _found(hits, filters, more)

    def _closed(self, columns: Any, filters: InboxFilters, common: frozenset[str]) -> tuple[list[Any], bool]:
        """The newest closed ones, last changed first; with those of the company when one is chosen."""
        newest = columns.add_columns(Tickets.updated_at).where(Tickets.place >= CLOSED_PLACE)
        newest = newest.order_by(Tickets.number.desc())
        how = SaidLately if self._scope.companies is None else Said
        asked = [newest.where(matching(filters.text, common, how))]
        if filters.company_id is not None:
            asked.append(
                newest.where(matching(filters.text, common), Tickets.company_id == filters.company_id)
            )
        found = [self._db.execute(each.limit(MOST_CLOSED)).all() for each in asked]
        rows = {row.id: row for rows in found for row in rows}.values()
        closed = sorted(rows, key=lambda row: (row.updated_at, row.id), reverse=True)
        return closed, any(len(rows) == MOST_CLOSED for rows in found)


def _found(hits: list[tuple[str, tuple[Any, ...], str]], filters: InboxFilters, more: bool) -> Found:
    """The hits that are shown, and the counts: hits are (ticket, its kind, its labels)."""
    label = f"\n{filters.tag}\n" if filters.tag is not None else ""
    tests = tuple(wishes(filters).values())
    alike = Counter(kind for _, kind, labels in hits if label in labels)  # thousands are of few kinds
    kinds = {kind: Kind._make((*kind, alike[kind])) for kind in {kind for _, kind, _ in hits}}
    passed = {kind for kind, named in kinds.items() if all(passes(named) for passes in tests)}
    tags: Counter[str] = Counter()
    for labels, tickets in Counter(labels for _, kind, labels in hits if kind in passed).items():
        tags.update(dict.fromkeys(filter(None, labels.split("\n")), tickets))
    counts = replace(fold((kinds[kind] for kind in alike), filters), by_tag=dict(tags))
    shown = tuple(ticket_id for ticket_id, kind, labels in hits if kind in passed and label in labels)
    return Found(shown, counts, more)
