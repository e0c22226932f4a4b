"""The talk about a record goes on: with a deed, a yes, without its number, or with what it is about."""

import pytest

from graph.state import Memory
from nodes.triage.correction import (
    decide_by_choice,
    decide_by_deed,
    decide_by_urging,
    decide_without_number,
)
from tests.nodes.triage.test_decisions import LOOKED_UP, seen

NODE = Memory(looked_up="lookup_deployment", record="LH-1001")
LISTED = Memory(awaiting="order_id", task="order_lookup", choices=("LH-1001", "LH-1002"))


@pytest.mark.parametrize("text", ["just restart it", "isko restart kar do", "then restart the thing"])
def test_that_a_deed_is_offered_for_the_record_that_is_talked_about(text: str) -> None:
    verdict = decide_by_deed(seen(text, NODE))

    assert verdict is not None
    assert (verdict.task, verdict.record, verdict.mode) == ("reboot_node", "LH-1001", "case_specific")


@pytest.mark.parametrize(
    ("text", "memory"),
    [
        ("do not restart it", NODE),
        ("can a node restart by itself?", NODE),
        ("just restart it", Memory()),
        ("just restart it", LOOKED_UP),
        ("reboot it now", NODE),
    ],
)
def test_that_no_deed_is_offered_without_a_wish_a_record_and_a_tool_for_it(text: str, memory: Memory) -> None:
    """The last one says a tool's own words, which are read as any request."""
    assert decide_by_deed(seen(text, memory)) is None


@pytest.mark.parametrize("text", ["yes go ahead", "haan kar do"])
def test_that_a_yes_after_a_deed_hears_how_the_record_stands(text: str) -> None:
    verdict = decide_by_urging(seen(text, NODE))

    assert verdict is not None
    assert (verdict.task, verdict.record) == ("lookup_deployment", "LH-1001")
    assert decide_by_urging(seen(text, Memory())) is None


@pytest.mark.parametrize("text", ["ok", "thanks", "no, leave it", "shall I go ahead?"])
def test_that_a_mere_courtesy_looks_nothing_up(text: str) -> None:
    assert decide_by_urging(seen(text, NODE)) is None


@pytest.mark.parametrize(
    "text", ["I don't remember the number", "number to yaad nahi", "forgot the order id"]
)
def test_that_a_number_which_is_not_at_hand_is_done_without(text: str) -> None:
    asked = decide_without_number(seen(text, Memory(awaiting="order_id", task="order_lookup")))
    talked = decide_without_number(seen(text, LOOKED_UP))

    assert asked is not None
    assert (asked.route, asked.record) == ("specialist", "")
    assert talked is not None
    assert (talked.task, talked.record) == ("order_lookup", "LH-1001")
    assert decide_without_number(seen(text, Memory())) is None


def test_that_one_of_the_listed_records_may_be_named_by_its_thing() -> None:
    verdict = decide_by_choice(seen("the hanging lamp", LISTED))

    assert verdict is not None
    assert verdict.task == "order_lookup"


@pytest.mark.parametrize("text", ["what is your return policy?", "thanks", "connect me to a person"])
def test_that_what_names_no_thing_chooses_no_record(text: str) -> None:
    assert decide_by_choice(seen(text, LISTED)) is None


@pytest.mark.parametrize("text", ["delete the archive", "cancel the archive node"])
def test_that_another_wish_chooses_no_record(text: str) -> None:
    waiting = Memory(awaiting="order_id", task="reboot_node", choices=("LH-1001", "LH-1002"))
    assert decide_by_choice(seen(text, waiting)) is None


@pytest.mark.parametrize("text", ["please send me the invoice", "update my address again"])
def test_that_a_wish_for_something_else_is_no_deed_on_the_record(text: str) -> None:
    photo = Memory(looked_up="lookup_photo_request", record="LH-1001")
    assert decide_by_deed(seen(text, photo)) is None


@pytest.mark.parametrize(
    "text",
    [
        "no, what is your GST number?",
        "I cannot change my phone number, please update it",
        "the courier did not call my number",
        "tracking number kaam nahi kar raha",
    ],
)
def test_that_other_numbers_are_no_missing_number(text: str) -> None:
    assert decide_without_number(seen(text, LOOKED_UP)) is None
