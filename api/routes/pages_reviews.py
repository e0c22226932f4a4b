"""Reviewed answers as a page: draw, judge one after the other, see what the marks come to."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.reviews import DRAWS, Reviewed, draw, reviewed
from api.routes.pages_frame import (
    PageRoute,
    Reader,
    Writer,
    has_outbox,
    html,
    scope_of,
    see_other,
    shell_of,
)
from api.routes.pages_period import Period
from eval.stats import Rate
from store.unit import UnitOfWork
from store.values.reviews import Review, Verdict
from ui.views.charts import Chart, calibration
from ui.views.figures import Headline
from ui.views.logs import address
from ui.views.reviews import Judged, RestsOn, ReviewsPage, ThresholdRow, mark_line
from ui.views.words import LANGUAGE, counted, stamp

router = APIRouter(prefix="/reviews", include_in_schema=False, route_class=PageRoute)
Word = Annotated[str, Query(max_length=60)]
Days = Annotated[int, Query(ge=1, le=366)]
LISTED = 12


@router.get("")
async def reviews(
    request: Request, member: Reader, company: Word = "", days: Days = 30, review: Word = "", drawn: int = -1
) -> HTMLResponse:
    """The next answer to judge, or the one that is asked for; and the figures."""
    desk = desk_of(request)

    def read(uow: UnitOfWork) -> ReviewsPage:
        period = Period.read(uow, "/reviews", company, days, desk.clock.now()).of_one()
        mine, here = period.company_id or "", {"company": period.slug}
        marks = uow.reviews.marks(mine, period.begin)
        sums = reviewed(marks)
        chosen = uow.reviews.get(review) if review else uow.reviews.next(mine)
        done = [mark for mark in marks if mark.verdict][:LISTED]
        return ReviewsPage(
            shell=shell_of(uow, member, "reviews", outbox=has_outbox(request), company=period.slug),
            company=period.slug,
            companies=period.company_options[1:],
            periods=period.period_options,
            period=period.words,
            days=days,
            headlines=_headlines(sums),
            current=_judged(uow, chosen) if chosen else None,
            waiting=uow.reviews.waiting(mine),
            drawable=uow.reviews.left(mine, period.begin),
            draws=DRAWS,
            calibration=_calibration(sums),
            thresholds=_thresholds(sums),
            marks=tuple(
                mark_line(mark, address("/reviews", here, days=days, review=mark.id)) for mark in done
            ),
            said=f"{counted(drawn, 'answer')} drawn." if drawn >= 0 else "",
            may_mark="write" in member.rights,
        )

    return html(await desk.store.read(scope_of(member), read))


@router.post("")
async def draw_some(
    request: Request,
    member: Writer,
    company: Annotated[str, Form(max_length=60)],
    count: Annotated[int, Form()],
    days: Annotated[int, Form(ge=1, le=366)] = 30,
) -> Response:
    """Draw answers of the period at random."""
    desk, scope = desk_of(request), scope_of(member)
    now = desk.clock.now()
    period = await desk.store.read(scope, lambda uow: Period.read(uow, "/reviews", company, days, now))
    drawn = await draw(desk, scope, company, count, period.begin, member.user.id)
    return see_other(f"{address('/reviews', {'company': company}, days=days)}&drawn={drawn}")


@router.post("/{review_id}")
async def mark(
    request: Request,
    member: Writer,
    review_id: str,
    verdict: Annotated[Verdict, Form()],
    reason: Annotated[str, Form(max_length=200)] = "",
    company: Annotated[str, Form(max_length=60)] = "",
    days: Annotated[int, Form(ge=1, le=366)] = 30,
) -> Response:
    """Say whether an answer is right, and go on to the next."""

    def write(uow: UnitOfWork) -> None:
        uow.reviews.mark(review_id, verdict, reason.strip(), member.user.id)

    await desk_of(request).store.write(scope_of(member), write)
    return see_other(address("/reviews", {"company": company}, days=days) + "#judge")


def _judged(uow: UnitOfWork, review: Review) -> Judged:
    trace = uow.turns.trace(review.turn_id)
    turn = trace.turn
    return Judged(
        id=review.id,
        question=turn.question,
        reply=turn.reply,
        language=LANGUAGE.get(turn.reply_language or "", "Other"),
        at=stamp(turn.created_at),
        trace_url=f"/tickets/{turn.ticket_id}/trace?turn={turn.id}",
        receipts=tuple(
            RestsOn(item.claim, item.quote, item.source_title) for item in trace.receipts if item.quote
        ),
        verdict=review.verdict,
        reason=review.reason,
    )


def _headlines(sums: Reviewed) -> tuple[Headline, ...]:
    english, hinglish = sums.by_language["en"], sums.by_language["hinglish"]
    return (
        _rate("True error rate", sums.wrong),
        _rate("In English", english),
        _rate("In Hinglish", hinglish),
        Headline("Calibration error", f"{sums.ece:.3f}" if sums.wrong.cases else "–", "0 is honest"),
        Headline("Cannot say", str(sums.unsure), "in no rate"),
    )


def _rate(name: str, rate: Rate) -> Headline:
    if not rate.cases:
        return Headline(name, "–", "nothing judged yet")
    return Headline(name, f"{100 * rate.rate:.1f} %", f"{_ends(rate)}, {rate.passed:,} of {rate.cases:,}")


def _ends(rate: Rate) -> str:
    low, high = rate.ci95
    return f"{100 * low:.1f}–{100 * high:.1f}"


def _calibration(sums: Reviewed) -> Chart:
    bins = [(group.confidence, group.count, round(group.accuracy * group.count)) for group in sums.bins]
    words = (
        "Confidence of the judged answers against how many were right, by leads and not by the desk itself."
    )
    chart = calibration("calibration", "Is its confidence worth its number", words, bins)
    return chart if bins else replace(chart, empty="Nothing was judged in this time.")


def _thresholds(sums: Reviewed) -> tuple[ThresholdRow, ...]:
    return tuple(
        ThresholdRow(
            threshold=f"{row.threshold:.2f}" if row.threshold else "none",
            answered=f"{100 * row.answered.rate:.0f} % ({row.answered.passed:,} of {row.answered.cases:,})",
            wrong=f"{100 * row.wrong.rate:.1f} % ({row.wrong.passed:,})" if row.wrong.cases else "–",
            interval=_ends(row.wrong) if row.wrong.cases else "",
        )
        for row in sums.thresholds
    )
