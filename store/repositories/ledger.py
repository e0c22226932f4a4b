"""The ledger: which writes of tools began and how they ended, at most one per idempotency key."""

from sqlalchemy import update

from graph.errors import Conflict, LeaseLost
from store.models.turns import Ledger, Turns
from store.repositories.base import Repository, rows_of
from store.values.scope import Json
from store.values.turns import LedgerEntry


class LedgerRepository(Repository):
    """Begin before the effect, finish after it; a key that is known has been begun by somebody."""

    def begin(
        self, company_id: str, ticket_id: str, turn_id: str, key: str, tool: str, arguments: Json
    ) -> LedgerEntry:
        """Write down that the effect is about to happen; `Conflict` when the key was begun before.

        From here on no newer message supersedes the turn. One that has been superseded already must not act:
        `LeaseLost`.
        """
        self._check(company_id)
        running = update(Turns).where(Turns.id == turn_id, Turns.status == "running", *self._within(Turns))
        if not self._db.execute(running.values(effects=True)).rowcount:
            raise LeaseLost("this turn has ended or was superseded; it may not act any more")
        if self.find(key) is not None:
            raise Conflict("this action was begun before", field="key")
        entry = LedgerEntry(
            id=self._new_id("led"),
            key=key,
            company_id=company_id,
            ticket_id=ticket_id,
            turn_id=turn_id,
            tool=tool,
            arguments=arguments,
            status="begun",
            result=None,
            created_at=self._now(),
            finished_at=None,
        )
        self._insert(Ledger, dict(vars(entry)))
        return entry

    def finish(self, entry: LedgerEntry, status: str, result: Json | None) -> None:
        """Write down how it ended: done, failed or unknown."""
        self._db.execute(
            update(Ledger)
            .where(Ledger.id == entry.id, *self._within(Ledger))
            .values(status=status, result=result, finished_at=self._now())
        )

    def find(self, key: str) -> LedgerEntry | None:
        """The entry of an idempotency key."""
        return self._find(LedgerEntry, rows_of(Ledger, LedgerEntry, Ledger.key == key, *self._within(Ledger)))

    def of_ticket(self, ticket_id: str) -> tuple[LedgerEntry, ...]:
        """All writes of a ticket, oldest first."""
        statement = rows_of(Ledger, LedgerEntry, Ledger.ticket_id == ticket_id, *self._within(Ledger))
        return self._list(LedgerEntry, statement.order_by(Ledger.created_at, Ledger.id))
