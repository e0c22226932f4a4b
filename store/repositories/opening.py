"""Opening a ticket, for a customer's first message or to go on from a closed ticket."""

from sqlalchemy import insert, update

from store.models.tickets import Counters, Tickets
from store.repositories.base import Work, columns_of
from store.repositories.prepared import Prepared
from store.values.tickets import Ticket

FIRST_NUMBER = 1001
_OPEN = Prepared(lambda _: insert(Tickets).returning(*columns_of(Tickets, Ticket)))
_COUNT = Prepared(
    lambda _: (
        update(Counters)
        .where(Counters.name == "tickets")
        .values(value=Counters.value + 1)
        .returning(Counters.value)
    )
)


def open_ticket(
    work: Work,
    *,
    company_id: str,
    customer_id: str | None,
    agent_id: str,
    session_id: str | None,
    channel: str,
    verified: bool,
    linked_to: str | None = None,
) -> Ticket:
    """Make a new ticket with the next number."""
    now = work.clock.now()
    opened = _OPEN.run(
        work.db,
        work.scope,
        {
            "id": work.ids.new("tkt"),
            "number": next_number(work),
            "company_id": company_id,
            "customer_id": customer_id,
            "agent_id": agent_id,
            "session_id": session_id,
            "channel": channel,
            "status": "new",
            "layer": "triage",
            "verified": verified,
            "linked_to": linked_to,
            "created_at": now,
            "updated_at": now,
        },
    )
    return Ticket(**opened.one()._mapping)


def next_number(work: Work) -> int:
    """The next ticket number of the installation; its row is the lock under which it is given out."""
    number = _COUNT.run(work.db, work.scope, {}).scalar()
    if number is None:
        work.db.execute(insert(Counters), {"name": "tickets", "value": FIRST_NUMBER})
        return FIRST_NUMBER
    return int(number)
