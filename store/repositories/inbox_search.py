"""A search of the inbox: all that says the words, or the newest of it where thousands do."""

from collections import Counter
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, type_coerce
from sqlalchemy.types import NullType

from store.models.tickets import Tickets
from store.repositories.base import Repository
from store.repositories.inbox_counts import Kind, fold, wishes
from store.repositories.search import (
    Said,
    SaidLately,
    SaidOfFew,
    SaidOfFewLately,
    common_words,
    is_said_by_many,
    matching,
)
from store.values.tickets import CLOSED_PLACE, InboxCounts, InboxFilters

MOST_CLOSED = 1_000
COLUMNS = (
    Tickets.place, Tickets.company_id, Tickets.status, Tickets.human_owned, Tickets.handoff_available,
    *(func.coalesce(column, "") for column in (Tickets.language, Tickets.intent, Tickets.assignee_id)),
)  # fmt: skip
"""The kind of a ticket, all of it in the inbox's index."""
CHANGED = type_coerce(Tickets.updated_at, NullType())
"""As the table has it: it is only sorted by."""


class Found(NamedTuple):
    """Tickets in the inbox's order, the counts of its filters, and whether older ones hold the words too."""

    ids: tuple[str, ...]
    counts: InboxCounts
    more: bool


class InboxSearch(Repository):
    """Tickets by words. One pass finds them; counts and pages are made of what it found."""

    def search(self, filters: InboxFilters) -> Found:
        """The tickets that hold the words and pass the other filters.

        A word like "refund" stands in most tickets: then those are found that hold it in the newest of the
        messages that do. Members of a few companies have all of theirs, as has a company that is chosen; of
        the closed ones the newest.
        """
        common = common_words(self._db, filters.text)
        columns: Any = select(Tickets.id, Tickets.labels, *COLUMNS).where(*self._within(Tickets))
        order = (Tickets.place, Tickets.waiting_since, Tickets.updated_at.desc(), Tickets.id.desc())
        living = columns.where(Tickets.place < CLOSED_PLACE, or_(*self._saying(filters, common, few=True)))
        open_ones = self._db.execute(living.order_by(*order)).all()
        closed, more = self._closed(columns, filters, common)
        more = more or (self._scope.companies is None and is_said_by_many(self._db, filters.text, common))
        hits = [(row[0], row[1], row[2 : len(COLUMNS) + 2]) for row in (*open_ones, *closed)]
        return _found(hits, filters, more)

    def _closed(self, columns: Any, filters: InboxFilters, common: frozenset[str]) -> tuple[list[Any], bool]:
        """The newest closed ones, last changed first."""
        newest = columns.add_columns(CHANGED).where(Tickets.place >= CLOSED_PLACE)
        newest = newest.order_by(Tickets.number.desc()).limit(MOST_CLOSED)
        asked = self._saying(filters, common, few=False)
        found = [self._db.execute(newest.where(each)).all() for each in asked]
        rows = {row[0]: row for rows in found for row in rows}.values()
        closed = sorted(rows, key=lambda row: (row[-1], row[0]), reverse=True)
        return closed, any(len(rows) == MOST_CLOSED for rows in found)

    def _saying(
        self, filters: InboxFilters, common: frozenset[str], *, few: bool
    ) -> list[ColumnElement[bool]]:
        """Which tickets say it, each condition quick by itself: the newest, and all of a chosen company's."""
        whole, lately = (SaidOfFew, SaidOfFewLately) if few else (Said, SaidLately)
        found = [matching(filters.text, common, lately if self._scope.companies is None else whole)]
        if filters.company_id is not None:
            mine = Tickets.company_id == filters.company_id
            found.append(and_(mine, matching(filters.text, common, whole)))
        return found


def _found(hits: list[tuple[str, str, Any]], filters: InboxFilters, more: bool) -> Found:
    """The hits that are shown, and the counts: hits are (ticket, its labels, its kind)."""
    label = f"\n{filters.tag}\n" if filters.tag is not None else ""
    tests = tuple(wishes(filters).values())
    alike = Counter(kind for _, labels, kind in hits if label in labels)  # thousands are of few kinds
    kinds = {kind: Kind._make((*kind, alike[kind])) for kind in {kind for *_, kind in hits}}
    passed = {kind for kind, named in kinds.items() if all(passes(named) for passes in tests)}
    tags: Counter[str] = Counter()
    for labels, tickets in Counter(labels for _, labels, kind in hits if kind in passed).items():
        tags.update(dict.fromkeys(filter(None, labels.split("\n")), tickets))
    counts = replace(fold((kinds[kind] for kind in alike), filters), by_tag=dict(tags))
    shown = tuple(ticket_id for ticket_id, labels, kind in hits if kind in passed and label in labels)
    return Found(shown, counts, more)
