"""Figures of a period put together: nothing is lost, and a long period is drawn by weeks."""

from datetime import UTC, date, datetime, timedelta

from store.values.figures import FigureDay
from ui.views.sums import MOST_DAYS, summed

LAST = date(2026, 11, 30)
COUNTED = datetime(2026, 11, 30, tzinfo=UTC)


def _day(back: int, turns: int, company: str = "com_a") -> FigureDay:
    day = (LAST - timedelta(days=back)).isoformat()
    data = {"turns": turns, "kinds": {"answer": turns}, "confidence": {"9": [turns, 1]}}
    return FigureDay(company_id=company, day=day, data=data, counted_at=COUNTED)


def test_that_a_short_period_is_drawn_by_days_and_companies_are_put_together() -> None:
    days = [_day(0, 3), _day(0, 4, "com_b"), _day(2, 5)]
    sums = summed(days, LAST - timedelta(days=2), LAST)
    assert (sums.unit, sums.names) == ("day", ("28 Nov", "29 Nov", "30 Nov"))
    assert [step.get("turns") for step in sums.steps] == [5, None, 7]
    assert sums.data == {"turns": 12, "kinds": {"answer": 12}, "confidence": {"9": [12, 3]}}
    assert days[0].data["turns"] == 3  # what was read is left as it was


def test_that_a_long_period_is_drawn_by_weeks_that_end_with_the_last_day() -> None:
    length = 90
    sums = summed([_day(back, 1) for back in range(length)], LAST - timedelta(days=length - 1), LAST)
    assert length > MOST_DAYS
    assert sums.unit == "week"
    assert [step["turns"] for step in sums.steps] == [6, *[7] * 12]
    assert (sums.names[0], sums.names[-1]) == ("Week of 2 Sep", "Week of 24 Nov")
    assert sums.data["turns"] == length


def test_that_days_outside_of_the_period_do_not_count() -> None:
    sums = summed([_day(-1, 9), _day(3, 9), _day(1, 1)], LAST - timedelta(days=2), LAST)
    assert sums.data["turns"] == 1
