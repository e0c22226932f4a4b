"""Evaluations over HTTP: `/api/evals` starts a run, lists runs, gives one and what changed since another."""

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
