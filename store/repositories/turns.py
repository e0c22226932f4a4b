"""The life of a turn: accepted, loaded by its worker, written while it runs, completed, read as a trace."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, select

from graph.errors import NotFound
from store import queue
from store.models.tickets import Messages, Tickets
from store.models.turns import Receipts, ToolCalls, Turns, TurnSteps
from store.repositories.acceptance import Acceptance
from store.repositories.base import rows_of
from store.repositories.completion import Completion
from store.repositories.kept import KeptValues
from store.repositories.prepared import Prepared
from store.values.tickets import Event
from store.values.turns import (
    Accepted,
    Claim,
    NewMessage,
    ReceiptRecord,
    StepRecord,
    ToolCall,
    Turn,
    TurnInput,
    TurnResult,
    TurnTrace,
)

Item = TypeVar("Item")

_INPUT = Prepared(
    lambda within: (
        select(
            Turns.id, Turns.ticket_id, Turns.company_id, Turns.agent_id, Turns.reply_id, Turns.question,
            Turns.threshold, Turns.mode_wanted, Turns.created_at, Tickets.customer_id, Tickets.session_id,
            Tickets.verified, Tickets.memory, Tickets.language_pin,
        )
        .join(Tickets, Tickets.id == Turns.ticket_id)
        .where(Turns.id == bindparam("turn"), *within(Turns))
    )
)  # fmt: skip
_ASKED = Prepared(
    lambda within: (
        select(Messages.id, Messages.slots, Messages.discarded, Messages.offer_id, Messages.offer_accepted)
        .where(Messages.turn_id == bindparam("turn"), Messages.role == "user", *within(Messages))
        .order_by(Messages.seq)
    )
)

_BY_ID = Prepared(lambda within: rows_of(Turns, Turn, Turns.id == bindparam("turn"), *within(Turns)))
_CALLS = Prepared(
    lambda within: rows_of(
        ToolCalls, ToolCall, ToolCalls.turn_id == bindparam("turn"), *within(ToolCalls)
    ).order_by(ToolCalls.seq)
)


class TurnRepository(Completion):
    """Turns of the caller's companies."""

    def accept(self, new: NewMessage) -> Accepted:
        """Take a customer's message; see `Acceptance.accept`."""
        return Acceptance(self._work).accept(new)

    def claim(self, turn_id: str, owner: str, lease_seconds: float) -> Claim | None:
        """Take the turn to run, in the transaction that accepted it; see `queue.claim`."""
        work = self._work
        now = queue.moment(self._db, work.clock, shared=work.shared_clock)
        return queue.claim(self._db, now, owner, lease_seconds, turn_id, self._scope)

    def load(self, turn_id: str) -> TurnInput:
        """What a run needs to know of the turn; `NotFound` when it does not exist for the caller."""
        row = self._run(_INPUT, turn=turn_id).first()
        if row is None:
            raise NotFound("no such turn", field="turnId")
        messages = self._run(_ASKED, turn=turn_id).all()
        offers = [(item.offer_id, item.offer_accepted) for item in messages if item.offer_id]
        offer, accepted = offers[-1] if offers else (None, None)
        return TurnInput(
            turn_id=row.id,
            ticket_id=row.ticket_id,
            company_id=row.company_id,
            agent_id=row.agent_id,
            customer_id=row.customer_id,
            session_id=row.session_id,
            verified=row.verified,
            reply_id=row.reply_id,
            message_ids=tuple(item.id for item in messages),
            text=row.question,
            slots=_once(slot for item in messages for slot in item.slots),
            discarded=_once(kind for item in messages for kind in item.discarded),
            memory=row.memory,
            confirmed_offer=offer if accepted else None,
            refused_offer=offer if offer and not accepted else None,
            language_pin=row.language_pin,
            threshold=row.threshold,
            safety_mode=row.mode_wanted,
            created_at=row.created_at,
        )

    def open_value(self, ticket_id: str, placeholder: str) -> str:
        """The kept value behind a placeholder of the ticket; only the tool gate asks for it."""
        return KeptValues(self._work).open(ticket_id, placeholder)

    def fail(self, turn_id: str, token: int, result: TurnResult, error: str) -> list[Event]:
        """End a turn that cannot be run: `result` is the honest message that a person will answer."""
        return self.complete(turn_id, token, result, status="failed", error=error)

    def get(self, turn_id: str) -> Turn:
        """The turn's row."""
        turn = self._get(Turn, _BY_ID, turn=turn_id)
        if turn is None:
            raise NotFound("no such turn", field="turnId")
        return turn

    def tool_calls(self, turn_id: str) -> tuple[ToolCall, ...]:
        """The turn's uses of tools, in order."""
        return tuple(ToolCall(**row._mapping) for row in self._run(_CALLS, turn=turn_id))

    def of_ticket(self, ticket_id: str) -> tuple[Turn, ...]:
        """All turns of a ticket, oldest first."""
        statement = rows_of(Turns, Turn, Turns.ticket_id == ticket_id, *self._within(Turns))
        return self._list(Turn, statement.order_by(Turns.created_at, Turns.id))

    def trace(self, turn_id: str) -> TurnTrace:
        """The turn with its steps, tool calls and receipts."""
        return self._traced([self.get(turn_id)])[0]

    def traces(self, ticket_id: str) -> list[TurnTrace]:
        """The traces of all turns of a ticket, oldest first."""
        return self._traced(self.of_ticket(ticket_id))

    def log(
        self, *, limit: int = 100, offset: int = 0, company_id: str | None = None, **equal: Any
    ) -> tuple[Turn, ...]:
        """Ended turns, newest first; `equal` names columns: intent, action, status, language, is_safe."""
        wanted = [getattr(Turns, name) == value for name, value in equal.items() if value is not None]
        if company_id is not None:
            wanted.append(Turns.company_id == company_id)
        if equal.get("status") is None:
            wanted.append(Turns.status.in_(("done", "failed")))
        statement = rows_of(Turns, Turn, *wanted, *self._within(Turns))
        return self._list(
            Turn, statement.order_by(Turns.created_at.desc(), Turns.id.desc()).limit(limit).offset(offset)
        )

    def tickets_answered(self, company_id: str, limit: int) -> tuple[str, ...]:
        """The company's tickets on which a turn has ended, the one with the newest turn first."""
        newest = func.max(Turns.created_at)
        statement = (
            select(Turns.ticket_id)
            .where(Turns.company_id == company_id, Turns.status == "done", *self._within(Turns))
            .group_by(Turns.ticket_id)
            .order_by(newest.desc(), Turns.ticket_id.desc())
            .limit(limit)
        )
        return tuple(self._db.execute(statement).scalars())

    def _traced(self, turns: Iterable[Turn]) -> list[TurnTrace]:
        known = {turn.id: turn for turn in turns}
        steps = self._grouped(TurnSteps, StepRecord, known)
        calls = self._grouped(ToolCalls, ToolCall, known)
        receipts = self._grouped(Receipts, ReceiptRecord, known)
        return [
            TurnTrace(turn, tuple(steps[turn.id]), tuple(calls[turn.id]), tuple(receipts[turn.id]))
            for turn in known.values()
        ]

    def _grouped(self, table: Any, value: type[Item], turns: dict[str, Turn]) -> dict[str, list[Item]]:
        """The rows of the turns as values, by turn and in order."""
        found: dict[str, list[Item]] = {turn_id: [] for turn_id in turns}
        statement = rows_of(table, value, table.turn_id.in_(list(turns)))
        for row in self._db.execute(
            statement.add_columns(table.turn_id.label("of_turn")).order_by(table.seq)
        ):
            values = dict(row._mapping)
            found[values.pop("of_turn")].append(value(**values))
        return found


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
