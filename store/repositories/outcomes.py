"""How tickets ended: by their rows, which is what figures count, and recounted from their events."""

from collections import Counter
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, case, or_, select

from store.models.tickets import Events, Tickets
from store.repositories.base import Repository
from store.values.outcomes import End, EndedTicket, Recount, Told, reason_of, recounted

END: ColumnElement[str] = case(
    (or_(Tickets.human_owned, Tickets.layer == "human"), "handed"),
    (Tickets.reopened > 0, "reopened"),
    (Tickets.outcome.in_(("confirmed", "verified", "assumed")), Tickets.outcome),
    (Tickets.outcome.is_not(None), "refused"),
    (Tickets.status == "resolved", "assumed"),
    else_="open",
)
"""The end of a ticket's row, as `store.values.outcomes.end_of` has it for its events."""
TELLING = ("status", "handoff", "outcome")
MOST_LOOKED_AT = 5_000


class OutcomeRepository(Repository):
    """Ends of the caller's tickets."""

    def recount(self, company_id: str, begin: datetime, until: datetime) -> Recount:
        """The ends of the tickets that began in a span, from nothing but their events."""
        mine = (Tickets.company_id == company_id, Tickets.created_at >= begin, Tickets.created_at < until)
        columns = (Tickets.id, Events.name, Events.data, Events.created_at)
        known = (Events.ticket_id == Tickets.id) & Events.name.in_(TELLING)
        statement = select(*columns).outerjoin(Events, known).where(*mine, *self._within(Tickets))
        ends: list[End] = []
        events = 0
        for _, rows in groupby(
            self._db.execute(statement.order_by(Tickets.id, Events.seq)), attrgetter("id")
        ):
            told = [Told(row.name, row.data, row.created_at) for row in rows if row.name is not None]
            events += len(told)
            ends.append(recounted(told))
        return Recount(
            outcomes=dict(Counter(end.name for end in ends)),
            handed=dict(Counter(end.reason for end in ends if end.name == "handed")),
            events=events,
        )

    def tickets(
        self,
        since: datetime,
        *,
        company_id: str | None = None,
        end: str = "",
        reason: str = "",
        limit: int = 50,
    ) -> tuple[EndedTicket, ...]:
        """The tickets that began since then with their ends, newest first; of one end or reason alone."""
        where = [Tickets.created_at >= since, *self._within(Tickets)]
        if company_id is not None:
            where.append(Tickets.company_id == company_id)
        if wanted := end or ("handed" if reason else ""):
            where.append(END.in_((wanted,)))
        columns = (
            Tickets.id, Tickets.number, Tickets.company_id, Tickets.subject, Tickets.language,
            Tickets.created_at, Tickets.handed_for, END.label("end"),
        )  # fmt: skip
        newest = select(*columns).where(*where).order_by(Tickets.created_at.desc(), Tickets.id.desc())
        found = []
        for row in self._db.execute(newest.limit(MOST_LOOKED_AT if reason else limit)):
            values = dict(row._mapping)
            raw = str(values.pop("handed_for"))
            told = reason_of(raw) if row.end == "handed" else ""
            if not reason or told == reason:
                found.append(EndedTicket(**values, reason=told))
        return tuple(found[:limit])
