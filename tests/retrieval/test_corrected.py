"""A correction puts what is meant in the place of what it denies."""

import pytest

from retrieval.corrected import corrected
from tests.retrieval.test_followup import question


@pytest.mark.parametrize(
    ("text", "context", "whole"),
    [
        ("no I meant the bowl, not the lamp", "how do I clean a lamp", "how do i clean a bowl"),
        ("sorry, by cheque, not cash", "how soon is cash paid back", "how soon is cheque paid back"),
        ("I am not happy", "how do I clean a lamp", ""),
        ("not the lamp", "how do I clean a lamp", ""),
        ("no, the bowl", "how do I clean a lamp", ""),
    ],
)
def test_that_only_what_was_asked_about_and_is_denied_is_replaced(
    text: str, context: str, whole: str
) -> None:
    assert corrected(question(text), question(context), context) == whole
