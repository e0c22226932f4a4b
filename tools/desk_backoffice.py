"""The back office of the desk's own tables, seen by one ticket and its proven customer.

A demo customer works on copies of the records that belong to the session. A write and its ledger entry are
one transaction, so that a write that is known to have happened has happened once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph.errors import NotFound
from store.database import Store
from store.unit import UnitOfWork
from store.values.desk import BusinessRecord, Order
from store.values.scope import Json, Scope
from tools.backoffice import Change, Done, Record

_SHOWN = ("asset_delivery", "node_name", "last_error")
_ORDER_SHOWN = ("courier", "tracking_no", "expected_delivery", "delivered_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskBackoffice:
    """Satisfies `Backoffice` for one turn; `email` is the proven address, or None."""

    store: Store
    company_id: str
    ticket_id: str
    turn_id: str
    email: str | None
    demo_session: str | None
    now: Callable[[], datetime]

    async def records(self, kind: str) -> list[Record]:
        """The customer's own records of a kind; nothing for a customer whose address is not proven."""
        if self.email is None:
            return []
        email = self.email

        def read(uow: UnitOfWork) -> list[Record]:
            if kind == "order":
                return [_order(row) for row in self._orders(uow).of_email(self.company_id, email)]
            rows = self._records(uow).of_email(self.company_id, email)
            return [_record(row) for row in rows if row.record_type == kind]

        return await self.store.read(Scope.of(self.company_id), read)

    async def value(self, placeholder: str) -> str | None:
        """The customer's own words behind a placeholder, decrypted."""
        try:
            return await self.store.read(
                Scope.of(self.company_id), lambda uow: uow.turns.open_value(self.ticket_id, placeholder)
            )
        except NotFound:
            return None

    async def change(self, key: str, tool: str, record: Record, change: Change) -> Done:
        """Change the record and write the ledger in one transaction."""

        def apply(uow: UnitOfWork) -> Mapping[str, str]:
            changed = self._records(uow).change(
                self.company_id, record.key, status=change.status, data=dict(change.payload)
            )
            return _record(changed).facts

        return await self._once(key, tool, {"id": record.id}, apply)

    async def open_case(self, key: str, tool: str, category: str, description: str) -> Done:
        """Make the conversation a case; a conversation that is one already keeps its number."""

        def apply(uow: UnitOfWork) -> Mapping[str, str]:
            earlier = [entry for entry in uow.ledger.of_ticket(self.ticket_id) if entry.tool == tool]
            existed = any(entry.status == "done" for entry in earlier)
            number = uow.tickets.get(self.ticket_id).number
            return {"case_number": f"CASE-{number}", "existed": "yes" if existed else "no"}

        arguments = {"category": category, "description": description}
        return await self._once(key, tool, arguments, apply)

    def stamp(self) -> str:
        """The present time in ISO 8601."""
        return self.now().isoformat()

    async def _once(
        self, key: str, tool: str, arguments: Json, apply: Callable[[UnitOfWork], Mapping[str, str]]
    ) -> Done:
        def write(uow: UnitOfWork) -> Done:
            known = uow.ledger.find(key)
            if known is not None:
                return Done(ledger_id=known.id, facts=known.result or {}, repeated=True)
            facts = apply(uow)
            entry = uow.ledger.begin(self.company_id, self.ticket_id, self.turn_id, key, tool, arguments)
            uow.ledger.finish(entry, "done", dict(facts))
            return Done(ledger_id=entry.id, facts=facts)

        return await self.store.write(Scope.of(self.company_id), write)

    def _records(self, uow: UnitOfWork) -> Any:
        return uow.records.for_session(self.demo_session) if self.demo_session else uow.records

    def _orders(self, uow: UnitOfWork) -> Any:
        return uow.orders.for_session(self.demo_session) if self.demo_session else uow.orders


def _record(row: BusinessRecord) -> Record:
    shown = {name: str(row.payload[name]) for name in _SHOWN if row.payload.get(name)}
    facts = {"id": row.external_id, "status": row.status, **shown}
    return Record(
        key=row.external_id, id=row.external_id, status=row.status, facts=facts, payload=row.payload
    )


def _order(row: Order) -> Record:
    items = ", ".join(f"{item['quantity']} x {item['name']}" for item in row.data.get("items", ()))
    shown = {name: str(row.data[name]) for name in _ORDER_SHOWN if row.data.get(name)}
    facts = {"id": row.order_id, "status": row.status, "items": items, **shown}
    return Record(key=row.order_id, id=row.order_id, status=row.status, facts=facts)
