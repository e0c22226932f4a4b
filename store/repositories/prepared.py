"""Statements of the hot path, built once: building one anew costs more than SQLite takes to run it."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, CursorResult, Executable, bindparam

from store.values.scope import Scope

Conditions = tuple[ColumnElement[bool], ...]


class Within(Protocol):
    """Makes the conditions that keep a statement on a table inside the caller's companies."""

    def __call__(self, table: Any, name: str = "company_id", /) -> Conditions:
        """The conditions on the column of this name."""
        ...


class Prepared:
    """A statement with its scope's condition, built at its first use for each shape of scope.

    Values are bound by name when it runs. In an update, names of columns become the SET clause, so that
    parameters of the condition are named otherwise.
    """

    def __init__(self, build: Callable[[Within], Executable]) -> None:
        self._build = build
        self._built: dict[str, Executable] = {}

    def run(self, db: Connection, scope: Scope, values: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
        """Run it for the scope."""
        companies = scope.companies
        if companies is None:
            return db.execute(self._statement("all", _everything), values)
        if len(companies) == 1:
            one = {**values, "scope_company": next(iter(companies))}
            return db.execute(self._statement("one", _one_company), one)
        some = {**values, "scope_companies": sorted(companies)}
        return db.execute(self._statement("many", _some_companies), some)

    def _statement(self, shape: str, within: Within) -> Executable:
        if shape not in self._built:
            self._built[shape] = self._build(within)
        return self._built[shape]


def _everything(_table: Any, _name: str = "company_id") -> Conditions:
    return ()


def _one_company(table: Any, name: str = "company_id") -> Conditions:
    return (getattr(table, name) == bindparam("scope_company"),)


def _some_companies(table: Any, name: str = "company_id") -> Conditions:
    return (getattr(table, name).in_(bindparam("scope_companies", expanding=True)),)
