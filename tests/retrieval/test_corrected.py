"""A correction puts what is meant in the place of what it denies."""

import pytest

from retrieval.corrected import corrected
from tests.retrieval.test_followup import question


@pytest.mark.parametrize(
    ("text", "context", "whole"),
    [
        ("no I meant the bowl, not the lamp", "how do I clean a lamp", "how do i clean a bowl"),
        ("sorry, by cheque, not cash", "how soon is cash paid back", "how soon is cheque paid back"),
    ],
)
def test_that_what_was_asked_about_and_is_denied_is_replaced(text: str, context: str, whole: str) -> None:
    assert corrected(question(text), question(context), context)[0] == whole


@pytest.mark.parametrize("text", ["I am not happy", "not the lamp", "no, the bowl"])
def test_that_nothing_else_corrects(text: str) -> None:
    before = "how do I clean a lamp"
    assert corrected(question(text), question(before), before) == ()


def test_that_the_word_before_may_belong_to_what_is_denied() -> None:
    before = "is the brass lamp washable"
    readings = corrected(question("I meant the towel, not the lamp"), question(before), before)
    assert readings == ("is the brass towel washable", "is the towel washable")
