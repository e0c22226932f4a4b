"""The inbox: which tickets need somebody, in the order in which they should be looked at."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select

from store.models.companies import Companies, Customers
from store.models.tickets import Messages, Tickets, TicketTags
from store.models.turns import Turns
from store.repositories.base import Repository, rows_of
from store.values.tickets import InboxFilters, InboxPage, InboxRow, Ticket

Conditions = dict[str, ColumnElement[bool]]


class Inbox(Repository):
    """Lists tickets by page, with counts that respect the other filters."""

    def inbox(self, filters: InboxFilters, page: int = 1, size: int = 50) -> InboxPage:
        """Escalated first, then whoever waits longest, then the newest of those that wait for nobody."""
        conditions = self._conditions(filters)
        where = [*conditions.values(), *self._within(Tickets)]
        by_status = self._counts(Tickets.status, conditions, "status")
        total = sum(by_status.values()) if filters.status is None else by_status.get(filters.status, 0)
        statement = rows_of(Tickets, Ticket, *where).order_by(
            Tickets.urgency, Tickets.waiting_since, Tickets.updated_at.desc(), Tickets.id.desc()
        )
        tickets = self._list(Ticket, statement.limit(size).offset((page - 1) * size))
        return InboxPage(
            rows=self._rows(tickets),
            total=total,
            page=page,
            pages=max(1, -(-total // size)),
            by_company=self._counts(Tickets.company_id, conditions, "company"),
            by_status=by_status,
            by_tag=self._tag_counts(conditions),
        )

    def _conditions(self, filters: InboxFilters) -> Conditions:
        conditions: Conditions = {}
        if filters.company_id is not None:
            conditions["company"] = Tickets.company_id == filters.company_id
        if filters.status is not None:
            conditions["status"] = Tickets.status == filters.status
        if filters.assignee_id is not None:
            conditions["assignee"] = Tickets.assignee_id == filters.assignee_id
        if filters.language is not None:
            conditions["language"] = Tickets.language == filters.language
        if filters.needs_person is not None:
            needed = or_(Tickets.status == "escalated", Tickets.human_owned, Tickets.handoff_available)
            conditions["person"] = needed if filters.needs_person else ~needed
        if filters.tag is not None:
            conditions["tag"] = exists().where(
                TicketTags.ticket_id == Tickets.id, TicketTags.name == filters.tag
            )
        if filters.intent is not None:
            conditions["intent"] = exists().where(
                Turns.ticket_id == Tickets.id, Turns.intent == filters.intent
            )
        if filters.text.strip():
            conditions["text"] = exists().where(
                Messages.ticket_id == Tickets.id,
                Messages.text.icontains(filters.text.strip(), autoescape=True),
            )
        return conditions

    def _counts(self, column: Any, conditions: Conditions, own: str) -> dict[str, int]:
        where = [condition for name, condition in conditions.items() if name != own]
        rows = self._db.execute(
            select(column, func.count(Tickets.id)).where(*where, *self._within(Tickets)).group_by(column)
        )
        return {str(name): int(count) for name, count in rows}

    def _tag_counts(self, conditions: Conditions) -> dict[str, int]:
        where = [condition for name, condition in conditions.items() if name != "tag"]
        counts = select(TicketTags.name, func.count(TicketTags.ticket_id)).where(*self._within(TicketTags))
        if where:
            counts = counts.join(Tickets, Tickets.id == TicketTags.ticket_id).where(*where)
        rows = self._db.execute(counts.group_by(TicketTags.name))
        return {str(name): int(count) for name, count in rows}

    def _rows(self, tickets: tuple[Ticket, ...]) -> tuple[InboxRow, ...]:
        ids = [ticket.id for ticket in tickets]
        companies = self._names(Companies.id, Companies.name, [ticket.company_id for ticket in tickets])
        emails = self._names(Customers.id, Customers.email, [ticket.customer_id for ticket in tickets])
        tags: dict[str, list[str]] = {ticket_id: [] for ticket_id in ids}
        labelled = select(TicketTags.ticket_id, TicketTags.name).where(TicketTags.ticket_id.in_(ids))
        for ticket_id, name in self._db.execute(labelled.order_by(TicketTags.name)):
            tags[ticket_id].append(name)
        last = self._last_messages(ids)
        nodes = self._last_nodes(ids)
        return tuple(
            InboxRow(
                ticket=ticket,
                company=companies[ticket.company_id],
                email=emails.get(ticket.customer_id or ""),
                tags=tuple(tags[ticket.id]),
                last_message=last.get(ticket.id, ("", None))[0],
                last_role=last.get(ticket.id, ("", None))[1],
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
