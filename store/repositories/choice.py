"""Which turn answers a message: the one that waits, a new one, or a new one instead of the running one."""

from typing import Any

from sqlalchemy import bindparam, select, update

from store.models.tickets import Messages
from store.models.turns import Turns
from store.repositories.base import Repository
from store.repositories.prepared import Prepared
from store.values.tickets import Ticket
from store.values.turns import NewMessage

_ACTIVE = Prepared(
    lambda within: (
        select(
            Turns.id,
            Turns.status,
            Turns.flushed,
            Turns.effects,
            Turns.question,
            Turns.threshold,
            Turns.mode_wanted,
        )
        .where(
            Turns.ticket_id == bindparam("ticket"), Turns.status.in_(("queued", "running")), *within(Turns)
        )
        .with_for_update()
    )
)
_JOIN = Prepared(lambda within: update(Turns).where(Turns.id == bindparam("turn"), *within(Turns)))


class TurnChoice(Repository):
    """Puts a message onto a turn; called under the ticket's lock.

    A ticket has one queued and one running turn at most. A running turn that has neither spoken nor acted
    gives way, so that the reply covers the newer message too.
    """

    def turn_for(self, ticket: Ticket, new: NewMessage) -> tuple[str, str | None]:
        """The turn that answers the message, and the running one that it stops."""
        active = {row.status: row for row in self._run(_ACTIVE, ticket=ticket.id)}
        if queued := active.get("queued"):
            self._run(_JOIN, turn=queued.id, **_asked(new, queued))
            return str(queued.id), None
        running = active.get("running")
        if running is None or running.flushed or running.effects:
            return self._queue(ticket, _asked(new)), None
        turn_id = self._queue(ticket, _asked(new, running))
        self._supersede(str(running.id), turn_id)
        return turn_id, str(running.id)

    def _queue(self, ticket: Ticket, asked: dict[str, Any]) -> str:
        turn_id = self._new_id("trn")
        self._insert(
            Turns,
            {
                "id": turn_id,
                "created_at": self._now(),
                "ticket_id": ticket.id,
                "company_id": ticket.company_id,
                "agent_id": ticket.agent_id,
                "status": "queued",
                "reply_id": self._new_id("msg"),
                **asked,
            },
        )
        return turn_id

    def _supersede(self, turn_id: str, by: str) -> None:
        """Take the running turn from its worker (the token grows) and its messages with it."""
        self._db.execute(
            update(Turns)
            .where(Turns.id == turn_id)
            .values(status="superseded", superseded_by=by, token=Turns.token + 1, finished_at=self._now())
        )
        self._db.execute(update(Messages).where(Messages.turn_id == turn_id).values(turn_id=by))


def _asked(new: NewMessage, before: Any = None) -> dict[str, Any]:
    """Question and wishes of a turn: those of the message, after those of the turn before it."""
    if before is None:
        return {"question": new.text, "threshold": new.threshold, "mode_wanted": new.safety_mode}
    return {
        "question": f"{before.question}\n{new.text}",
        "threshold": before.threshold if new.threshold is None else new.threshold,
        "mode_wanted": new.safety_mode or before.mode_wanted,
    }
