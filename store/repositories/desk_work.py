"""What staff keep for their own work: what they have read, who looks at what, views, prepared replies."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from graph.errors import NotFound
from store.models.desk_work import CannedReplies, SavedViews, TicketReads
from store.models.people import StaffUsers
from store.models.tickets import Tickets
from store.repositories.base import Repository, rows_of
from store.values.tickets import CannedReply, SavedView


class DeskWorkRepository(Repository):
    """Rows of one member of staff, and the prepared replies of the caller's companies."""

    def read(self, ticket_id: str, user_id: str, seq: int) -> None:
        """The member has the ticket open and has seen it up to event `seq`."""
        self._seen(ticket_id)
        mine = (TicketReads.ticket_id == ticket_id, TicketReads.user_id == user_id)
        known = self._db.execute(select(TicketReads.seq).where(*mine)).scalar()
        now = self._now()
        if known is None:
            row = {"ticket_id": ticket_id, "user_id": user_id, "seq": seq, "seen_at": now}
            self._insert(TicketReads, row)
        else:
            values = {"seq": max(known, seq), "seen_at": now}
            self._db.execute(update(TicketReads).where(*mine).values(values))

    def reads(self, user_id: str, ticket_ids: list[str]) -> dict[str, int]:
        """How far the member has read each of these tickets."""
        rows = self._db.execute(
            select(TicketReads.ticket_id, TicketReads.seq)
            .join(Tickets, Tickets.id == TicketReads.ticket_id)
            .where(
                TicketReads.user_id == user_id,
                TicketReads.ticket_id.in_(ticket_ids),
                *self._within(Tickets),
            )
        )
        return {str(row.ticket_id): int(row.seq) for row in rows}

    def left(self, ticket_id: str, user_id: str, moment: datetime) -> None:
        """The member has closed the page: from `moment` on nobody sees them there."""
        self._seen(ticket_id)
        self._db.execute(
            update(TicketReads)
            .where(TicketReads.ticket_id == ticket_id, TicketReads.user_id == user_id)
            .values(seen_at=moment)
        )

    def watchers(self, ticket_id: str, since: datetime) -> tuple[tuple[str, str], ...]:
        """Who had the ticket open after `since`, as (user id, name)."""
        rows = self._db.execute(
            select(StaffUsers.id, StaffUsers.name, StaffUsers.email)
            .join(TicketReads, TicketReads.user_id == StaffUsers.id)
            .join(Tickets, Tickets.id == TicketReads.ticket_id)
            .where(TicketReads.ticket_id == ticket_id, TicketReads.seen_at >= since, *self._within(Tickets))
            .order_by(StaffUsers.name)
        )
        return tuple((str(row.id), str(row.name or row.email)) for row in rows)

    def views(self, user_id: str) -> tuple[SavedView, ...]:
        """The member's saved views, oldest first; they are of no company: the operator's scope reads."""
        self._check(None)
        statement = rows_of(SavedViews, SavedView, SavedViews.user_id == user_id)
        return self._list(SavedView, statement.order_by(SavedViews.created_at, SavedViews.id))

    def save_view(self, user_id: str, name: str, query: str) -> SavedView:
        """Keep filters under a name; one of the same name is replaced."""
        self._check(None)
        mine = (SavedViews.user_id == user_id, SavedViews.name == name)
        self._db.execute(delete(SavedViews).where(*mine))
        view = SavedView(
            id=self._new_id("vew"), user_id=user_id, name=name, query=query, created_at=self._now()
        )
        self._insert(SavedViews, dict(vars(view)))
        return view

    def drop_view(self, user_id: str, view_id: str) -> None:
        """Forget a view; one that is not there is no error."""
        self._check(None)
        self._db.execute(delete(SavedViews).where(SavedViews.user_id == user_id, SavedViews.id == view_id))

    def canned(self, company_id: str) -> tuple[CannedReply, ...]:
        """The prepared replies of a company and those for all, by name."""
        self._check(company_id)
        wanted = or_(CannedReplies.company_id == company_id, CannedReplies.company_id.is_(None))
        return self._list(
            CannedReply, rows_of(CannedReplies, CannedReply, wanted).order_by(CannedReplies.name)
        )

    def add_canned(self, company_id: str | None, name: str, text: str, language: str) -> CannedReply:
        """Keep a prepared reply."""
        self._check(company_id)
        reply = CannedReply(
            id=self._new_id("cnd"),
            company_id=company_id,
            name=name,
            text=text,
            language=language,
            created_at=self._now(),
        )
        self._insert(CannedReplies, dict(vars(reply)))
        return reply

    def drop_canned(self, reply_id: str) -> None:
        """Remove a prepared reply of the caller's companies, or `NotFound`."""
        gone = self._db.execute(
            delete(CannedReplies).where(CannedReplies.id == reply_id, *self._within(CannedReplies))
        )
        if not gone.rowcount:
            raise NotFound("no such prepared reply", field="id")

    def _seen(self, ticket_id: str) -> None:
        where = (Tickets.id == ticket_id, *self._within(Tickets))
        if self._db.execute(select(Tickets.id).where(*where)).first() is None:
            raise NotFound("no such ticket", field="ticketId")
