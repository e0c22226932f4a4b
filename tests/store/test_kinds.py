"""The counts by kind that the inbox reads are those of the tickets, whatever happens to them."""

import random
from collections import Counter
from typing import Any

from sqlalchemy import delete, select, update

from store.models.kinds import TICKET_KINDS
from store.models.tickets import Tickets, TicketTags
from store.repositories.inbox_counts import Kind
from store.unit import UnitOfWork
from tests.store.desk import SmallDesk

DIALECTS = ("sqlite", "postgres")
TAGS = ("billing", "refund", "vip")
KIND = Kind._fields[:-1]
COLUMNS = [getattr(Tickets, name) for name in KIND]


def told(uow: UnitOfWork) -> Counter[tuple[Any, ...]]:
    """What the kinds say."""
    rows = uow._work.db.execute(select(*(TICKET_KINDS.c[name] for name in ("tag", *Kind._fields))))
    return Counter({tuple(row[:-1]): row[-1] for row in rows})


def counted(uow: UnitOfWork) -> Counter[tuple[Any, ...]]:
    """The same, of each ticket and each tag that it carries."""
    db = uow._work.db
    found: Counter[tuple[Any, ...]] = Counter()
    for ticket_id, *values in db.execute(select(Tickets.id, *COLUMNS)):
        kind = tuple("" if value is None else value for value in values)
        names = db.execute(select(TicketTags.name).where(TicketTags.ticket_id == ticket_id)).scalars()
        found.update((tag, *kind) for tag in ("", *names))
    return found


async def test_that_every_change_of_a_ticket_moves_it_to_another_kind(desk: SmallDesk) -> None:
    chance = random.Random(3)
    tickets = [(await desk.ticket()).id for _ in range(6)]
    for ticket_id in tickets[:3]:
        await desk.answered(ticket_id, tags=("refund",), handoff_offered=ticket_id == tickets[0])

    def change(uow: UnitOfWork) -> None:
        ticket_id = chance.choice(tickets)
        values: dict[str, Any] = chance.choice(
            [
                {"language": chance.choice((None, "en", "hinglish"))},
                {"intent": chance.choice((None, "greeting"))},
                {"status": "resolved"},
                {"status": "escalated", "human_owned": True, "priority": "urgent"},
                {"handoff_available": True, "waiting_since": None},
                {"summary": "no kind depends on it"},
            ]
        )
        uow._work.db.execute(update(Tickets).where(Tickets.id == ticket_id).values(**values))
        uow.tickets.tag(chance.choice(tickets), tuple(chance.sample(TAGS, chance.randrange(3))))

    for _ in range(60):
        await desk.write(change)
        assert await desk.read(told) == await desk.read(counted)


async def test_that_tickets_that_go_are_counted_no_more(desk: SmallDesk) -> None:
    tickets = [(await desk.ticket()).id for _ in range(4)]
    for ticket_id in tickets:
        await desk.write(lambda uow, one=ticket_id: uow.tickets.tag(one, ("vip", "refund")))  # type: ignore[misc]
    await desk.write(lambda uow: uow._work.db.execute(delete(Tickets).where(Tickets.id != tickets[0])))
    assert sum((await desk.read(told)).values()) == 3
    await desk.write(lambda uow: uow._work.db.execute(delete(Tickets)))
    assert await desk.read(told) == Counter()
