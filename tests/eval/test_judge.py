"""A reply is judged by what its case gives, and by nothing else."""

from typing import Any

import pytest

from eval.judge import fold, judge
from tests.eval.fakes import case, reply


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("50 × 70 mm", "50 x 70 mm"),
        ("50.8×50.8", "50.8x50.8"),
        ("30–day", "30-day"),
        ("30—day", "30-day"),
        ("−5", "-5"),
        ("don’t", "don't"),
        ("don‘t", "don't"),
        ("two  \n\t lines", "two lines"),
        ("no\u00a0break", "no break"),
        ("₹1,499", "₹1,499"),
        ("ＡＢＣ", "abc"),
        ("IMAGE Only", "image only"),
    ],
)
def test_that_texts_are_compared_in_one_form(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_that_a_case_without_demands_passes_with_any_reply() -> None:
    assert judge(case(), reply(kind="blocked", reply="", tools=("reboot_node",))).passed


@pytest.mark.parametrize(
    ("must", "passes"),
    [
        ([["$4.99"]], True),
        ([["4.99", "five"]], True),
        ([["five", "COSTS"]], True),
        ([["$4.99"], ["costs"]], True),
        ([["$4.99"], ["free"]], False),
        ([["$7.99"]], False),
    ],
)
def test_that_one_alternative_of_each_group_has_to_occur(must: list[list[str]], passes: bool) -> None:
    groups = tuple(tuple(group) for group in must)

    assert judge(case(must=groups), reply(reply="It costs $4.99 – “Image Only”.")).passed is passes


def test_that_a_forbidden_text_fails_the_case_and_is_counted() -> None:
    judgement = judge(case(must_not=("PayPal", "crypto", "bank")), reply(reply="Use paypal or Crypto."))

    assert not judgement.passed
    assert judgement.must_not_hits == 2
    assert judgement.failures == ("must_not: 'PayPal' occurs", "must_not: 'crypto' occurs")


@pytest.mark.parametrize(
    ("fields", "said", "passes"),
    [
        ({"kind": "answer"}, "answer", True),
        ({"kind": "answer"}, "unknown", False),
        ({"kind": "answer", "kinds_ok": ("unknown",)}, "unknown", True),
        ({"kind": "answer", "kinds_ok": ("unknown",)}, "answer", True),
        ({"kinds_ok": ("unknown", "handoff")}, "handoff", True),
        ({"kinds_ok": ("unknown", "handoff")}, "answer", False),
    ],
)
def test_that_the_kind_is_the_one_given_or_one_of_those_accepted(
    fields: dict[str, Any], said: str, passes: bool
) -> None:
    assert judge(case(**fields), reply(kind=said)).passed is passes


@pytest.mark.parametrize(
    ("fields", "ran", "passes"),
    [
        ({}, ("reboot_node",), True),
        ({"tools": ()}, (), True),
        ({"tools": ()}, ("lookup",), False),
        ({"tools": ("lookup", "resend")}, ("lookup", "resend"), True),
        ({"tools": ("lookup", "resend")}, ("resend", "lookup"), False),
        ({"tools": ("lookup",)}, ("lookup", "lookup"), False),
        ({"tools": ("lookup",), "tools_ok": ((),)}, (), True),
        ({"tools_ok": (("lookup",), ("lookup", "resend"))}, ("lookup", "resend"), True),
        ({"tools_ok": (("lookup",),)}, (), False),
    ],
)
def test_that_the_tools_that_succeeded_are_one_of_the_lists_in_order(
    fields: dict[str, Any], ran: tuple[str, ...], passes: bool
) -> None:
    assert judge(case(**fields), reply(tools=ran)).passed is passes


def test_that_every_missed_demand_is_told() -> None:
    demanding = case(kind="specialist", tools=("lookup",), must=(("APP-1001",),), must_not=("sorry",))

    judgement = judge(demanding, reply(kind="unknown", reply="Sorry."))

    assert judgement.failures == (
        "kind: wanted specialist, got unknown",
        "tools: wanted ['lookup'], ran []",
        "must: none of ['APP-1001'] occurs",
        "must_not: 'sorry' occurs",
    )
