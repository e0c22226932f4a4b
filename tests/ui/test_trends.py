"""What is drawn from day to day: every count is there, and no more series than colours."""

from typing import Any

from ui.views.trends import COLOURS, STEPS, trends_of

DAYS: tuple[dict[str, Any], ...] = (
    {
        "handed": {"asked": 3, "not_known": 1},
        "languages": dict(zip("abcdefgh", range(8, 0, -1), strict=True)),
        "latency": {"total": {"3": 9, "7": 1}, "guard": {"3": 9, "7": 1}},
        "tools": {"order_lookup": {"success": 3, "failed": 1}},
        "turns": 10,
        "guard": 1,
        "unsafe": 1,
        "gaps": 5,
    },
    {},
)


def test_that_reasons_languages_speed_and_parts_are_drawn_by_day() -> None:
    persons, spoken, speed, half, late, working = trends_of(("1 Nov", "2 Nov"), DAYS, "day")
    assert persons.columns == ("When", "The customer asked for a person", "Not in the knowledge")
    assert persons.rows == (("1 Nov", "3", "1"), ("2 Nov", "0", "0"))
    assert len(spoken.legend) == COLOURS
    assert sum(int(count) for count in spoken.rows[0][1:]) == 36
    assert spoken.columns[-1] == "other"
    assert [len(line.dots) for line in speed.lines] == [1, 1]
    assert speed.lines[0].dots[0].y > speed.lines[1].dots[0].y  # p95 stands above p50
    assert speed.rows[1] == ("2 Nov", "–", "–")
    assert half.columns == late.columns == ("When", *STEPS)
    guard = 1 + STEPS.index("guard")
    assert half.rows[0][1] == "–"
    assert half.rows[0][guard] != late.rows[0][guard]
    assert working.rows[0][1:] == ("75.0 % (3 of 4)", "20.0 % (2 of 10)", "50.0 % (5 of 10)")


def test_that_a_time_without_anything_says_so() -> None:
    assert {chart.empty for chart in trends_of(("1 Nov",), ({},), "day")} == {"Nothing in this time."}
