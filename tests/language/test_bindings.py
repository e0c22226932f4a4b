"""Values stay with what their source says them of, and bounds stay on their side."""

import pytest

from language.claim_text import parse
from language.claims import Source, check_claim
from language.quantities import marked
from language.units import full_units

DELIVERY = "A letter to Pune takes 3 days, a parcel 5."
HOURS = "We are open between 9 am and 6 pm on weekdays, and between 10 am and 2 pm on Saturdays."
OFFICES = "Delhi orders ship from Noida, and Mumbai orders ship from Pune."
VALVES = "Keep the water valve closed and the air valve open."
CARE = "Clean brass with lemon and salt, and clean a jute rug with a dry brush."
PICKUP = "The pickup is free for damaged items and costs ₹99 when you change your mind."
LOAN = "You can repay the loan early without a penalty; a late instalment adds 2% interest."
RETURNS = "Unopened candles can be returned within 10 days, but gift cards cannot be returned."


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        (DELIVERY, "A parcel takes 3 days."),
        (DELIVERY, "Letter 5 din mein pahunchta hai."),
        (HOURS, "On Saturdays we are open from 9 am to 6 pm."),
        (OFFICES, "Delhi orders ship from Pune."),
        (OFFICES, "Mumbai ke order Noida se ship hote hain."),
        (VALVES, "Keep the air valve closed."),
        (CARE, "Clean a jute rug with lemon and salt."),
        (PICKUP, "Mind change hone par pickup free hai."),
    ],
)
def test_that_a_value_of_another_clause_is_told(source: str, claim: str) -> None:
    assert "moved" in check_claim(claim, [Source("p", source)]).reasons


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        (DELIVERY, "A parcel takes 5 days, a letter 3 days."),
        (DELIVERY, "Parcel 5 din mein aur letter 3 din mein pahunchta hai."),
        (HOURS, "On Saturdays we are open from 10 am to 2 pm."),
        (HOURS, "Saturday ko subah 10 baje se 2 baje tak khula hai."),
        (OFFICES, "Orders from Mumbai ship from Pune, those from Delhi from Noida."),
        (VALVES, "The air valve stays open and the water valve closed."),
        (CARE, "A jute rug is cleaned with a dry brush."),
        (PICKUP, "Damaged items ke liye pickup free hai, mind change karne par ₹99 lagte hain."),
        ("You can pay by UPI, credit card, debit card or COD.", "UPI, debit card ya COD se pay karein."),
        ("COD is not available in Ladakh, Andaman and Lakshadweep.", "Andaman mein COD available nahi hai."),
        (RETURNS, "Gift cards cannot be returned, unopened candles can within 10 days."),
    ],
)
def test_that_clauses_may_be_turned_round_or_dropped(source: str, claim: str) -> None:
    assert check_claim(claim, [Source("p", source)]).reasons == ()


def test_that_a_denial_of_the_act_is_not_that_of_a_fee() -> None:
    assert "negation" in check_claim("You cannot repay the loan early.", [Source("p", LOAN)]).reasons


@pytest.mark.parametrize(
    ("source", "claim", "reasons"),
    [
        ("Report damage within 48 hours of delivery.", "Report damage after 48 hours of delivery.", "limit"),
        ("Report damage within 48 hours of delivery.", "Damage 48 ghante ke baad report karein.", "limit"),
        ("Bags up to 7 kg are free.", "Bags over 7 kg are free.", "limit"),
        ("Bags up to 7 kg are free.", "7 kg se zyada ke bags free hain.", "limit"),
        ("Bags up to 7 kg are free.", "7 kg tak ke bags free hain.", ""),
        ("Bags up to 7 kg are free.", "Bags over 7 kg are charged.", ""),
        ("Pay online up to ₹500; larger orders are paid by card.", "Orders above ₹500 are paid by card.", ""),
    ],
)
def test_that_a_bound_stays_on_its_side(source: str, claim: str, reasons: str) -> None:
    assert ("limit" in check_claim(claim, [Source("p", source)]).reasons) == bool(reasons)


def test_that_a_gapped_clause_takes_its_verb_from_its_neighbour() -> None:
    first, second = full_units(parse("The indoor pool is heated to 29 °C and the outdoor pool to 24 °C."))
    assert "heat" in first.verbs & second.verbs


def test_that_marks_in_a_text_are_no_facts() -> None:
    text, facts = marked("It takes \U000f0000 3 days \U000f0009.")
    assert [fact.kind for fact in facts] == ["duration"]
    assert [char for char in text if char >= "\U000f0000"] == ["\U000f0000"]
    assert not check_claim(
        "It takes 5 \U000f0005 days.", [Source("p", "It takes 3 \U000f0000 days.")]
    ).supported
