"""The company's switches for tools; an agent uses a tool only if both are on."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api import errors
from api.auth.callers import Admin, Caller, Reader, company_of, desk_of
from api.wire import Line, Reply, Update
from graph.errors import Invalid
from store.unit import UnitOfWork
from tools.specs import all_tools

router = APIRouter(prefix="/api/tools", tags=["tools"], responses=errors.RESPONSES)


class ToolView(Reply):
    """A registered tool and whether the company has it on."""

    name: str
    description: str
    kind: str
    parameters: dict[str, str]
    needs_identity: bool
    confirmation: str
    enabled: bool


class ToolsView(Reply):
    """The two switches of AgentOS, and all tools."""

    company: str
    order_lookup_enabled: bool
    create_ticket_enabled: bool
    tools: list[ToolView]


class ToolsChange(Update):
    """Which tools to switch; what is left out stays."""

    company: Line | None = None
    order_lookup_enabled: bool | None = None
    create_ticket_enabled: bool | None = None
    tools: dict[str, bool] | None = None


@router.get("")
async def tools(
    request: Request, caller: Reader, company: Annotated[str | None, Query(max_length=100)] = None
) -> ToolsView:
    """The company's tools."""
    return await desk_of(request).store.read(caller.scope, lambda uow: _view(uow, caller, company))


@router.put("")
async def switch(request: Request, caller: Admin, body: ToolsChange) -> ToolsView:
    """Switch tools on or off for all agents of the company."""

    def write(uow: UnitOfWork) -> ToolsView:
        owner = company_of(uow, caller, body.company)
        uow.agents.set_company_tools(owner.id, _wanted(body))
        uow.audit.add(caller.id, "tools.change", owner.id, company_id=owner.id)
        return _view(uow, caller, body.company)

    return await desk_of(request).store.write(caller.scope, write)


def _wanted(body: ToolsChange) -> dict[str, bool]:
    unknown = set(body.tools or {}) - set(all_tools())
    if unknown:
        raise Invalid(f"There is no tool called {sorted(unknown)[0]!r}.", field="tools")
    wanted = dict(body.tools or {})
    if body.order_lookup_enabled is not None:
        wanted["order_lookup"] = body.order_lookup_enabled
    if body.create_ticket_enabled is not None:
        wanted["create_ticket"] = body.create_ticket_enabled
    return wanted


def _view(uow: UnitOfWork, caller: Caller, company: str | None) -> ToolsView:
    owner = company_of(uow, caller, company)
    switches = uow.agents.company_tools(owner.id)
    return ToolsView(
        company=owner.slug,
        order_lookup_enabled=switches.get("order_lookup", True),
        create_ticket_enabled=switches.get("create_ticket", True),
        tools=[
            ToolView(
                name=spec.name,
                description=spec.description,
                kind=spec.kind,
                parameters=spec.parameters,
                needs_identity=spec.needs_identity,
                confirmation=spec.confirmation,
                enabled=switches.get(spec.name, True),
            )
            for spec in all_tools().values()
        ],
    )
