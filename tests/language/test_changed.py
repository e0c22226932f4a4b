"""What became of a quote when its text was changed: figures first, words later, and what still stands."""

from dataclasses import dataclass

import pytest

from language.changed import Text, changed, holds

OLD = Text(
    ("The basic plan costs ₹499 a month.", "Refunds take 5 working days.", "We ship to all of India."),
    (
        "Basic plan ₹499 mahine ka hai.",
        "Refund 5 working days mein aata hai.",
        "Hum poore India mein bhejte hain.",
    ),
)
PRICE, REFUND, SHIPPING = OLD.lines


@dataclass(frozen=True)
class Case:
    """A quote, the new text, and what became of the quote."""

    quote: str
    lines: tuple[str, ...]
    kind: str
    now: str = ""
    claim: str = ""


@pytest.mark.parametrize(
    "case",
    [
        Case(PRICE, OLD.lines, "same"),
        Case(
            PRICE,
            ("The basic plan costs ₹599 a month.", *OLD.lines[1:]),
            "figure",
            "The basic plan costs ₹599 a month.",
        ),
        Case(REFUND, ("The basic plan costs ₹599 a month.", *OLD.lines[1:]), "same"),
        Case(
            REFUND,
            (PRICE, "Refunds take 7 working days.", SHIPPING),
            "figure",
            "Refunds take 7 working days.",
        ),
        Case(
            SHIPPING, (PRICE, REFUND, "We deliver to all of India."), "wording", "We deliver to all of India."
        ),
        Case(SHIPPING, (PRICE, REFUND), "gone"),
        Case(SHIPPING, (), "gone"),
        Case("₹499", ("The basic plan costs ₹4,990 a month.",), "gone"),
        Case(
            SHIPPING,
            ("The basic plan costs ₹599 a month.", REFUND, SHIPPING),
            "figure",
            "",
            f"{SHIPPING} It costs ₹499.",
        ),
    ],
    ids=lambda case: f"{case.kind}: {case.quote[:20]}",
)
def test_that_a_quote_is_followed_into_the_new_text(case: Case) -> None:
    after = [Text(case.lines)] if case.lines else []
    found = changed(case.quote, case.claim or case.quote, OLD, after)
    assert (found.kind, found.now) == (case.kind, case.now)


def test_that_a_stored_hinglish_sentence_that_changed_is_noticed() -> None:
    claim = OLD.hinglish[1]
    after = Text(OLD.lines, (OLD.hinglish[0], "Refund paanch din mein milta hai.", OLD.hinglish[2]))
    found = changed(REFUND, claim, OLD, [after])
    assert (found.kind, found.now_hinglish) == ("wording", "Refund paanch din mein milta hai.")
    assert changed(REFUND, claim, OLD, [OLD]).kind == "same"


def test_that_a_figure_is_not_found_inside_a_longer_one() -> None:
    assert not holds(Text(("It costs ₹4,999.",)), "₹4")
    assert not holds(Text(("It costs 12.5 dollars.",)), "12")
    assert holds(Text(("It costs ₹499.",)), "₹499")
