"""Statements of the hot path, built once: building one anew costs more than SQLite takes to run it."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Executable, bindparam

from store.values.scope import Scope

Within = Callable[[Any], tuple[ColumnElement[bool], ...]]
"""From a table to the conditions that keep a statement on it inside the caller's companies."""


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
        within: Within
        if companies is None:
            shape, within, bound = "all", _everything, dict(values)
        elif len(companies) == 1:
            shape, within, bound = "one", _one_company, {**values, "scope_company": next(iter(companies))}
        else:
            shape, within, bound = "many", _some_companies, {**values, "scope_companies": sorted(companies)}
        return db.execute(self._statement(shape, within), bound)

    def _statement(self, shape: str, within: Within) -> Executable:
        if shape not in self._built:
            self._built[shape] = self._build(within)
        return self._built[shape]


def _everything(_table: Any) -> tuple[ColumnElement[bool], ...]:
    return ()


def _one_company(table: Any) -> tuple[ColumnElement[bool], ...]:
    return (table.company_id == bindparam("scope_company"),)


def _some_companies(table: Any) -> tuple[ColumnElement[bool], ...]:
    return (table.company_id.in_(bindparam("scope_companies", expanding=True)),)
