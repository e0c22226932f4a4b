"""Evaluations over HTTP: `/api/evals` starts a run, lists runs, gives one and what changed since another."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api import errors
from api.auth.callers import Reader, Writer, desk_of
from api.evaluations import Wanted, evaluations_of
from api.wire import Body, Line, Reply
from store.unit import UnitOfWork
from store.values.evals import EvalHead
from ui.views.evals import against_of

router = APIRouter(prefix="/api/evals", tags=["evals"], responses=errors.RESPONSES)


class NewRun(Body):
    """What to ask: a shipped case file by its name, or `own` for the company's own cases."""

    source: Line
    company: Line | None = None
    most: Annotated[int, Field(ge=1, le=10_000)] | None = None
    mode: Literal["strict", "balanced", "permissive"] | None = None
    trials: Annotated[int, Field(ge=1, le=10)] = 1


class GateBody(Body):
    """What a company demands of its own cases."""

    every_hours: Annotated[int, Field(ge=0, le=24 * 28)] = 24
    trials: Annotated[int, Field(ge=1, le=10)] = 1
    least: Annotated[float, Field(ge=0, le=1)] = 1.0
    before_publishing: bool = True


class GateView(Reply):
    """The gate and how it last went."""

    company: str
    every_hours: int
    trials: int
    least: float
    before_publishing: bool
    run_id: str
    ran_at: datetime | None
    due_at: datetime | None
    passed: bool | None


class Started(Reply):
    """A run that was queued."""

    job_id: str
    cases: int


class RunView(Reply):
    """A finished run: its figures as `results.json` has them."""

    id: str
    title: str
    started_by: str
    created_at: datetime
    summary: dict[str, Any]
    cases: list[dict[str, Any]] = Field(default_factory=list)
    changed: dict[str, list[str]] | None = None
    """With `against`: the names of the cases that were fixed, broken or only worded differently."""


@router.get("")
async def runs(request: Request, caller: Reader) -> list[RunView]:
    """The caller's finished runs, newest first, without their cases."""
    found = await desk_of(request).store.read(caller.scope, lambda uow: uow.evals.runs())
    return [_view(item) for item in found]


@router.post("", status_code=202)
async def start(request: Request, caller: Writer, body: NewRun) -> Started:
    """Begin a run in the background."""
    job = await evaluations_of(request.app).start(caller.scope, Wanted(**body.model_dump()), caller.name)
    return Started(job_id=job.id, cases=int(job.arguments["cases"]))


@router.get("/gates/{company}")
async def gate(request: Request, caller: Reader, company: str) -> GateView:
    """The company's gate and how it last went."""
    return await desk_of(request).store.read(caller.scope, lambda uow: _gate(uow, company))


@router.put("/gates/{company}")
async def change_gate(request: Request, caller: Writer, company: str, body: GateBody) -> GateView:
    """Set what the company demands of its own cases, how often, and whether drafts are held against them."""
    return await desk_of(request).store.write(
        caller.scope, lambda uow: set_gate(uow, caller.id, company, body)
    )


def set_gate(uow: UnitOfWork, actor: str, company: str, body: GateBody) -> GateView:
    """Keep the gate; the next run is due after its usual time."""
    owner = uow.companies.by_slug(company)
    known = uow.gates.of(owner.id)
    uow.gates.begin(replace(known, **body.model_dump()))
    uow.audit.add(actor, "gate.change", owner.id, company_id=owner.id)
    return _gate(uow, company)


def _gate(uow: UnitOfWork, company: str) -> GateView:
    found = uow.gates.of(uow.companies.by_slug(company).id)
    values = {name: getattr(found, name) for name in GateView.model_fields if name != "company"}
    return GateView(company=company, **values)


@router.get("/{run_id}")
async def run(
    request: Request, caller: Reader, run_id: str, against: Annotated[str | None, Query(max_length=64)] = None
) -> RunView:
    """One run with its cases."""

    def read(uow: UnitOfWork) -> RunView:
        found = uow.evals.run(run_id)
        changed = None
        if against is not None:
            found_against = against_of(found, uow.evals.run(against))
            names = ("fixed", "broken", "other")
            changed = {name: [case.id for case in getattr(found_against, name)] for name in names}
        return _view(found).model_copy(update={"cases": found.cases, "changed": changed})

    return await desk_of(request).store.read(caller.scope, read)


def _view(run: EvalHead) -> RunView:
    return RunView(
        id=run.id,
        title=run.title,
        started_by=run.started_by,
        created_at=run.created_at,
        summary=run.summary,
    )
