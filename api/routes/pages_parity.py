"""The parity board as a page."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.figures import counting_of
from api.parity import Point, Row, board_of
from api.routes.pages_frame import PageRoute, Reader, has_outbox, html, scope_of, shell_of
from api.routes.pages_period import Period
from eval.stats import Rate
from store.unit import UnitOfWork
from ui.views.charts import Chart
from ui.views.logs import address
from ui.views.parity import GapPoint, GapRow, ParityPage, gaps, place
from ui.views.words import signed

router = APIRouter(prefix="/parity", include_in_schema=False, route_class=PageRoute)
Word = Annotated[str, Query(max_length=60)]


@router.get("")
async def parity(
    request: Request,
    member: Reader,
    company: Word = "",
    days: Annotated[int, Query(ge=1, le=366)] = 30,
    metric: Word = "alone",
) -> HTMLResponse:
    """Every metric in both languages, and one of them over time."""
    desk = desk_of(request)
    behind = await counting_of(request.app).catch_up()

    def read(uow: UnitOfWork) -> ParityPage:
        period = Period.read(uow, "/parity", company, days, desk.clock.now())
        counted = uow.figures.days(period.first.isoformat(), period.company_id)
        board = board_of(uow, period.company_id, counted, period.first, period.last)
        chosen = next((row for row in board if row.metric.key == metric), board[0])
        here = {"company": period.slug}
        return ParityPage(
            shell=shell_of(uow, member, "parity", outbox=has_outbox(request), company=period.slug),
            companies=period.company_options,
            periods=period.period_options,
            period=period.words,
            rows=tuple(
                _row(row, address("/parity", here, days=days, metric=row.metric.key), on=row is chosen)
                for row in board
            ),
            chart=_chart(chosen),
            behind=behind,
        )

    return html(await desk.store.read(scope_of(member), read))


def _row(row: Row, url: str, *, on: bool) -> GapRow:
    whole = row.whole
    low, high = (100 * edge for edge in whole.gap.ci95)
    points = 100 * whole.gap.difference
    return GapRow(
        name=row.metric.name,
        words=row.metric.of,
        source=row.metric.source,
        english=_rate(whole.english),
        hinglish=_rate(whole.hinglish),
        gap=signed(points),
        interval=f"{signed(low)} to {signed(high)}",
        low=place(low),
        high=place(high),
        at=place(points),
        known=whole.known,
        verdict="behind" if low > 0 else "ahead" if high < 0 else "even",
        url=url,
        on=on,
    )


def _rate(rate: Rate) -> str:
    return f"{100 * rate.rate:.1f} % ({rate.passed:,} of {rate.cases:,})" if rate.cases else "–"


def _chart(row: Row) -> Chart:
    each = "each run" if row.metric.source == "evaluations" else "each seven days"
    words = f"English minus Hinglish of {row.metric.of}, {each}; above zero Hinglish is served worse."
    known = [_point(point) for point in row.points if point.known]
    return gaps("over-time", f"{row.metric.name}, over time", words, known)


def _point(point: Point) -> GapPoint:
    low, high = (100 * edge for edge in point.gap.ci95)
    gap = 100 * point.gap.difference
    told = f"English {_rate(point.english)}, Hinglish {_rate(point.hinglish)}"
    return GapPoint(point.at, gap, low, high, f"{point.at}: {signed(gap)} points; {told}")
