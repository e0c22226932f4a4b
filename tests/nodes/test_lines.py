"""A stream is cut into cited sentences, each as soon as its source's number is closed."""

import pytest

from nodes.answer.lines import Line, Lines


def cut(*pieces: str) -> list[Line]:
    lines = Lines()
    found = [line for piece in pieces for line in lines.feed(piece)]
    return [*found, *lines.end()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One bulb. [1]", [Line("One bulb.", 1)]),
        ("One bulb. [1]\nTwo lamps. [12]\n", [Line("One bulb.", 1), Line("Two lamps.", 12)]),
        ("One bulb [1] and two lamps [2].", [Line("One bulb", 1), Line("and two lamps", 2)]),
        ("- **One bulb.** [1]\n2) Two. [2]", [Line("One bulb.", 1), Line("Two.", 2)]),
        ("One bulb.", [Line("One bulb.", None)]),
        ("Order [order_1] is here. [1]", [Line("Order [order_1] is here.", 1)]),
        ("NONE", [Line("NONE", None)]),
        ("\n\n[1]\n", []),
        ("", []),
    ],
)
def test_that_text_is_cut_the_same_however_it_comes(text: str, expected: list[Line]) -> None:
    assert cut(text) == expected
    assert cut(*text) == expected


def test_that_a_sentence_is_out_with_its_bracket() -> None:
    lines = Lines()
    assert list(lines.feed("One bulb. [1")) == []
    assert list(lines.feed("]")) == [Line("One bulb.", 1)]
