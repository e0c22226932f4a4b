"""A search of the inbox: what is open is all looked at, of what is closed the newest."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import select

from store.models.tickets import Tickets
from store.repositories.base import Repository
from store.repositories.inbox_counts import Kind, fold, wishes
from store.repositories.search import Said, SaidLately, SaidOfFew, common_words, matching
from store.values.tickets import CLOSED_PLACE, InboxCounts, InboxFilters

MOST_CLOSED = 2_000
COLUMNS = (
    Tickets.place, Tickets.company_id, Tickets.status, Tickets.human_owned, Tickets.handoff_available,
    Tickets.language, Tickets.intent, Tickets.assignee_id, Tickets.labels,
)  # fmt: skip
"""What makes the kinds of a ticket, all of it in the inbox's index."""


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
        columns: Any = select(Tickets.id, *COLUMNS).where(*self._within(Tickets))
        order = (Tickets.place, Tickets.waiting_since, Tickets.updated_at.desc(), Tickets.id.desc())
        living = columns.where(Tickets.place < CLOSED_PLACE, matching(filters.text, common, SaidOfFew))
        open_ones = self._db.execute(living.order_by(*order)).all()
        closed, more = self._closed(columns, filters, common)
        hits = [(str(row[0]), tuple(row[1 : len(COLUMNS) + 1])) for row in (*open_ones, *closed)]
        alike = Counter(columns for _, columns in hits)  # thousands of tickets are of few kinds
        counts = fold((kind for found, count in alike.items() for kind in _kinds(found, count)), filters)
        shown = {found for found in alike if _passes(_kinds(found, 1), filters)}
        return Found(tuple(ticket_id for ticket_id, columns in hits if columns in shown), counts, more)

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


def _kinds(columns: tuple[Any, ...], tickets: int) -> Iterator[Kind]:
    """The kinds of tickets that are alike in `COLUMNS`: without a tag, and with each of theirs."""
    *values, labels = (value if value is not None else "" for value in columns)
    for tag in ("", *filter(None, labels.split("\n"))):
        yield Kind._make((tag, *values, tickets))


def _passes(kinds: Iterable[Kind], filters: InboxFilters) -> bool:
    """Whether tickets of these kinds are shown."""
    wanted = next((kind for kind in kinds if kind.tag == (filters.tag or "")), None)
    return wanted is not None and all(passes(wanted) for passes in wishes(filters).values())
