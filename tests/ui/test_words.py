"""How values read on a page."""

from datetime import timedelta

import pytest

from ui.views import words


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "n/a"), (0.84, "0.8 ms"), (9.96, "10 ms"), (1180, "1,180 ms"), (12_340, "12.3 s")],
)
def test_that_milliseconds_have_a_unit_and_no_false_digits(value: float | None, shown: str) -> None:
    assert words.milliseconds(value) == shown


@pytest.mark.parametrize(
    ("points", "shown"), [(3.14, "+3.1"), (-12.2, "−12.2"), (-0.04, "0.0"), (0.0, "0.0")]
)
def test_that_a_difference_has_a_sign_unless_it_is_none(points: float, shown: str) -> None:
    assert words.signed(points) == shown


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=26), "26 min"),
        (timedelta(minutes=100), "1 h 40"),
        (timedelta(days=3, hours=4), "3 d"),
    ],
)
def test_that_waiting_is_told_as_people_tell_it(length: timedelta, shown: str) -> None:
    assert words.span(length) == shown


def test_that_a_ticket_of_a_person_says_so_unless_it_waits_or_is_closed() -> None:
    shown = {
        status: words.status_sign(status, human_owned=True).word
        for status in ("in_progress", "escalated", "awaiting_customer", "resolved")
    }
    assert shown == {
        "in_progress": "With a person",
        "escalated": "Needs a person",
        "awaiting_customer": "Customer’s turn",
        "resolved": "Resolved",
    }


@pytest.mark.parametrize(
    ("name", "letters"), [("Meera Kulkarni", "MK"), ("anna@example.com", "A"), ("a.b@x.in", "AB"), ("", "?")]
)
def test_that_a_face_has_at_most_two_letters(name: str, letters: str) -> None:
    assert words.initials(name) == letters


def test_that_long_words_are_clipped_at_the_length() -> None:
    assert words.clipped("a  b\nc") == "a b c"
    assert words.clipped("x" * 50, 10) == "x" * 9 + "…"
