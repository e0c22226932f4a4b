"""What judges a small model's replies sees inventions."""

import pytest

from tests.small_model import invented, questions

PASSAGES = ["Refunds reach your bank within 5 business days.", "Parcels arrive within 9 days."]
OWN = "All right, thank you. Write to help@shop.example."


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        ("Refunds reach your bank within 5 business days.", 0),
        ("Refunds reach your bank within 24 business days.", 1),
        ("Write to boss@shop.example.", 1),
        ("Refunds reach your bank within 9 days.", 1),
        ("Our aeroplanes deliver every Tuesday morning.", 1),
        ("All right, thank you. Refunds reach your bank within 7 days.", 1),
        ("Order 4711: refunds reach your bank within 5 business days.", 0),
    ],
)
def test_that_numbers_addresses_and_words_of_nobody_are_inventions(reply: str, wrong: int) -> None:
    assert len(invented(reply, "Where is the refund of order 4711?", PASSAGES, OWN)) == wrong


def test_that_more_than_a_hundred_questions_are_asked_in_both_languages() -> None:
    asked = questions(104)
    assert len(asked) > 100
    assert {case.language for case in asked} >= {"en", "hinglish"}
