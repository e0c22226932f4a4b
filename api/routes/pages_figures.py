"""Log and figures as pages."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from api.auth.callers import desk_of
from api.figures import counting_of
from api.log_filters import csv_lines, turn_filters
from api.routes.pages_frame import PageRoute, Reader, has_outbox, html, scope_of, shell_of
from store.unit import UnitOfWork
from ui.views.figures import (
    PERIODS,
    FiguresPage,
    charts_of,
    headlines_of,
    outcomes_of,
    tables_of,
)
from ui.views.logs import CHOICES, Logs, address, filters_of, line_of
from ui.views.sums import summed
from ui.views.words import day

router = APIRouter(include_in_schema=False, route_class=PageRoute)
SIZE = 50
Word = Annotated[str, Query(max_length=60)]


@router.get("/logs")
async def logs(
    request: Request, member: Reader, page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> HTMLResponse:
    """Every reply of the bot, by filter."""
    desk, chosen = desk_of(request), _chosen(request)

    def read(uow: UnitOfWork) -> Logs:
        companies = uow.companies.all()
        filters = turn_filters(chosen, companies, desk.clock.now())
        turns = uow.figures.log(filters, limit=SIZE + 1, offset=(page - 1) * SIZE)
        calls = uow.figures.calls_of(turn.id for turn in turns[:SIZE])
        names = {company.id: company.name for company in companies}
        return Logs(
            shell=shell_of(uow, member, "logs", outbox=has_outbox(request)),
            filters=filters_of(chosen, [(company.slug, company.name) for company in companies]),
            rows=tuple(line_of(turn, calls.get(turn.id, ()), names) for turn in turns[:SIZE]),
            csv_url=address("/logs.csv", chosen),
            newer=address("/logs", chosen, page=page - 1 if page > 2 else 0) if page > 1 else "",
            older=address("/logs", chosen, page=page + 1) if len(turns) > SIZE else "",
            filtered=bool(chosen),
        )

    return html(await desk.store.read(scope_of(member), read))


@router.get("/logs.csv")
async def export(request: Request, member: Reader) -> StreamingResponse:
    """The same as a file, at most 100,000 lines."""
    desk, scope = desk_of(request), scope_of(member)
    companies = await desk.store.read(scope, lambda uow: uow.companies.all())
    filters = turn_filters(_chosen(request), companies, desk.clock.now())
    lines = csv_lines(desk, scope, filters, {company.id: company.slug for company in companies})
    headers = {"Content-Disposition": 'attachment; filename="log.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/figures")
async def figures(
    request: Request, member: Reader, company: Word = "", days: Annotated[int, Query(ge=1, le=366)] = 30
) -> HTMLResponse:
    """How the desk is doing."""
    desk = desk_of(request)
    behind = await counting_of(request.app).catch_up()
    last = desk.clock.now().date()
    first = last - timedelta(days=days - 1)

    def read(uow: UnitOfWork) -> FiguresPage:
        companies = uow.companies.all()
        chosen = next((item for item in companies if item.slug == company), None)
        sums = summed(uow.figures.days(first.isoformat(), chosen.id if chosen else None), first, last)
        options = [("All companies", f"/figures?days={days}", chosen is None)]
        options += [
            (item.name, f"/figures?company={item.slug}&days={days}", item == chosen) for item in companies
        ]
        return FiguresPage(
            shell=shell_of(uow, member, "figures", outbox=has_outbox(request)),
            companies=tuple(options),
            periods=tuple(
                (words, address("/figures", {"company": company}, days=length), length == days)
                for length, words in PERIODS
            ),
            period=f"{day(desk.clock.now() - timedelta(days=days - 1))} to {day(desk.clock.now())}, UTC",
            headlines=headlines_of(sums.data),
            charts=charts_of(sums),
            tables=tables_of(sums.data),
            outcomes=outcomes_of(sums.data),
            behind=behind,
        )

    return html(await desk.store.read(scope_of(member), read))


def _chosen(request: Request) -> dict[str, str]:
    """The filters of the address that say something."""
    names = ("company", *CHOICES)
    return {name: value[:60] for name in names if (value := request.query_params.get(name, ""))}
