"""Takes everything out that the desk keeps of one customer, or shows it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, text, update

from graph.errors import NotFound
from store.models.companies import Customers
from store.models.desk import BusinessRecords, Orders
from store.models.erasures import Erasures
from store.models.exchanges import Exchanges
from store.models.knowledge import Gaps
from store.models.people import OneTimeCodes, Sessions
from store.models.recordings import Recordings
from store.models.tickets import Events, Feedback, Messages, MessageValues, Tickets
from store.models.turns import Ledger, Receipts, ToolCalls, Turns, TurnSteps
from store.models.words import SQLITE_TABLE
from store.models.work import Outbox
from store.repositories.base import Repository, rows_of
from store.repositories.reruns import RerunRepository
from store.values.erasure import Erasure
from store.values.scope import Json

_OF_TURNS = (TurnSteps, Receipts, ToolCalls, Exchanges, Recordings)
_OF_TICKETS = (Messages, MessageValues, Events, Feedback, Turns, Ledger)


class ErasureRepository(Repository):
    """Customers by company and address; an address that only labelled a session counts too."""

    def export(self, company_id: str, email: str) -> Json:
        """Everything that is kept of the customer, as JSON; `NotFound` when there is nothing."""
        email = email.strip().lower()
        tickets, sessions = self._found(company_id, email)
        shown = (
            ("tickets", Tickets, Tickets.id.in_(tickets)),
            ("messages", Messages, Messages.ticket_id.in_(tickets)),
            ("feedback", Feedback, Feedback.ticket_id.in_(tickets)),
            ("records", BusinessRecords, self._mine(BusinessRecords, company_id, email, sessions)),
            ("orders", Orders, self._mine(Orders, company_id, email, sessions)),
        )
        return {"email": email} | {name: self._rows(table, where) for name, table, where in shown}

    def erase(self, company_id: str, email: str) -> Erasure:
        """Remove it all in this transaction; the receipt stays. `NotFound` when there is nothing.

        A turn that still runs for one of the tickets finds its row gone and writes nothing more.
        """
        email = email.strip().lower()
        tickets, sessions = self._found(company_id, email)
        turns = select(Turns.id).where(Turns.ticket_id.in_(tickets))
        counts = {
            table.__tablename__: self._count(table, table.turn_id.in_(turns)) for table in _OF_TURNS
        } | {table.__tablename__: self._count(table, table.ticket_id.in_(tickets)) for table in _OF_TICKETS}
        for table, where in (
            (Gaps, Gaps.ticket_id.in_(tickets)),
            (Tickets, Tickets.id.in_(tickets)),
            (BusinessRecords, self._mine(BusinessRecords, company_id, email, sessions)),
            (Orders, self._mine(Orders, company_id, email, sessions)),
            (OneTimeCodes, (OneTimeCodes.company_id == company_id) & (OneTimeCodes.email == email)),
            (Outbox, (Outbox.company_id == company_id) & (func.lower(Outbox.recipient) == email)),
            (Sessions, Sessions.id.in_(sessions)),
            (Customers, (Customers.company_id == company_id) & (Customers.email == email)),
        ):
            counts[table.__tablename__] = self._db.execute(delete(table).where(where)).rowcount
        RerunRepository(self._work).forget(tickets)
        self._merge_words()
        return self._receipt(company_id, email, counts, tickets)

    def receipts(self, *, unswept: bool = False) -> tuple[Erasure, ...]:
        """What was erased, newest first."""
        where = [Erasures.swept_at.is_(None)] if unswept else []
        statement = rows_of(Erasures, Erasure, *where, *self._within(Erasures))
        return self._list(Erasure, statement.order_by(Erasures.created_at.desc(), Erasures.id))

    def swept(self, erasure_id: str) -> None:
        """Late checkpoints of its tickets were removed too."""
        self._db.execute(
            update(Erasures)
            .where(Erasures.id == erasure_id, *self._within(Erasures))
            .values(swept_at=self._now())
        )

    def closed(self, after: datetime, before: datetime) -> list[str]:
        """The tickets that were closed between two moments."""
        when = (Tickets.closed_at > after, Tickets.closed_at <= before)
        return list(self._db.execute(select(Tickets.id).where(*when, *self._within(Tickets))).scalars())

    def expire(self, before: datetime, limit: int = 200) -> list[str]:
        """Delete tickets that were closed before then, oldest first; returns which."""
        old = select(Tickets.id).where(
            Tickets.status == "resolved", Tickets.closed_at <= before, *self._within(Tickets)
        )
        ids = list(self._db.execute(old.order_by(Tickets.closed_at).limit(limit)).scalars())
        self._db.execute(delete(Gaps).where(Gaps.ticket_id.in_(ids)))
        self._db.execute(delete(Tickets).where(Tickets.id.in_(ids)))
        RerunRepository(self._work).forget(ids)
        return ids

    def _found(self, company_id: str, email: str) -> tuple[list[str], list[str]]:
        """The customer's tickets and sessions, as far as the caller may see them."""
        self._check(company_id)
        customers = select(Customers.id).where(Customers.company_id == company_id, Customers.email == email)
        mine = or_(Sessions.customer_id.in_(customers), Sessions.email == email)
        sessions = list(
            self._db.execute(select(Sessions.id).where(Sessions.company_id == company_id, mine)).scalars()
        )
        theirs = or_(Tickets.customer_id.in_(customers), Tickets.session_id.in_(sessions))
        tickets = list(
            self._db.execute(select(Tickets.id).where(Tickets.company_id == company_id, theirs)).scalars()
        )
        if not tickets and not sessions and self._db.execute(customers).first() is None:
            raise NotFound("nothing is kept of this customer", field="email")
        return tickets, sessions

    def _mine(self, table: Any, company_id: str, email: str, sessions: list[str]) -> ColumnElement[bool]:
        owned = or_(func.lower(table.email) == email, table.demo_session.in_(sessions))
        return and_(table.company_id == company_id, owned)

    def _rows(self, table: Any, where: ColumnElement[bool]) -> list[Json]:
        columns = [column for column in table.__table__.columns if column.name not in ("memory", "body_hash")]
        rows = self._db.execute(select(*columns).where(where))
        return [{name: _plain(value) for name, value in row._mapping.items()} for row in rows]

    def _count(self, table: Any, where: ColumnElement[bool]) -> int:
        return int(self._db.execute(select(func.count()).select_from(table).where(where)).scalar_one())

    def _merge_words(self) -> None:
        """SQLite's full-text index keeps words of deleted rows until its parts are merged."""
        if self._db.dialect.name == "sqlite":
            self._db.execute(text(f"INSERT INTO {SQLITE_TABLE} ({SQLITE_TABLE}) VALUES ('optimize')"))

    def _receipt(self, company_id: str, email: str, counts: Json, tickets: list[str]) -> Erasure:
        made = Erasure(
            id=self._new_id("era"),
            company_id=company_id,
            fingerprint=self._work.cipher.fingerprint("customer", company_id, email),
            counts=counts,
            threads=tuple(tickets),
            created_at=self._now(),
            swept_at=None,
        )
        self._insert(Erasures, dict(vars(made)))
        return made


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
