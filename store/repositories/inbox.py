"""The inbox: which tickets need somebody, in the order in which they should be looked at."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import ColumnElement, func, select

from store.models.companies import Companies, Customers
from store.models.kinds import TICKET_KINDS
from store.models.tickets import Messages, Tickets
from store.models.turns import Turns
from store.repositories.base import rows_of
from store.repositories.inbox_counts import Kind, fold, passing, places_of
from store.repositories.inbox_search import InboxSearch
from store.values.tickets import InboxCounts, InboxFilters, InboxPage, InboxRow, Ticket


class Inbox(InboxSearch):
    """Lists tickets by page, with counts that respect the other filters."""

    def inbox(self, filters: InboxFilters, page: int = 1, size: int = 50) -> InboxPage:
        """Escalated and urgent first, then whoever waits longest, then the newest of the rest."""
        if filters.text.strip():
            return self._searched(filters, page, size)
        counts = self.inbox_counts(filters)
        order = (Tickets.place, Tickets.waiting_since, Tickets.updated_at.desc(), Tickets.id.desc())
        chosen = select(Tickets.id).where(*self._wanted(filters)).order_by(*order)
        ids = list(self._db.execute(chosen.limit(size).offset((page - 1) * size)).scalars())
        return self._page(ids, counts, page, size)

    def _searched(self, filters: InboxFilters, page: int, size: int) -> InboxPage:
        found = self.search(filters)
        ids = found.ids[(page - 1) * size : page * size]
        return replace(self._page(list(ids), found.counts, page, size), more=found.more)

    def _page(self, ids: list[str], counts: InboxCounts, page: int, size: int) -> InboxPage:
        pages = max(1, -(-counts.total // size))
        found = self._list(Ticket, rows_of(Tickets, Ticket, Tickets.id.in_(ids), *self._within(Tickets)))
        by_id = {ticket.id: ticket for ticket in found}
        rows = self._rows(tuple(by_id[ticket_id] for ticket_id in ids))
        return InboxPage(**asdict(counts), rows=rows, page=page, pages=pages)

    def inbox_counts(self, filters: InboxFilters) -> InboxCounts:
        """What each choice of the inbox's filters would show; words are not among them."""
        kinds = TICKET_KINDS.c
        mine = self._within(kinds)
        alike = select(*(kinds[name] for name in Kind._fields)).where(kinds.tag == (filters.tag or ""), *mine)
        counts = fold((Kind._make(row) for row in self._db.execute(alike)), filters)
        tags = select(kinds.tag, func.sum(kinds.tickets)).group_by(kinds.tag)
        tags = tags.where(kinds.tag != "", *mine, *passing(kinds, filters, nobody=""))
        by_tag = {str(tag): int(tickets) for tag, tickets in self._db.execute(tags)}
        return replace(counts, by_tag=by_tag)

    def waiting_for_a_person(self) -> int:
        """How many customers were promised a person whom nobody has yet."""
        where = (Tickets.place.in_(places_of("escalated")), *self._within(Tickets))
        return int(self._db.execute(select(func.count()).where(*where)).scalar_one())

    def among(self, ticket_ids: list[str]) -> frozenset[str]:
        """Those of the tickets that are the caller's."""
        where = (Tickets.id.in_(ticket_ids), *self._within(Tickets))
        return frozenset(self._db.execute(select(Tickets.id).where(*where)).scalars())

    def _wanted(self, filters: InboxFilters) -> list[ColumnElement[bool]]:
        where = [*passing(Tickets, filters, nobody=None), *self._within(Tickets)]
        if filters.tag is not None:
            where.append(Tickets.labels.contains(f"\n{filters.tag}\n", autoescape=True))
        return where

    def _rows(self, tickets: tuple[Ticket, ...]) -> tuple[InboxRow, ...]:
        ids = [ticket.id for ticket in tickets]
        companies = self._names(Companies.id, Companies.name, [ticket.company_id for ticket in tickets])
        emails = self._names(Customers.id, Customers.email, [ticket.customer_id for ticket in tickets])
        labels = self._names(Tickets.id, Tickets.labels, ids)
        last = self._last_messages(ids)
        asked = self._last_asked(ids)
        nodes = self._last_nodes(ids)
        return tuple(
            InboxRow(
                ticket=ticket,
                company=companies[ticket.company_id],
                email=emails.get(ticket.customer_id or ""),
                tags=tuple(sorted(label for label in labels[ticket.id].split("\n") if label)),
                last_message=last.get(ticket.id, ("", None))[0],
                last_role=last.get(ticket.id, ("", None))[1],
                last_said=asked.get(ticket.id, 0),
                nodes=nodes.get(ticket.id, ()),
            )
            for ticket in tickets
        )

    def _names(self, key: Any, name: Any, ids: list[Any]) -> dict[str, str]:
        rows = self._db.execute(select(key, name).where(key.in_({found for found in ids if found})))
        return {str(found): str(text) for found, text in rows}

    def _last_nodes(self, ids: list[str]) -> dict[str, tuple[str, ...]]:
        newest = (
            select(func.max(Turns.id).label("id"))
            .where(Turns.ticket_id.in_(ids), Turns.status == "done")
            .group_by(Turns.ticket_id)
            .subquery()
        )
        rows = self._db.execute(select(Turns.ticket_id, Turns.stages).join(newest, Turns.id == newest.c.id))
        return {str(row.ticket_id): tuple(row.stages) for row in rows}

    def _last_asked(self, ids: list[str]) -> dict[str, int]:
        rows = self._db.execute(
            select(Messages.ticket_id, func.max(Messages.seq))
            .where(Messages.ticket_id.in_(ids), Messages.role == "user")
            .group_by(Messages.ticket_id)
        )
        return {str(ticket_id): int(seq) for ticket_id, seq in rows}

    def _last_messages(self, ids: list[str]) -> dict[str, tuple[str, str | None]]:
        newest = (
            select(Messages.ticket_id, func.max(Messages.seq).label("seq"))
            .where(Messages.ticket_id.in_(ids), Messages.role != "note")
            .group_by(Messages.ticket_id)
            .subquery()
        )
        rows = self._db.execute(
            select(Messages.ticket_id, Messages.text, Messages.role).join(
                newest, (Messages.ticket_id == newest.c.ticket_id) & (Messages.seq == newest.c.seq)
            )
        )
        return {str(row.ticket_id): (str(row.text), str(row.role)) for row in rows}
