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
    state: str = "active"
    """active, or disputed: kept and shown, and not judged."""
    reason: str = ""
    """Why it is disputed."""
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What a company demands of its own cases."""

    company_id: str
    every_hours: int = 24
    """How often they are asked; 0: only when somebody wants to."""
    trials: int = 1
    """How often each is asked in a row; it passes when all are right (pass^k)."""
    least: float = 1.0
    """The share of cases that has to pass, 0..1."""
    before_publishing: bool = True
    """Whether a draft that is tried is held against them."""
    due_at: datetime | None = None
    run_id: str = ""
    """The newest run."""
    ran_at: datetime | None = None
    passed: bool | None = None
