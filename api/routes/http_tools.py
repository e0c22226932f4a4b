"""A company's own tools: calls of its own service, set up without code. Secrets go in and never come out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, ValidationError

from api import errors
from api.auth.callers import Admin, Caller, Reader, company_of, desk_of
from api.desk import Desk
from api.remote_tools import check_host
from api.wire import Body, Line, Reply, joined
from graph.errors import Conflict, Invalid
from store.unit import UnitOfWork
from store.values.outside import HttpToolRow
from store.values.scope import Json
from tools.remote import RemoteConfig
from tools.specs import all_tools

router = APIRouter(prefix="/api/http-tools", tags=["tools"], responses=errors.RESPONSES)
Slug = Annotated[str | None, Query(max_length=100)]


class ToolBody(Body):
    """What the tool does; `secret` is kept encrypted and never shown."""

    company: Line | None = None
    config: Json
    secret: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    enabled: bool = True


class HttpToolView(Reply):
    """A configured tool without its secret."""

    id: str
    name: str
    config: Json
    enabled: bool


@router.get("")
async def tools(request: Request, caller: Reader, company: Slug = None) -> list[HttpToolView]:
    """The company's own tools."""

    def read(uow: UnitOfWork) -> list[HttpToolView]:
        owner = company_of(uow, caller, company)
        return [_view(row) for row in uow.http_tools.of_company(owner.id)]

    return await desk_of(request).store.read(caller.scope, read)


@router.post("", status_code=201)
async def create(request: Request, caller: Admin, body: ToolBody) -> HttpToolView:
    """Set up a tool; it is offered to all agents of the company at once."""
    desk = desk_of(request)
    config = config_of(body.config)
    return await desk.store.write(caller.scope, lambda uow: create_tool(uow, desk, caller, config, body))


@router.get("/{tool_id}")
async def tool(request: Request, caller: Reader, tool_id: str) -> HttpToolView:
    """One tool."""
    return await desk_of(request).store.read(caller.scope, lambda uow: _view(uow.http_tools.get(tool_id)))


@router.put("/{tool_id}")
async def change(request: Request, caller: Admin, tool_id: str, body: ToolBody) -> HttpToolView:
    """Set what the tool does; its name and, without a new one, its secret stay."""
    desk = desk_of(request)
    config = config_of(body.config)

    def write(uow: UnitOfWork) -> HttpToolView:
        known = uow.http_tools.get(tool_id)
        if known.name != config.name:
            raise Invalid("A tool keeps its name.", field="config.name")
        check_host(config, uow.companies.get(known.company_id), desk.settings)
        row = uow.http_tools.change(
            tool_id, config.model_dump(mode="json"), enabled=body.enabled, secret=body.secret
        )
        uow.audit.add(caller.id, "http_tool.change", tool_id, company_id=known.company_id)
        return _view(row)

    return await desk.store.write(caller.scope, write)


@router.delete("/{tool_id}", status_code=204)
async def delete(request: Request, caller: Admin, tool_id: str) -> Response:
    """Forget the tool and its secret."""

    def write(uow: UnitOfWork) -> None:
        known = uow.http_tools.get(tool_id)
        uow.http_tools.delete(tool_id)
        uow.audit.add(caller.id, "http_tool.delete", tool_id, company_id=known.company_id)

    await desk_of(request).store.write(caller.scope, write)
    return Response(status_code=204)


def create_tool(
    uow: UnitOfWork, desk: Desk, caller: Caller, config: RemoteConfig, body: ToolBody
) -> HttpToolView:
    """The new tool; its name may be no registered tool's, its host has to be allowed."""
    if config.name in all_tools():
        raise Conflict("A registered tool has this name.", field="config.name")
    owner = company_of(uow, caller, body.company)
    check_host(config, owner, desk.settings)
    row = uow.http_tools.create(owner.id, config.name, config.model_dump(mode="json"), secret=body.secret)
    uow.audit.add(caller.id, "http_tool.create", row.id, company_id=owner.id)
    return _view(row)


def config_of(data: Json) -> RemoteConfig:
    """The checked configuration; Invalid names the field."""
    try:
        return RemoteConfig.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        message = str(first["msg"]).removeprefix("Value error, ")
        place = joined(["config", *[str(part) for part in first["loc"]]])
        raise Invalid(message[:200], field=place) from error


def _view(row: HttpToolRow) -> HttpToolView:
    return HttpToolView(id=row.id, name=row.name, config=row.config, enabled=row.enabled)
