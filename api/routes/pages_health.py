"""How the desk itself is: queue, leases, sizes, breakers and index, for the operator."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.housekeeping import figures
from api.routes.pages_frame import Administrator, PageRoute, has_outbox, html, scope_of, shell_of
from api.strain import Measure, measures_of
from graph.errors import NotAllowed
from ui.views.pages import Cell, ListPage

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/admin/health")
async def health(request: Request, member: Administrator) -> HTMLResponse:
    """The figures of `/api/health` in words; those that somebody has to look at first."""
    if member.companies is not None:
        raise NotAllowed("This is the operator's.")
    desk, outbox = desk_of(request), has_outbox(request)
    found = sorted(measures_of(await figures(desk)), key=lambda one: not one.alarm)
    shell = await desk.store.read(
        scope_of(member), lambda uow: shell_of(uow, member, "health", outbox=outbox)
    )
    alarms = sum(one.alarm for one in found)
    summary = f"{alarms} to look at" if alarms else "all is well"
    rows = tuple(_row(one) for one in found)
    return html(ListPage(shell, "Health", summary, ("What", "Now", ""), rows, "No figures."))


def _row(measure: Measure) -> tuple[Cell, ...]:
    family = "urgent" if measure.alarm else ""
    return Cell(measure.name), Cell(measure.value, family=family), Cell(measure.detail)
