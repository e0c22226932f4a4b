"""What safety weighs and where its thresholds lie, and the companies' own tools, as pages."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.routes.pages_frame import PageRoute, Reader, has_outbox, html, scope_of, see_other, shell_of
from language.risk_rules import data
from store.unit import UnitOfWork
from ui.views.pages import Cell, ListPage

router = APIRouter(prefix="/admin", include_in_schema=False, route_class=PageRoute)
MODES = ("strict", "balanced", "permissive")


@router.get("")
async def admin(member: Reader) -> Response:
    """Setting up begins with the companies."""
    del member
    return see_other("/admin/companies")


@router.get("/safety")
async def safety(request: Request, member: Reader) -> HTMLResponse:
    """Families with their outcome and thresholds by mode, then every rule with its weight."""
    tables = data()
    rows = [
        (
            Cell(family),
            Cell(tables["outcomes"][family]),
            *(Cell(f"{tables['modes'][mode][family]:.2f}", number=True) for mode in MODES),
            Cell(f"{tables['flags'][family]:.2f}", number=True),
        )
        for family in tables["flags"]
    ]
    rows += [
        (
            Cell(rule["family"]),
            Cell(f"rule: {rule['name']}", detail=f"{len(rule['patterns'])} patterns"),
            *(Cell("") for _ in MODES),
            Cell(f"weighs {rule['weight']:.2f}", number=True),
        )
        for rule in tables["rule"]
    ]
    columns = ("Family", "Outcome", *(mode.title() for mode in MODES), "Flagged from")

    def read(uow: UnitOfWork) -> ListPage:
        shell = shell_of(uow, member, "safety", outbox=has_outbox(request))
        summary = "Thresholds by mode and the weight of each rule; an agent's mode is set on its page."
        return ListPage(
            shell=shell, title="Safety", summary=summary, columns=columns, rows=tuple(rows), empty=""
        )

    return html(await desk_of(request).store.read(scope_of(member), read))


@router.get("/http-tools")
async def http_tools(
    request: Request, member: Reader, company: Annotated[str, Query(max_length=100)] = ""
) -> HTMLResponse:
    """The company's own tools: what each calls and what it needs; secrets are never shown."""

    def read(uow: UnitOfWork) -> ListPage:
        companies = uow.companies.all()
        chosen = next((each for each in companies if each.slug == company), companies[0])
        rows = tuple(
            (
                Cell(
                    row.name,
                    mono=True,
                    detail=str(row.config["description"]),
                    url=f"/tools?company={chosen.slug}&tool={row.name}",
                ),
                Cell(f"{row.config['method']} {row.config['url']}", mono=True),
                Cell(str(row.config["kind"])),
                Cell("proven customer" if row.config["needs_identity"] else "anybody"),
                Cell(str(row.config["confirmation"]) if row.config["kind"] == "write" else "none"),
                Cell("on" if row.enabled else "off"),
            )
            for row in uow.http_tools.of_company(chosen.id)
        )
        return ListPage(
            shell=shell_of(uow, member, "own-tools", outbox=has_outbox(request), company=chosen.slug),
            title="Own tools",
            summary=f"Calls of {chosen.name}'s own services.",
            columns=("Name", "Calls", "Kind", "For", "Confirmed by", "State"),
            rows=rows,
            empty="Tools are set up with POST /api/http-tools; then they are switched and tried under Tools.",
            tabs=tuple(
                (each.name, f"/admin/http-tools?company={each.slug}", each.id == chosen.id)
                for each in companies
            ),
        )

    return html(await desk_of(request).store.read(scope_of(member), read))
