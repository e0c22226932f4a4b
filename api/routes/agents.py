"""Agents: `/api/agents`, and `/api/agent-config`, which saves one whether or not it is there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from pydantic.alias_generators import to_camel

from api import errors
from api.auth.callers import Admin, Caller, Reader, company_of, desk_of
from api.wire import Id, Line, Reply, Update
from graph.errors import Invalid, NotFound
from store.unit import UnitOfWork
from store.values.companies import Agent, AgentFields
from tools.specs import all_tools

router = APIRouter(prefix="/api", tags=["agents"], responses=errors.RESPONSES)
LongText = Annotated[str, Field(max_length=10_000)]


class AgentChange(Update):
    """What may be set on an agent; what is left out stays."""

    name: Line | None = None
    description: LongText | None = None
    system_prompt: LongText | None = None
    language_mode: Literal["auto", "en", "english", "hinglish"] | None = None
    safety_mode: Literal["strict", "balanced", "permissive"] | None = None
    confidence_threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    status: Literal["active", "inactive"] | None = None
    is_default: bool | None = None
    tools: dict[str, bool] | None = None


class NewAgent(AgentChange):
    """A new agent needs a name, and a company where the caller has several."""

    name: Line
    company: Line | None = None


class AgentConfig(AgentChange):
    """With `agentId` the agent is changed, without it is made."""

    agent_id: Id | None = None
    company: Line | None = None


class AgentView(Reply):
    """An agent with its switches."""

    id: str
    company: str
    name: str
    description: str
    system_prompt: str
    language_mode: str
    safety_mode: str
    confidence_threshold: float
    status: str
    is_default: bool
    version: int
    tools: dict[str, bool]
    created_at: datetime
    updated_at: datetime


class VersionView(Reply):
    """An agent as it was saved once."""

    version: int
    fields: dict[str, Any]
    created_at: datetime


@router.get("/agents")
async def agents(
    request: Request, caller: Reader, company: Annotated[str | None, Query(max_length=100)] = None
) -> list[AgentView]:
    """The caller's agents, each company's default first."""

    def read(uow: UnitOfWork) -> list[AgentView]:
        company_id = uow.companies.by_slug(company).id if company else None
        return [_view(uow, agent) for agent in uow.agents.all(company_id)]

    return await desk_of(request).store.read(caller.scope, read)


@router.post("/agents", status_code=201)
async def create(request: Request, caller: Admin, body: NewAgent) -> AgentView:
    """Make an agent."""
    return await desk_of(request).store.write(
        caller.scope, lambda uow: create_agent(uow, caller, body, body.company)
    )


@router.get("/agents/{agent_id}")
async def agent(request: Request, caller: Reader, agent_id: str) -> AgentView:
    """One agent."""
    return await desk_of(request).store.read(caller.scope, lambda uow: _view(uow, uow.agents.get(agent_id)))


@router.put("/agents/{agent_id}")
async def change(request: Request, caller: Admin, agent_id: str, body: AgentChange) -> AgentView:
    """Change what the body names."""
    return await desk_of(request).store.write(
        caller.scope, lambda uow: change_agent(uow, caller, agent_id, body)
    )


@router.delete("/agents/{agent_id}", status_code=204)
async def delete(request: Request, caller: Admin, agent_id: str) -> Response:
    """Remove an agent that is not the default and has not answered anything."""

    def remove(uow: UnitOfWork) -> None:
        company_id = uow.agents.get(agent_id).company_id
        uow.agents.delete(agent_id)
        uow.audit.add(caller.id, "agent.delete", agent_id, company_id=company_id)

    await desk_of(request).store.write(caller.scope, remove)
    return Response(status_code=204)


@router.get("/agent-config")
async def config(
    request: Request,
    caller: Reader,
    agent_id: Annotated[str | None, Query(alias="agentId", max_length=64)] = None,
    company: Annotated[str | None, Query(max_length=100)] = None,
) -> AgentView:
    """The named agent, or the company's default."""

    def read(uow: UnitOfWork) -> AgentView:
        if agent_id is not None:
            return _view(uow, uow.agents.get(agent_id))
        return _view(uow, uow.agents.default(company_of(uow, caller, company).id))

    return await desk_of(request).store.read(caller.scope, read)


@router.post("/agent-config")
async def save(request: Request, caller: Admin, body: AgentConfig) -> AgentView:
    """Change the agent that `agentId` names (404 when there is none).

    Without `agentId` the company's agent of this name is changed, or made when there is none: sending the
    same form twice leaves one agent.
    """

    def write(uow: UnitOfWork) -> AgentView:
        if body.agent_id is not None:
            return change_agent(uow, caller, body.agent_id, body)
        if body.name is None:
            raise Invalid("A new agent needs a name.", field="name")
        known = uow.agents.named(company_of(uow, caller, body.company).id, body.name)
        if known is not None:
            return change_agent(uow, caller, known.id, body)
        return create_agent(uow, caller, body, body.company)

    return await desk_of(request).store.write(caller.scope, write)


@router.get("/agents/{agent_id}/versions")
async def versions(request: Request, caller: Reader, agent_id: str) -> list[VersionView]:
    """Every saved state of the agent, newest first."""
    found = await desk_of(request).store.read(caller.scope, lambda uow: uow.agents.versions(agent_id))
    return [
        VersionView(version=item.version, fields=_camel(item.fields), created_at=item.created_at)
        for item in found
    ]


@router.post("/agents/{agent_id}/versions/{version}/restore")
async def restore(request: Request, caller: Admin, agent_id: str, version: int) -> AgentView:
    """Go back to an earlier state; it becomes a version of its own."""
    return await desk_of(request).store.write(
        caller.scope, lambda uow: restore_agent(uow, caller, agent_id, version)
    )


def create_agent(uow: UnitOfWork, caller: Caller, body: AgentChange, company: str | None) -> AgentView:
    """A new agent; tools that the body does not name are off."""
    owner = company_of(uow, caller, company)
    agent = uow.agents.create(owner.id, _fields(body))
    uow.agents.set_tools(agent.id, {**dict.fromkeys(all_tools(), False), **_tools(uow, owner.id, body)})
    uow.audit.add(caller.id, "agent.create", agent.id, company_id=owner.id)
    return _view(uow, agent)


def change_agent(uow: UnitOfWork, caller: Caller, agent_id: str, body: AgentChange) -> AgentView:
    """The agent with what the body names; without a difference it stays at its version."""
    agent = uow.agents.get(agent_id)
    if body.is_default is False and agent.is_default:
        raise Invalid("Make another agent the default instead.", field="isDefault")
    wanted, tools = replace(_plain(agent), **_given(body)), _tools(uow, agent.company_id, body)
    if wanted == _plain(agent) and tools.items() <= uow.agents.agent_tools(agent_id).items():
        return _view(uow, agent)
    changed = uow.agents.change(agent_id, wanted)
    if tools:
        uow.agents.set_tools(agent_id, tools)
    uow.audit.add(caller.id, "agent.change", agent_id, company_id=agent.company_id)
    return _view(uow, changed)


def restore_agent(uow: UnitOfWork, caller: Caller, agent_id: str, version: int) -> AgentView:
    """The agent as it was saved under the number; whether it is the default stays as it is."""
    agent = uow.agents.get(agent_id)
    found = next((item for item in uow.agents.versions(agent_id) if item.version == version), None)
    if found is None:
        raise NotFound(f"This agent has no version {version}.", field="version")
    fields = {**found.fields, "is_default": agent.is_default}
    tools = fields.pop("tools", {})
    changed = uow.agents.change(agent_id, AgentFields(**fields))
    missing = {
        name: name not in all_tools() for name in uow.agents.agent_tools(agent_id)
    }  # as tools_of_agent
    uow.agents.set_tools(agent_id, {**missing, **tools})
    uow.audit.add(caller.id, "agent.restore", agent_id, company_id=agent.company_id)
    return _view(uow, changed)


def _camel(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {to_camel(name): value for name, value in fields.items()}


def _fields(body: AgentChange) -> AgentFields:
    return AgentFields(**{"name": "", **_given(body)})


def _plain(agent: Agent) -> AgentFields:
    return AgentFields(**{name: getattr(agent, name) for name in AgentFields.__dataclass_fields__})


def _given(body: AgentChange) -> dict[str, Any]:
    values = body.model_dump(include=set(AgentFields.__dataclass_fields__), exclude_unset=True)
    return {name: value for name, value in values.items() if value is not None}


def tools_of_agent(uow: UnitOfWork, agent: Agent) -> dict[str, bool]:
    """The agent's switch of every tool: without one a registered tool is off, one of the company's own on."""
    own = {row.name: True for row in uow.http_tools.of_company(agent.company_id)}
    return {**dict.fromkeys(all_tools(), False), **own, **uow.agents.agent_tools(agent.id)}


def _tools(uow: UnitOfWork, company_id: str, body: AgentChange) -> dict[str, bool]:
    known = set(all_tools()) | {row.name for row in uow.http_tools.of_company(company_id)}
    unknown = set(body.tools or {}) - known
    if unknown:
        raise Invalid(f"There is no tool called {sorted(unknown)[0]!r}.", field="tools")
    return dict(body.tools or {})


def _view(uow: UnitOfWork, agent: Agent) -> AgentView:
    values = {name: getattr(agent, name) for name in AgentView.model_fields if hasattr(agent, name)}
    slug = uow.companies.get(agent.company_id).slug
    return AgentView(**values, company=slug, tools=tools_of_agent(uow, agent))
