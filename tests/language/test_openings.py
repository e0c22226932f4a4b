"""A message is read without the clauses that only take note of what was said before."""

import pytest

from language.openings import without_opening


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("fine. and how would I see it?", "and how would I see it?"),
        ("thik h 👍 aur chatai?", "aur chatai?"),
        ("accha. ek aur baat, cheque chalega?", "cheque chalega?"),
        ("two quick ones: what is it, and how much?", "what is it, and how much?"),
        ("ok cool", "ok cool"),
        ("no, the other one", "no, the other one"),
        ("great lamps, do you ship them?", "great lamps, do you ship them?"),
    ],
)
def test_that_only_an_opening_that_says_nothing_is_left_out(text: str, rest: str) -> None:
    assert without_opening(text) == rest
