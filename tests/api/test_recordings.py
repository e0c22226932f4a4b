"""The recorded conversations fill the inbox once, each with its trace, and leave the records as seeded."""

from api.recordings import record_tickets
from api.wiring import open_private_desk
from store.unit import UnitOfWork
from store.values.scope import Scope


async def test_that_recorded_conversations_run_once_and_change_no_record() -> None:
    async with open_private_desk() as desk:

        def statuses(uow: UnitOfWork) -> dict[str, str]:
            return {record.external_id: record.status for record in uow.records.all()}

        before = await desk.store.read(Scope.operator(), statuses)
        first, second = await record_tickets(desk), await record_tickets(desk)
        ended = await desk.store.read(Scope.operator(), lambda uow: uow.turns.log(limit=50))
        steps = await desk.store.read(
            Scope.operator(), lambda uow: [len(uow.turns.trace(turn.id).steps) for turn in ended]
        )
        after = await desk.store.read(Scope.operator(), statuses)

    assert (first >= 9, second) == (True, 0)
    assert len(ended) >= first
    assert min(steps) >= 2
    assert after == before
