"""The parity board: gaps between the languages from counted days, marks and runs, with their intervals."""

from datetime import UTC, date, datetime, timedelta

import pytest

from api.desk import Desk
from api.parity import Row, board_of, counted_days
from eval.stats import Rate, unpaired_gap
from store.unit import UnitOfWork
from store.values.figures import FigureDay
from store.values.scope import Json, Scope
from ui.views.parity import GapPoint, gaps

LAST = date(2026, 11, 21)
FIRST = LAST - timedelta(days=13)
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def day(day: date, english: Json, hinglish: Json) -> FigureDay:
    """A counted day with ends in both languages."""
    data = {"ends": {"en": english, "hinglish": hinglish}}
    return FigureDay(company_id="cmp_1", day=day.isoformat(), data=data, counted_at=NOW)


async def board(desk: Desk, days: list[FigureDay]) -> dict[str, Row]:
    """The board over these days, by metric."""

    def read(uow: UnitOfWork) -> dict[str, Row]:
        return {row.metric.key: row for row in board_of(uow, None, days, FIRST, LAST)}

    return await desk.store.read(Scope.operator(), read)


async def test_that_a_gap_is_of_the_ended_tickets_and_stands_in_its_week(desk: Desk) -> None:
    days = [
        day(LAST, {"assumed": 8, "handed": 2}, {"assumed": 5, "handed": 5, "open": 9}),
        day(FIRST, {"confirmed": 3, "refused": 1}, {"refused": 2}),
    ]
    rows = await board(desk, days)
    alone = rows["alone"]
    assert (alone.whole.english, alone.whole.hinglish) == (Rate(11, 14), Rate(5, 12))
    assert alone.whole.gap == unpaired_gap(Rate(11, 14), Rate(5, 12))
    assert [(point.english.passed, point.hinglish.cases) for point in alone.points] == [(3, 2), (8, 10)]
    assert (rows["confirmed"].whole.english, rows["confirmed"].whole.hinglish) == (Rate(3, 4), Rate(0, 2))
    assert not rows["known"].whole.known


async def test_that_runs_of_the_evaluation_bring_their_own_paired_gap(desk: Desk) -> None:
    summary = {
        "byLanguage": {"en": {"passed": 18, "cases": 20}, "hinglish": {"passed": 16, "cases": 20}},
        "parityGap": {"points": 10.0, "ci95": [-2.0, 22.0], "pairs": 20},
    }
    one = {
        "byLanguage": {"en": {"passed": 1, "cases": 1}},
        "parityGap": {"points": 0, "ci95": [0, 0], "pairs": 0},
    }

    def write(uow: UnitOfWork) -> None:
        for kept in (summary, one):
            uow.evals.keep("x", arguments={}, summary=kept, cases=[], started_by="x", company_id=None)

    await desk.store.write(Scope.operator(), write)
    today = desk.clock.now().date()

    def read(uow: UnitOfWork) -> Row:
        return board_of(uow, None, [], today, today)[-1]

    passed = await desk.store.read(Scope.operator(), read)
    assert len(passed.points) == 1
    assert passed.whole.gap.difference == pytest.approx(0.1)
    assert passed.whole.gap.ci95 == pytest.approx((-0.02, 0.22))


async def test_that_days_counted_now_hold_both_languages(desk: Desk) -> None:
    today = desk.clock.now().date()

    def read(uow: UnitOfWork) -> list[FigureDay]:
        return counted_days(uow, [item.id for item in uow.companies.all()], today, today)

    assert [found.data["tickets"] for found in await desk.store.read(Scope.operator(), read)] == [0, 0]


def test_that_a_gap_is_drawn_around_the_line_of_none() -> None:
    points = [GapPoint("7 Nov", 0.0, -5.0, 5.0, ""), GapPoint("14 Nov", 10.0, 2.0, 18.0, "")]
    chart = gaps("gaps", "Gaps", "words", points)
    middle = next(tick.at for tick in chart.y_ticks if tick.label == "0")
    assert chart.lines[0].dots[0].y == middle
    assert chart.lines[0].dots[1].y < middle
    assert chart.bars[1].y + chart.bars[1].height < middle
    assert chart.rows[1] == ("14 Nov", "+10.0", "+2.0 to +18.0")
    assert gaps("gaps", "Gaps", "words", []).empty
