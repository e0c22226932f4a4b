"""Runs of the evaluation and a company's own cases, as they are kept."""

from dataclasses import dataclass, field
from datetime import datetime

from store.values.scope import Json


@dataclass(frozen=True, kw_only=True)
class EvalHead:
    """A finished run without its cases."""

    id: str
    company_id: str | None
    title: str
    arguments: Json
    summary: Json
    started_by: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class EvalRun(EvalHead):
    """A finished run: every figure, and what became of each case."""

    cases: list[Json] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class OwnCase:
    """A case that a company keeps beside the shipped ones; `row` is a line of a case file."""

    id: str
    company_id: str
    name: str
    row: Json
    created_at: datetime
