"""What every repository has: one open transaction, the caller's scope, and how rows become values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, CursorResult, Insert, Select, insert, select

from graph.errors import NotFound
from store.crypto import Cipher
from store.models.base import Base
from store.ports import Clock, Ids
from store.repositories.prepared import Prepared
from store.values.companies import Company
from store.values.scope import Scope
from store.values.tickets import Event

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Work:
    """An open transaction and all that its repositories need."""

    db: Connection
    scope: Scope
    clock: Clock
    ids: Ids
    cipher: Cipher
    shared_clock: bool = False
    """Leases go by the time of the database's server, which all machines share."""
    reads: bool = False
    """Nothing is written: what is read has been committed."""
    companies: dict[str, Company] = field(default_factory=dict)
    """Companies by id as they were read last, shared by all transactions of a store."""
    written: dict[str, list[Event]] = field(default_factory=dict)
    """Events of this transaction by ticket; whoever follows one is told after the commit."""


class Repository:
    """Statements of one aggregate; every one of them carries the condition on the company."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._db = work.db
        self._scope = work.scope

    def _now(self) -> datetime:
        return self._work.clock.now()

    def _new_id(self, prefix: str) -> str:
        return self._work.ids.new(prefix)

    def _within(self, table: Any, name: str = "company_id") -> tuple[ColumnElement[bool], ...]:
        """The conditions that keep a statement on `table` inside the caller's companies."""
        column = getattr(table, name)
        companies = self._scope.companies
        if companies is None:
            return ()
        if len(companies) == 1:
            return (column == next(iter(companies)),)
        return (column.in_(sorted(companies)),)

    def _check(self, company_id: str | None) -> None:
        """Refuse to write for a company that is not the caller's, as if it did not exist."""
        if not self._scope.allows(company_id):
            raise NotFound("no such company", field="company")

    def _run(self, prepared: Prepared, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """Run a prepared statement in the caller's scope with these values bound."""
        return prepared.run(self._db, self._scope, values)

    def _insert(self, table: type[Base], values: Mapping[str, Any] | list[dict[str, Any]]) -> None:
        if values:
            self._db.execute(_insert_into(table), values)

    def _get(self, value: type[Value], prepared: Prepared, **values: Any) -> Value | None:
        """The first row of a prepared query as a value."""
        row = self._run(prepared, **values).first()
        return None if row is None else value(**row._mapping)

    def _find(self, value: type[Value], statement: Select[Any]) -> Value | None:
        row = self._db.execute(statement).first()
        return None if row is None else value(**row._mapping)

    def _list(self, value: type[Value], statement: Select[Any]) -> tuple[Value, ...]:
        return tuple(value(**row._mapping) for row in self._db.execute(statement))


def rows_of(table: Any, value: Any, *where: Any) -> Select[Any]:
    """A query for the columns that make up a value."""
    return select(*columns_of(table, value)).where(*where)


def fields_of(value: Any, names: Iterable[str] | None = None) -> dict[str, Any]:
    """The fields of a value by name, not descending into them."""
    kind: Any = type(value)
    return {name: getattr(value, name) for name in (names or _names(kind))}


@cache
def _names(value: Any) -> tuple[str, ...]:
    return tuple(item.name for item in fields(value))


@cache
def columns_of(table: Any, value: Any) -> tuple[Any, ...]:
    """The columns that make up a value, in the order of its fields."""
    return tuple(getattr(table, name) for name in _names(value))


@cache
def _insert_into(table: Any) -> Insert:
    return insert(table)
