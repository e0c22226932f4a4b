"""Finished runs of the evaluation, and the cases that companies keep themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Identified, company_key, maybe_company_key


class EvalRuns(Identified, Base):
    """What a run came to; over all companies when it has none."""

    __tablename__ = "eval_runs"
    __table_args__ = (Index("ix_eval_runs_time", "created_at"),)

    company_id: Mapped[str | None] = maybe_company_key()
    title: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any]]
    cases: Mapped[list[dict[str, Any]]] = mapped_column(JSON(none_as_null=True))
    started_by: Mapped[str]


class OwnCases(Identified, Base):
    """Lines of a case file, by company."""

    __tablename__ = "own_cases"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    company_id: Mapped[str] = company_key(index=False)
    name: Mapped[str]
    row: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="active", server_default="active")
    reason: Mapped[str] = mapped_column(default="", server_default="")


class Gates(Base):
    """What a company demands of its own cases, how often they are asked, and how that last went."""

    __tablename__ = "gates"

    company_id: Mapped[str] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    every_hours: Mapped[int]
    trials: Mapped[int]
    least: Mapped[float]
    before_publishing: Mapped[bool]
    due_at: Mapped[datetime | None]
    run_id: Mapped[str]
    ran_at: Mapped[datetime | None]
    passed: Mapped[bool | None]
