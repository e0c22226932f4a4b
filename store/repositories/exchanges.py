"""Exchanges with models and tools: kept for trace and replay, summed for the budget, thinned out later."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from store.models.exchanges import Exchanges as Table
from store.repositories.base import Repository, fields_of, rows_of
from store.repositories.prepared import Prepared
from store.values.exchanges import Exchange, Spending, StoredExchange

_ADD = Prepared(
    lambda within: insert(Table).values(
        seq=select(func.coalesce(func.max(Table.seq) + 1, 0))
        .where(Table.turn_id == bindparam("of_turn"), *within(Table))
        .scalar_subquery()
    )
)


class ExchangeRepository(Repository):
    """Exchanges of the caller's companies."""

    def add(self, turn_id: str, company_id: str, attempt: int, exchange: Exchange, *, texts: bool) -> None:
        """Keep an exchange as the turn's next; without its texts where those may not be kept."""
        self._check(company_id)
        kept = exchange if texts else replace(exchange, request={}, response={})
        self._run(
            _ADD,
            **fields_of(kept),
            id=self._new_id("exc"),
            turn_id=turn_id,
            of_turn=turn_id,
            company_id=company_id,
            attempt=attempt,
            created_at=self._now(),
            texts_kept=texts,
        )

    def of_turn(self, turn_id: str) -> tuple[StoredExchange, ...]:
        """The turn's exchanges in order; a run that was cut off and begun again has those of both."""
        statement = rows_of(Table, StoredExchange, Table.turn_id == turn_id, *self._within(Table))
        return self._list(StoredExchange, statement.order_by(Table.seq))

    def spent(self, company_id: str, since: datetime) -> Spending:
        """What the company's models came to since then."""
        mine = (Table.company_id == company_id, Table.started_at >= since, Table.kind == "model")
        row = self._db.execute(
            select(
                func.count(), func.sum(Table.tokens_in), func.sum(Table.tokens_out), func.sum(Table.cost)
            ).where(*mine, *self._within(Table))
        ).one()
        faults = self._db.execute(
            select(Table.fault, func.count())
            .where(*mine, Table.fault != "", *self._within(Table))
            .group_by(Table.fault)
        )
        return Spending(
            row[0], row[1] or 0, row[2] or 0, row[3] or 0.0, {row.fault: row[1] for row in faults}
        )

    def forget_texts(self, before: datetime) -> int:
        """Remove what was said before that moment; figures and faults stay. Returns how many."""
        done = self._db.execute(
            update(Table)
            .where(Table.texts_kept, Table.started_at < before, *self._within(Table))
            .values(request={}, response={}, texts_kept=False)
        )
        return int(done.rowcount)
