"""Tools as a page: a company's switches, how each tool does, and a place to try one."""

import json
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.desk import Desk
from api.figures import counting_of
from api.forms import read_form
from api.remote_tools import own_specs, remote_of
from api.routes.agents import tools_of_agent
from api.routes.http_tools import config_of
from api.routes.pages_frame import (
    Administrator,
    PageRoute,
    Reader,
    Writer,
    has_outbox,
    html,
    scope_of,
    see_other,
    shell_of,
)
from api.trial_backoffice import TrialBackoffice
from graph.errors import NotFound
from graph.ports import ToolCall
from store.unit import UnitOfWork
from store.values import turns
from store.values.companies import Company
from tools.gate import Gate
from tools.remote import Remote
from tools.specs import all_tools
from tools.values import ToolResult, ToolSpec
from ui.views.agents import calls_of, needs_of
from ui.views.forms import Form
from ui.views.records import CallLine, ToolDetail, ToolLine, Tools, TryOut
from ui.views.words import TOOL, Sign, clipped, milliseconds, stamp

router = APIRouter(prefix="/tools", include_in_schema=False, route_class=PageRoute)
RECENT = timedelta(days=30)
Word = Annotated[str, Query(max_length=100)]


@router.get("")
async def tools(
    request: Request, member: Reader, company: Word = "", tool: Word = "", saved: Word = ""
) -> HTMLResponse:
    """The tools of a company, one of them in detail."""
    return await _shown(request, member, company, tool, saved="Saved." if saved else "")


@router.post("")
async def switch(request: Request, member: Administrator, company: Word = "") -> Response:
    """Switch the company's tools on and off."""
    values = await read_form(request)

    def on(name: str) -> bool:
        return values.get(f"tool-{name}") == "on"

    def write(uow: UnitOfWork) -> None:
        owner = uow.companies.by_slug(company)
        uow.agents.set_company_tools(owner.id, {name: on(name) for name in all_tools()})
        own = uow.http_tools.of_company(owner.id)
        uow.http_tools.switch(owner.id, {row.name: on(row.name) for row in own})
        uow.audit.add(member.user.id, "tools.change", owner.id, company_id=owner.id)

    await desk_of(request).store.write(scope_of(member), write)
    return see_other(f"/tools?company={company}&saved=yes")


@router.post("/try")
async def try_out(request: Request, member: Writer, company: Word = "", tool: Word = "") -> HTMLResponse:
    """Run a tool behind the gate on a view of the records that is thrown away."""
    desk, values = desk_of(request), await read_form(request)
    owner, spec, remote = await desk.store.read(
        scope_of(member), lambda uow: _found(uow, desk, uow.companies.by_slug(company), tool)
    )
    result = await _run(desk, owner, spec, values, remote)
    sign = TOOL.get(result.status, Sign("closed", result.status))
    detail = (
        f"{milliseconds(result.ms)}, {result.attempts} tries"
        if result.attempts > 1
        else milliseconds(result.ms)
    )
    shown = result.model_dump(mode="json", include={"status", "arguments", "facts", "reason"})
    outcome = TryOut(sign.word, sign.family, detail, json.dumps(shown, ensure_ascii=False, indent=1))
    return await _shown(request, member, company, tool, values=values, outcome=outcome)


def _found(
    uow: UnitOfWork, desk: Desk, owner: Company, name: str
) -> tuple[Company, ToolSpec, dict[str, Remote]]:
    """The tool, with its service where it is one of the company's own; NotFound without one."""
    if spec := all_tools().get(name):
        return owner, spec, {}
    row = next((row for row in uow.http_tools.of_company(owner.id) if row.name == name), None)
    if row is None:
        raise NotFound("There is no such tool.")
    config, breaker = config_of(row.config), desk.execution.builder.breakers.of(row.id)
    remote = remote_of(config, uow.http_tools.secret(row.id), owner, desk.settings, breaker)
    return owner, config.spec(), {name: remote}


async def _run(
    desk: Desk, owner: Company, spec: ToolSpec, values: dict[str, str], remote: dict[str, Remote]
) -> ToolResult:
    email = values.get("email", "").strip().lower() or None
    backoffice = TrialBackoffice(
        store=desk.store, clock=desk.clock, company_id=owner.id, email=email, values={}, changes={}
    )
    gate = Gate(
        {spec.name: spec},
        backoffice,
        turn_id="trial",
        verified=email is not None,
        new_id=desk.ids.new,
        tick=desk.clock.tick,
        remote=remote,
    )
    given = {name: values.get(f"argument-{name}", "").strip() for name in spec.parameters}
    arguments = {name: value for name, value in given.items() if value}
    return await gate.run(
        ToolCall(tool=spec.name, arguments=arguments, confirmed=values.get("confirmed") == "on")
    )


async def _shown(
    request: Request,
    member: StaffMember,
    company: str,
    tool: str,
    *,
    values: dict[str, str] | None = None,
    outcome: TryOut | None = None,
    saved: str = "",
) -> HTMLResponse:
    desk = desk_of(request)
    await counting_of(request.app).catch_up()

    def read(uow: UnitOfWork) -> Tools:
        companies = uow.companies.all()
        chosen = next(
            (item for item in companies if item.slug == company), companies[0] if companies else None
        )
        slug = chosen.slug if chosen else ""
        own = uow.http_tools.of_company(chosen.id) if chosen else ()
        spec = (dict(all_tools()) | own_specs(own)).get(tool)
        return Tools(
            shell=shell_of(
                uow, member, "tools", outbox=has_outbox(request), company=chosen.slug if chosen else ""
            ),
            companies=tuple((item.name, f"/tools?company={item.slug}", item == chosen) for item in companies),
            company=slug,
            tools=_lines(uow, chosen, tool, desk.clock.now() - RECENT) if chosen else (),
            detail=_detail(uow, chosen, spec, Form(values or {}), outcome) if chosen and spec else None,
            saved=saved,
            may_change="admin" in member.rights,
        )

    return html(await desk.store.read(scope_of(member), read))


def _lines(uow: UnitOfWork, owner: Company, chosen: str, since: datetime) -> tuple[ToolLine, ...]:
    counts = uow.figures.tool_counts(owner.id, since)
    switches = uow.agents.company_tools(owner.id)
    own = {agent.name: tools_of_agent(uow, agent) for agent in uow.agents.all(owner.id)}
    own_tools = uow.http_tools.of_company(owner.id)
    switches |= {row.name: row.enabled for row in own_tools}
    lines = []
    for spec in (*all_tools().values(), *own_specs(own_tools).values()):
        calls, trouble = calls_of(counts.get(spec.name, {}))
        lines.append(
            ToolLine(
                name=spec.name,
                description=spec.description,
                kind=spec.kind,
                needs=needs_of(identity=spec.needs_identity, confirmation=spec.confirmation),
                calls=calls,
                trouble=trouble,
                on=switches.get(spec.name, True),
                agents=tuple(name for name, on in own.items() if on.get(spec.name)),
                url=f"/tools?company={owner.slug}&tool={spec.name}",
                chosen=spec.name == chosen,
                own=spec.remote,
            )
        )
    return tuple(lines)


def _detail(
    uow: UnitOfWork, owner: Company, spec: ToolSpec, form: Form, outcome: TryOut | None
) -> ToolDetail:
    schema = spec.model_dump(mode="json", exclude={"asks"})
    return ToolDetail(
        name=spec.name,
        schema=json.dumps(schema, ensure_ascii=False, indent=1),
        parameters=tuple(
            (name, kind)
            for name, kind in spec.parameters.items()
            if not (spec.remote and name == "email")  # is the proven address
        ),
        calls=tuple(_call(call, ticket) for call, ticket in uow.figures.newest_calls(owner.id, spec.name)),
        form=form,
        outcome=outcome,
        own=spec.remote,
    )


def _call(call: turns.ToolCall, ticket: str) -> CallLine:
    sign = TOOL.get(call.status, Sign("closed", call.status))
    arguments = ", ".join(f"{name} {value}" for name, value in (call.data.get("arguments") or {}).items())
    return CallLine(
        at=stamp(call.created_at),
        status=sign.word,
        family=sign.family,
        reason=clipped(str(call.data.get("reason", "")), 80),
        arguments=clipped(arguments, 60) or "no arguments",
        url=f"/tickets/{ticket}/trace?turn={call.turn_id}",
    )
