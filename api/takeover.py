"""Changes that may take a ticket from the bot: what runs for it in this process is stopped at once.

Elsewhere the fence of the turn does it: the next sentence of a turn that was taken is not written.
"""

from collections.abc import Callable
from typing import TypeVar

from api.desk import Desk
from store.unit import UnitOfWork
from store.values.scope import Scope

Result = TypeVar("Result")
ACTIVE = ("queued", "running")


async def stopping(desk: Desk, scope: Scope, ticket_id: str, work: Callable[[UnitOfWork], Result]) -> Result:
    """Run `work` in one transaction, then cut off the turns that it ended."""

    def change(uow: UnitOfWork) -> tuple[Result, list[str]]:
        before = [turn.id for turn in uow.turns.of_ticket(ticket_id) if turn.status in ACTIVE]
        result = work(uow)
        return result, [turn_id for turn_id in before if uow.turns.get(turn_id).status not in ACTIVE]

    result, ended = await desk.store.write(scope, change)
    for turn_id in ended:
        desk.worker.stop_turn(turn_id)
    return result
