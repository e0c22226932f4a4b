"""The back office of a trial: real records are read, and what a trial changes stays in the trial."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from api.backoffice import ORDER, business_record, order_record
from graph.ports import Clock
from store.database import Store
from store.unit import UnitOfWork
from store.values.desk import BusinessRecord, Order
from store.values.scope import Scope
from tools.backoffice import Change, Done, Effect, Record

if TYPE_CHECKING:
    pass

CASE_NUMBER = "0000"
MOST_KEPT = 200


@dataclass
class TrialBackoffice:
    """The tools' view of a trial: the customer's real records, and changes that only the trial sees."""

    store: Store
    clock: Clock
    company_id: str
    email: str | None
    values: dict[str, str]
    changes: dict[str, dict[str, Any]]
    cases: int = 0

    async def records(self, kind: str) -> list[Record]:
        """The customer's own records, as this trial has left them."""
        if self.email is None:
            return []
        return await self.store.read(Scope.of(self.company_id), partial(self._records, kind, self.email))

    async def value(self, placeholder: str) -> str | None:
        """The customer's own words behind a placeholder."""
        return self.values.get(placeholder.strip("[]"))

    async def change(self, key: str, tool: str, record: Record, change: Change) -> Done:
        """Note the change beside the record; nobody else sees it."""
        del key, tool
        before = self.changes.get(record.id, {})
        payload = {**before.get("payload", {}), **change.payload}
        self.changes[record.id] = {"status": change.status or before.get("status"), "payload": payload}
        return Done(ledger_id="trial", facts={**record.facts, "status": change.status or record.status})

    async def effect(self, key: str, tool: str, arguments: Mapping[str, str], work: Effect) -> Done:
        """Nothing is sent to the company's own service in a trial."""
        del key, tool, arguments, work
        return Done(ledger_id="trial", facts={})

    async def ask_approval(self, key: str, tool: str, action: str, arguments: Mapping[str, str]) -> None:
        """No colleague is asked in a trial."""

    async def actions(self) -> int:
        """A trial has no ledger."""
        return 0

    @property
    def proven_email(self) -> str:
        """The customer that is tried."""
        return self.email or ""

    async def open_case(self, key: str, tool: str, category: str, description: str) -> Done:
        """A number that is no ticket's."""
        del key, tool, category, description
        self.cases += 1
        existed = "yes" if self.cases > 1 else "no"
        return Done(ledger_id="trial", facts={"case_number": CASE_NUMBER, "existed": existed})

    def stamp(self) -> str:
        """The present time in ISO 8601."""
        return self.clock.now().isoformat(timespec="seconds")

    def _records(self, kind: str, email: str, uow: UnitOfWork) -> list[Record]:
        if kind == ORDER:
            return [order_record(self._order(row)) for row in uow.orders.of_email(self.company_id, email)]
        rows = uow.records.of_email(self.company_id, email)
        return [business_record(self._record(row)) for row in rows if row.record_type == kind]

    def _order(self, row: Order) -> Order:
        changed = self.changes.get(row.order_id, {})
        status = changed.get("status") or row.status
        return replace(row, status=status, data={**row.data, **changed.get("payload", {})})

    def _record(self, row: BusinessRecord) -> BusinessRecord:
        changed = self.changes.get(row.external_id, {})
        status = changed.get("status") or row.status
        return replace(row, status=status, payload={**row.payload, **changed.get("payload", {})})
