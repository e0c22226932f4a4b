"""Bare questions for the state of one's own thing, and what only looks like them."""

import pytest

from language.normalise import normalise
from language.status import asks_after_return, asks_amount, asks_detail, asks_state


@pytest.mark.parametrize(
    "text",
    [
        "where's the parcel",
        "node ka status batao",
        "shipment kidhar hai",
        "photo ready hui?",
        "has the package arrived",
        "koi update?",
        "request kahan tak pahunchi",
        "deployment status please",
        "hamara server theek chal raha hai kya",
        "is our validator doing fine",
        "ऑर्डर कहाँ है",
    ],
)
def test_that_a_bare_question_for_a_state_is_heard(text: str) -> None:
    assert asks_state(text, normalise(text))


@pytest.mark.parametrize(
    "text",
    [
        "what does status mean",
        "where do orders ship from?",
        "where can I print the photo",
        "photo kahan upload karein",
        "how long does an order take",
        "order kaise track karte hain",
        "delivery kab hoti hai",
        "where are you located",
        "what are the node states",
        "please reboot it",
        "node kaise chalta hai",
        "how do validators work",
    ],
)
def test_that_a_general_question_is_none(text: str) -> None:
    assert not asks_state(text, normalise(text))


@pytest.mark.parametrize(
    ("text", "about_it"),
    [
        ("why is it taking so long?", True),
        ("itna late kyun", True),
        ("tracking number?", True),
        ("by what date will the sofa arrive", True),
        ("sofa ka colour kaun sa hai", False),
        ("what is your return policy", False),
        ("refund kitne din mein hota hai", False),
    ],
)
def test_that_one_more_question_about_a_record_is_heard(text: str, about_it: bool) -> None:
    assert asks_detail(normalise(text)) is about_it


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("have you sent my money back yet?", True),
        ("mere lamp ke paise wapas kar diye kya", True),
        ("I wanted to return the cups, is it registered?", True),
        ("refund kitne din mein aata hai?", False),
        ("is a return free?", False),
        ("What is your refund policy once an item is received?", False),
        ("Is a refund processed to the original card?", False),
        ("do you give money back for lost parcels?", False),
    ],
)
def test_that_ones_own_return_is_asked_after(text: str, asks: bool) -> None:
    assert asks_after_return(normalise(text)) is asks


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("how much do I pay?", True),
        ("total kitna hua", True),
        ("kitne din lagenge?", False),
        ("how much longer?", False),
    ],
)
def test_that_what_it_costs_is_asked(text: str, asks: bool) -> None:
    assert asks_amount(text) is asks
