"""The gates of companies: what they demand of their own cases, when that is due, how it last went."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from store.models.evals import Gates
from store.repositories.base import Repository, fields_of, rows_of
from store.values.evals import Gate


class GateRepository(Repository):
    """Gates of the caller's companies; a company that has set none has the usual one."""

    def of(self, company_id: str) -> Gate:
        """The company's gate."""
        self._check(company_id)
        where = (Gates.company_id == company_id, *self._within(Gates))
        return self._find(Gate, rows_of(Gates, Gate, *where)) or Gate(company_id=company_id)

    def set(self, gate: Gate) -> None:
        """Keep the gate as it is given."""
        self._check(gate.company_id)
        self._db.execute(delete(Gates).where(Gates.company_id == gate.company_id, *self._within(Gates)))
        self._insert(Gates, fields_of(gate))

    def begin(self, gate: Gate) -> None:
        """Keep a gate that nobody has set, due after its usual time."""
        due = self._now() + timedelta(hours=gate.every_hours) if gate.every_hours else None
        self.set(replace(gate, due_at=due))

    def due(self, now: datetime) -> tuple[Gate, ...]:
        """The gates whose time has come."""
        where = (Gates.due_at <= now, Gates.every_hours > 0, *self._within(Gates))
        return self._list(Gate, rows_of(Gates, Gate, *where).order_by(Gates.due_at))

    def ran(self, company_id: str, run_id: str, *, passed: bool) -> None:
        """Note how a run went, and when the next is due."""
        known, now = self.of(company_id), self._now()
        due = now + timedelta(hours=known.every_hours) if known.every_hours else None
        values = {"run_id": run_id, "passed": passed, "ran_at": now, "due_at": due}
        mine = (Gates.company_id == company_id, *self._within(Gates))
        if not self._db.execute(update(Gates).where(*mine).values(values)).rowcount:
            self._insert(Gates, fields_of(known) | values)
