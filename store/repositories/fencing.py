"""What a worker writes while its turn runs, each write fenced by the turn's token."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from graph.errors import LeaseLost
from store.models.tickets import Events, Tickets
from store.models.turns import Turns
from store.repositories.base import Repository
from store.repositories.events import EventLog
from store.repositories.prepared import Prepared
from store.values.tickets import Event, NewEvent

_FENCED = Prepared(
    lambda within: (
        select(
            Turns.id,
            Turns.ticket_id,
            Turns.company_id,
            Turns.reply_id,
            Turns.flushed,
            Turns.tool_events,
        )
        .select_from(Tickets)
        .join(Turns, Turns.ticket_id == Tickets.id)
        .where(
            Turns.id == bindparam("turn"),
            Turns.token == bindparam("held"),
            Turns.status == "running",
            ~Tickets.human_owned,
            *within(Turns),
        )
        .with_for_update(of=[Tickets, Turns])
    )
)
"""The ticket is locked before the turn, as in acceptance, so that the two cannot wait for each other."""
_CHANGE = Prepared(lambda within: update(Turns).where(Turns.id == bindparam("turn"), *within(Turns)))


class Fencing(Repository):
    """Sentences and tool notices of a running turn; a worker that lost the turn writes nothing."""

    def flush(self, turn_id: str, token: int, sentences: list[tuple[int, str]]) -> list[Event]:
        """Send sentences by number, from 0 and without gaps; those that were sent before are not sent again.

        A sentence that reads otherwise than the one sent under its number (a resumed run may say it in
        other words) withdraws what was sent and repeats it up to there.
        """
        turn = self._fenced(turn_id, token)
        events, flushed = self._told(turn, sentences)
        if not events:
            return []
        self._change(turn_id, flushed=flushed)
        return EventLog(self._work).append(turn.ticket_id, events)

    def _told(self, turn: Any, sentences: Sequence[tuple[int, str]]) -> tuple[list[NewEvent], int]:
        """The events that tell of sentences, and how many have been sent with them."""
        turn_id, known = turn.id, turn.flushed
        sent = self._sent(turn_id) if min((index for index, _ in sentences), default=known) < known else {}
        fresh = {index: text for index, text in sentences if sent.get(index) != text}
        events: list[NewEvent] = []
        if clash := [index for index in fresh if index in sent]:
            events.append(self._reset(turn_id, turn.reply_id))
            fresh = {index: text for index, text in sent.items() if index < min(clash)} | fresh
            sent, known = {}, 0
        events += [self._delta(turn_id, turn.reply_id, index, text) for index, text in sorted(fresh.items())]
        return events, known + len(fresh)

    def withdraw(self, turn_id: str, token: int) -> list[Event]:
        """Take back the sentences that were sent; nothing happens when there are none."""
        turn = self._fenced(turn_id, token)
        if not turn.flushed:
            return []
        reset = self._reset(turn_id, turn.reply_id)
        self._change(turn_id, flushed=0)
        return EventLog(self._work).append(turn.ticket_id, [reset])

    def tool_event(self, turn_id: str, token: int, name: str, status: str) -> list[Event]:
        """Tell that a tool was used; counted, so that completion adds the missing ones only."""
        turn = self._fenced(turn_id, token)
        self._change(turn_id, tool_events=turn.tool_events + 1)
        event = NewEvent("tool", {"name": name, "status": status, "turnId": turn_id})
        return EventLog(self._work).append(turn.ticket_id, [event])

    def _fenced(self, turn_id: str, token: int) -> Any:
        """The running turn under this token; `LeaseLost` when it is not this worker's any more."""
        row = self._run(_FENCED, turn=turn_id, held=token).first()
        if row is None:
            raise LeaseLost("this turn belongs to another worker or has ended")
        return row

    def _change(self, turn_id: str, **values: Any) -> None:
        self._run(_CHANGE, turn=turn_id, **values)

    def _sent(self, turn_id: str) -> dict[int, str]:
        rows = self._db.execute(
            select(Events.sentence, Events.data).where(
                Events.turn_id == turn_id, Events.sentence.is_not(None)
            )
        )
        return {int(row.sentence): str(row.data["text"]) for row in rows}

    def _reset(self, turn_id: str, message_id: str) -> NewEvent:
        self._db.execute(update(Events).where(Events.turn_id == turn_id).values(sentence=None))
        return NewEvent("reset", {"messageId": message_id})

    def _delta(self, turn_id: str, message_id: str, index: int, text: str) -> NewEvent:
        data = {"messageId": message_id, "turnId": turn_id, "index": index, "text": text}
        return NewEvent("delta", data, turn_id=turn_id, sentence=index)
