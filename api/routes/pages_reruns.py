"""Drafts tried on past tickets, as pages; the forms of entries, rules and agents lead here."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.forms import checked, read_form
from api.reruns import reruns_of
from api.routes import pages_agents, pages_knowledge, pages_rules
from api.routes.agents import AgentChange
from api.routes.knowledge import EntryChange, NewEntry
from api.routes.pages_frame import (
    Editor,
    PageRoute,
    Reader,
    caller_of,
    has_outbox,
    html,
    scope_of,
    see_other,
    shell_of,
)
from api.routes.rules import NewRule, RuleChange
from api.shadow.drafts import RIGHTS, Draft, Kind
from graph.errors import Conflict, Invalid
from store.unit import UnitOfWork
from ui.views.reruns import RerunPage, Reruns, rerun_line, rerun_page

router = APIRouter(prefix="/reruns", include_in_schema=False, route_class=PageRoute)


@router.get("")
async def reruns(request: Request, member: Reader) -> HTMLResponse:
    """All trials, newest first."""

    def read(uow: UnitOfWork) -> Reruns:
        lines = [rerun_line(item, uow.jobs.get(item.job_id)) for item in uow.reruns.all()]
        return Reruns(shell_of(uow, member, "reruns", outbox=has_outbox(request)), tuple(lines))

    return html(await desk_of(request).store.read(scope_of(member), read))


@router.post("/try/{kind}")
async def start_new(request: Request, member: Editor, kind: Kind) -> Response:
    """Try what the form of a new thing says."""
    return await _try(request, member, kind, None)


@router.post("/try/{kind}/{thing_id}")
async def start(request: Request, member: Editor, kind: Kind, thing_id: str) -> Response:
    """Try what the form of a thing says, instead of saving it."""
    return await _try(request, member, kind, thing_id)


@router.get("/{rerun_id}")
async def rerun(request: Request, member: Reader, rerun_id: str) -> HTMLResponse:
    """One trial."""
    return await _shown(request, member, rerun_id)


@router.get("/{rerun_id}/going")
async def going(request: Request, member: Reader, rerun_id: str) -> JSONResponse:
    """How far it is."""

    def read(uow: UnitOfWork) -> dict[str, Any]:
        job = uow.jobs.get(uow.reruns.get(rerun_id).job_id)
        return {"status": job.status, "done": job.progress.get("done", 0), "of": job.progress.get("of", 0)}

    return JSONResponse(await desk_of(request).store.read(scope_of(member), read))


@router.post("/{rerun_id}/stop")
async def stop(request: Request, member: Editor, rerun_id: str) -> Response:
    """Ask it to stop."""
    await desk_of(request).store.write(
        scope_of(member), lambda uow: uow.jobs.cancel(uow.reruns.get(rerun_id).job_id)
    )
    return see_other(f"/reruns/{rerun_id}")


@router.post("/{rerun_id}/publish")
async def publish(request: Request, member: Editor, rerun_id: str) -> Response:
    """Make the change that was tried, or say why not."""
    values = await read_form(request)
    try:
        anyway = values.get("anyway") == "yes"
        await reruns_of(request.app).publish(caller_of(member), rerun_id, anyway=anyway)
    except Conflict as conflict:
        return await _shown(request, member, rerun_id, conflict.message)
    return see_other(f"/reruns/{rerun_id}")


async def _try(request: Request, member: StaffMember, kind: Kind, thing_id: str | None) -> Response:
    values = await read_form(request)
    model, given = _body(kind, thing_id, values)
    body, wrong = checked(model, given)
    if body is None:
        name, words = next(iter(wrong.items()))
        raise Invalid(f"{name.replace('_', ' ')}: {words}", field=name)
    fields = body.model_dump(mode="json", by_alias=True, exclude_none=True)
    company = values.get("company") or None
    if thing_id is not None:
        fields.pop("company", None)
        company = None if company == "*" else company
    draft = Draft(kind=kind, id=thing_id, body=fields)
    made = await reruns_of(request.app).start(caller_of(member), draft, company)
    return see_other(f"/reruns/{made.id}")


def _body(kind: Kind, thing_id: str | None, values: dict[str, str]) -> tuple[Any, dict[str, Any]]:
    """The model of the form, and what it is filled with."""
    if kind == "entry":
        given = pages_knowledge.body_of(values, fresh=thing_id is None)
        return (EntryChange if thing_id else NewEntry), given
    if kind == "rule":
        given = pages_rules.body_of(values)
        if thing_id:
            given.pop("company", None)
        return (RuleChange if thing_id else NewRule), given
    given = pages_agents.body_of(values)
    if not values.get("is_default"):
        given.pop("is_default")
    return AgentChange, given


async def _shown(request: Request, member: StaffMember, rerun_id: str, problem: str = "") -> HTMLResponse:
    def read(uow: UnitOfWork) -> RerunPage:
        found = uow.reruns.get(rerun_id)
        return rerun_page(
            found,
            uow.jobs.get(found.job_id),
            shell=shell_of(uow, member, "reruns", outbox=has_outbox(request)),
            may_publish=caller_of(member).has(RIGHTS[found.draft["kind"]]),
            problem=problem,
        )

    page = await desk_of(request).store.read(scope_of(member), read)
    if page.status in ("queued", "running"):
        job = await desk_of(request).store.read(scope_of(member), lambda uow: uow.reruns.get(rerun_id).job_id)
        reruns_of(request.app).jobs.take_up(job)  # does nothing while its lease is held
    return html(page, 409 if problem else 200)
