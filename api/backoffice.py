"""The tools' view of one ticket: the verified customer's own records, and writes that happen once.

A demo customer works on copies of the records that belong to the session, so that a scenario can be repeated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.errors import LeaseLost, NotFound, ToolFailed, Unavailable
from graph.ports import Clock
from store.database import Store
from store.unit import UnitOfWork
from store.values.desk import BusinessRecord, Order
from store.values.scope import Scope
from store.values.turns import Claim, LedgerEntry
from tools.backoffice import Change, Done, Effect, Record

ORDER = "order"
SHOWN = ("asset_delivery", "node_name", "last_error", "courier", "tracking_no", "city", "payment_method")
DATES = ("placed_on", "shipped_on", "expected_delivery", "delivered_on")


@dataclass(frozen=True, kw_only=True)
class TicketBackoffice:
    """Made for one turn; `email` is the proven address, None when there is none."""

    store: Store
    clock: Clock
    claim: Claim
    email: str | None
    demo_session: str | None = None

    async def records(self, kind: str) -> list[Record]:
        """The customer's own records of a kind; raises a transient ToolFailed while the database is away."""
        if self.email is None:
            return []
        try:
            return await self.store.read(self._scope, lambda uow: self._records(uow, kind))
        except Unavailable as error:
            raise ToolFailed(error.message, transient=True) from error

    async def value(self, placeholder: str) -> str | None:
        """The customer's own words behind a placeholder."""
        try:
            return await self.store.read(
                self._scope, lambda uow: uow.turns.open_value(self.claim.ticket_id, placeholder)
            )
        except NotFound:
            return None

    async def change(self, key: str, tool: str, record: Record, change: Change) -> Done:
        """Record and ledger in one transaction; the same key is applied once."""

        def apply(uow: UnitOfWork) -> Done:
            if done := self._known(uow, key):
                return done
            entry = uow.ledger.begin(*self._ids, key, tool, {"id": record.id})
            changed = self._changed(uow, record, change)
            facts = dict(changed.facts)
            uow.ledger.finish(entry, "done", facts)
            return Done(ledger_id=entry.id, facts=facts)

        done: Done = await self._write(apply)
        return done

    async def open_case(self, key: str, tool: str, category: str, description: str) -> Done:
        """Make the conversation a case, once per ticket."""

        def apply(uow: UnitOfWork) -> Done:
            if done := self._known(uow, key):
                return done
            number = str(uow.tickets.get(self.claim.ticket_id).number)
            earlier = [item for item in uow.ledger.of_ticket(self.claim.ticket_id) if item.tool == tool]
            facts = {"case_number": number, "existed": "yes" if earlier else "no"}
            arguments = {"category": category, "description": description}
            entry = uow.ledger.begin(*self._ids, key, tool, arguments)
            uow.ledger.finish(entry, "done", facts)
            return Done(ledger_id=entry.id, facts=facts)

        done: Done = await self._write(apply)
        return done

    async def effect(self, key: str, tool: str, arguments: Mapping[str, str], work: Effect) -> Done:
        """Ledger before and after; what ended in the dark is `unknown` and never tried again by itself.

        That is so too when the process died in between: nobody knows whether the service was reached.
        """

        def begin(uow: UnitOfWork) -> Done | LedgerEntry | None:
            known = uow.ledger.find(key)
            if known is None:
                return uow.ledger.begin(*self._ids, key, tool, dict(arguments))
            if known.status == "begun":
                uow.ledger.finish(known, "unknown", {})
            return self._known(uow, key) if known.status == "done" else None

        entry = await self._write(begin)
        if entry is None:
            raise ToolFailed("the service did not confirm it before this turn was cut off")
        if isinstance(entry, Done):
            return entry
        try:
            facts = await work()
        except (ToolFailed, TimeoutError) as error:
            dark = isinstance(error, TimeoutError) or error.transient
            await self._finish(entry, "unknown" if dark else "failed", {})
            raise ToolFailed("the service did not confirm it") from error
        await self._finish(entry, "done", dict(facts or {}))
        return Done(ledger_id=entry.id, facts=facts or {})

    async def ask_approval(self, key: str, tool: str, action: str, arguments: Mapping[str, str]) -> None:
        """A colleague sees it on the ticket's page."""
        claim = self.claim
        await self.store.write(
            self._scope,
            lambda uow: uow.approvals.ask(
                claim.company_id, claim.ticket_id, claim.turn_id, key, tool, action, dict(arguments)
            ),
        )

    async def actions(self) -> int:
        """The ledger's entries of this ticket."""
        entries = await self.store.read(self._scope, lambda uow: uow.ledger.of_ticket(self.claim.ticket_id))
        return len(entries)

    @property
    def proven_email(self) -> str:
        """The proven address."""
        return self.email or ""

    async def _finish(self, entry: LedgerEntry, status: str, facts: dict[str, str]) -> None:
        await self.store.write(self._scope, lambda uow: uow.ledger.finish(entry, status, facts))

    def stamp(self) -> str:
        """The present time in ISO 8601."""
        return self.clock.now().isoformat(timespec="seconds")

    @property
    def _scope(self) -> Scope:
        return Scope.of(self.claim.company_id)

    @property
    def _ids(self) -> tuple[str, str, str]:
        return self.claim.company_id, self.claim.ticket_id, self.claim.turn_id

    async def _write(self, apply: Any) -> Any:
        """Apply a write of a turn that is still ours."""

        def fenced(uow: UnitOfWork) -> Any:
            turn = uow.turns.get(self.claim.turn_id)
            if turn.status != "running" or turn.token != self.claim.token:
                raise LeaseLost("this turn belongs to another worker or has ended")
            return apply(uow)

        try:
            return await self.store.write(self._scope, fenced)
        except Unavailable as error:
            raise ToolFailed(error.message, transient=True) from error

    def _known(self, uow: UnitOfWork, key: str) -> Done | None:
        entry = uow.ledger.find(key)
        if entry is None:
            return None
        facts = {name: str(value) for name, value in (entry.result or {}).items()}
        return Done(ledger_id=entry.id, facts=facts, repeated=True)

    def _records(self, uow: UnitOfWork, kind: str) -> list[Record]:
        assert self.email is not None
        if kind == ORDER:
            orders = uow.orders.for_session(self.demo_session) if self.demo_session else uow.orders
            return [order_record(row) for row in orders.of_email(self.claim.company_id, self.email)]
        records = uow.records.for_session(self.demo_session) if self.demo_session else uow.records
        rows = records.of_email(self.claim.company_id, self.email)
        return [business_record(row) for row in rows if row.record_type == kind]

    def _changed(self, uow: UnitOfWork, record: Record, change: Change) -> Record:
        records = uow.records.for_session(self.demo_session) if self.demo_session else uow.records
        row = records.change(
            self.claim.company_id, record.key, status=change.status, data=dict(change.payload)
        )
        return business_record(row)


def business_record(row: BusinessRecord) -> Record:
    """A back-office record with the facts that a customer may read."""
    facts = {"id": row.external_id, "status": row.status, **_facts(row.payload)}
    return Record(
        key=row.external_id, id=row.external_id, status=row.status, facts=facts, payload=row.payload
    )


def order_record(row: Order) -> Record:
    """An order with the facts that a customer may read."""
    facts = {"id": row.order_id, "status": row.status, "items": _items(row.data), **_facts(row.data)}
    return Record(key=row.order_id, id=row.order_id, status=row.status, facts=facts, payload=row.data)


def _facts(data: Mapping[str, Any]) -> dict[str, str]:
    shown = {name: str(data[name]) for name in SHOWN if data.get(name)}
    dates = {name: _date(str(data[name])) for name in DATES if data.get(name)}
    total = {"total": f"₹{int(data['total']):,}"} if isinstance(data.get("total"), int) else {}
    return shown | dates | total


def _items(data: Mapping[str, Any]) -> str:
    items = data.get("items") or ()
    return ", ".join(
        f"{item['name']} × {item['quantity']}" if item.get("quantity", 1) != 1 else str(item["name"])
        for item in items
    )


def _date(value: str) -> str:
    """A day as both languages write it: `24 November 2026`."""
    try:
        day = date.fromisoformat(value[:10])
    except ValueError:
        return value
    return f"{day.day} {day:%B} {day.year}"
