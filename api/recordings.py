"""The recorded conversations of the demo companies, run once through the real graph: no empty inbox.

They work on a demo session's copies of the records: what a visitor tries later is as it was seeded.
"""

from api.desk import Desk
from api.trial import TrialDesk
from seeds.schema import all_companies
from seeds.shapes import Ticket
from store.values.scope import Scope


async def record_tickets(desk: Desk) -> int:
    """Run every seeded conversation that this desk has not run before; how many those were."""
    told = 0
    for seed in all_companies():
        for ticket in seed.tickets:
            told += await _record(desk, seed.company.slug, ticket)
    return told


async def _record(desk: Desk, slug: str, ticket: Ticket) -> bool:
    mark = f"ticket:{slug}:{ticket.key}"
    if await desk.store.read(Scope.operator(), lambda uow: uow.seed_marks.get(mark)):
        return False
    talk = await TrialDesk(desk).open(slug, ticket.email, verified=ticket.verified, channel="recorded")
    await desk.store.write(Scope.operator(), lambda uow: uow.seed_marks.set(mark, talk.ticket_id, ""))
    for text in ticket.turns:
        await talk.say(text)
    return True
