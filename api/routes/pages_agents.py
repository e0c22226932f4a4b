"""Agents as pages: build one, see how its tools do, compare versions and go back to one."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.figures import counting_of
from api.forms import Errors, as_errors, checked, read_form
from api.remote_tools import own_specs
from api.routes.agents import (
    AgentView,
    NewAgent,
    change_agent,
    create_agent,
    restore_agent,
    tools_of_agent,
)
from api.routes.pages_frame import (
    Administrator,
    PageRoute,
    Reader,
    caller_of,
    has_outbox,
    html,
    scope_of,
    see_other,
    shell_of,
)
from graph.errors import SupportError
from store.unit import UnitOfWork
from store.values.companies import Agent, Company
from tools.specs import all_tools
from ui.views import agents as views
from ui.views.forms import Form as FormView

router = APIRouter(prefix="/agents", include_in_schema=False, route_class=PageRoute)
RECENT = timedelta(days=30)
FRESH = {
    "language_mode": "auto",
    "safety_mode": "balanced",
    "status": "active",
    "confidence_threshold": "0.70",
}
TEXTS = ("name", "description", "system_prompt", "language_mode", "safety_mode", "status")
SAVED = {
    "yes": "Saved. New messages are answered with it.",
    "back": "Rolled back; the earlier state is live again.",
}


@router.get("")
async def agents(
    request: Request, member: Reader, company: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """The first agent of the named company, or of all."""

    def read(uow: UnitOfWork) -> str | None:
        named = next((item.id for item in uow.companies.all() if item.slug == company), None)
        found = uow.agents.all(named)
        return found[0].id if found else None

    first = await desk_of(request).store.read(scope_of(member), read)
    return see_other(f"/agents/{first}") if first else see_other("/agents/new")


@router.get("/new")
async def fresh(
    request: Request, member: Administrator, company: Annotated[str, Query(max_length=100)] = ""
) -> HTMLResponse:
    """The form for a new agent."""
    return await _shown(request, member, "", values={**FRESH, "company": company, "tool-create_ticket": "on"})


@router.post("/new")
async def create(request: Request, member: Administrator) -> Response:
    """Make an agent, or say what is wrong."""
    values = await read_form(request)
    body, errors = checked(NewAgent, {**body_of(values), "company": values.get("company") or None})
    if body is not None:
        return await _kept(
            request, member, "", values, lambda uow: create_agent(uow, caller_of(member), body, body.company)
        )
    return await _shown(request, member, "", values=values, errors=errors)


@router.get("/{agent_id}")
async def agent(
    request: Request,
    member: Reader,
    agent_id: str,
    compare: Annotated[int, Query(ge=0)] = 0,
    saved: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    """One agent."""
    return await _shown(request, member, agent_id, compare=compare, saved=SAVED.get(saved, ""))


@router.post("/{agent_id}")
async def change(request: Request, member: Administrator, agent_id: str) -> Response:
    """Save what the form says as a new version, or say what is wrong."""
    values = await read_form(request)
    given = body_of(values)
    body, errors = checked(NewAgent, given)
    if body is not None:
        if not values.get("is_default"):
            body = body.model_copy(update={"is_default": None})
        return await _kept(
            request,
            member,
            agent_id,
            values,
            lambda uow: change_agent(uow, caller_of(member), agent_id, body),
        )
    return await _shown(request, member, agent_id, values=values, errors=errors)


@router.post("/{agent_id}/restore")
async def restore(
    request: Request, member: Administrator, agent_id: str, version: Annotated[int, Form(ge=1)]
) -> Response:
    """Go back to an earlier version."""
    await desk_of(request).store.write(
        scope_of(member), lambda uow: restore_agent(uow, caller_of(member), agent_id, version)
    )
    return see_other(f"/agents/{agent_id}?saved=back")


async def _kept(
    request: Request, member: StaffMember, agent_id: str, values: dict[str, str], work: Any
) -> Response:
    try:
        view: AgentView = await desk_of(request).store.write(scope_of(member), work)
    except SupportError as error:
        return await _shown(request, member, agent_id, values=values, errors=as_errors(error))
    return see_other(f"/agents/{view.id}?saved=yes")


def body_of(values: dict[str, str]) -> dict[str, Any]:
    """The form as the body of the route."""
    body: dict[str, Any] = {name: values.get(name, "").strip() for name in TEXTS}
    threshold = values.get("confidence_threshold", "")
    body["confidence_threshold"] = float(threshold) if threshold.replace(".", "", 1).isdigit() else threshold
    body["is_default"] = values.get("is_default") == "on"
    own = [name.removeprefix("own-") for name in values if name.startswith("own-")]
    body["tools"] = {name: values.get(f"tool-{name}") == "on" for name in (*all_tools(), *own)}
    return body


async def _shown(
    request: Request,
    member: StaffMember,
    agent_id: str,
    *,
    values: dict[str, str] | None = None,
    errors: Errors | None = None,
    compare: int = 0,
    saved: str = "",
) -> HTMLResponse:
    desk = desk_of(request)
    await counting_of(request.app).catch_up()

    def read(uow: UnitOfWork) -> views.AgentPage:
        row = uow.agents.get(agent_id) if agent_id else None
        companies = {item.id: item for item in uow.companies.all()}
        owner = companies.get(row.company_id) if row else _named(companies, (values or {}).get("company", ""))
        kept = views.agent_values(row, tools_of_agent(uow, row)) if row else {}
        versions = uow.agents.versions(row.id) if row else ()
        return views.AgentPage(
            shell=shell_of(uow, member, "agents", outbox=has_outbox(request)),
            agent_id=agent_id,
            title=row.name if row else "New agent",
            version=row.version if row else 0,
            agents=views.agent_links(
                uow.agents.all(), {key: item.name for key, item in companies.items()}, agent_id
            ),
            companies=tuple((item.slug, item.name) for item in companies.values()),
            company=owner.name if owner and row else (owner.slug if owner else ""),
            form=FormView(kept if values is None else values, errors or {}),
            tools=_tools(uow, owner, desk.clock.now() - RECENT),
            versions=views.version_lines(versions[:12], row.version if row else 0),
            difference=_difference(versions, row, compare),
            saved=saved,
            may_change="admin" in member.rights,
        )

    return html(await desk.store.read(scope_of(member), read), 422 if errors else 200)


def _named(companies: dict[str, Company], slug: str) -> Company | None:
    return next((item for item in companies.values() if slug in ("", item.slug)), None)


def _tools(uow: UnitOfWork, owner: Company | None, since: Any) -> tuple[views.ToolSwitch, ...]:
    counts = uow.figures.tool_counts(owner.id, since) if owner else {}
    switches = uow.agents.company_tools(owner.id) if owner else {}
    own = own_specs(uow.http_tools.of_company(owner.id)) if owner else {}
    off = {row.name for row in uow.http_tools.of_company(owner.id) if not row.enabled} if owner else set()
    found = []
    for spec in (*all_tools().values(), *own.values()):
        calls, trouble = views.calls_of(counts.get(spec.name, {}))
        found.append(
            views.ToolSwitch(
                name=spec.name,
                description=spec.description,
                kind=spec.kind,
                needs=views.needs_of(identity=spec.needs_identity, confirmation=spec.confirmation),
                calls=calls,
                trouble=trouble,
                company_off=spec.name in off or not switches.get(spec.name, True),
                try_url=f"/tools?company={owner.slug if owner else ''}&tool={spec.name}",
                own=spec.remote,
            )
        )
    return tuple(found)


def _difference(versions: Any, row: Agent | None, compare: int) -> views.Difference | None:
    before = next((item for item in versions if item.version == compare), None)
    live = next((item for item in versions if row is not None and item.version == row.version), None)
    if before is None or live is None:
        return None
    return views.Difference(compare, views.changes_between(before.fields, live.fields))
