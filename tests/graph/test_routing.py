"""Routing is total: one named pass case, everything else escalates."""

import pytest

from graph.routing import after_guard, after_safety, after_triage
from graph.state import GuardVerdict, SafetyVerdict, Sentence, Triage, Turn


def triage(route: str, **fields: object) -> Triage:
    values = {
        "language": "en",
        "reply_language": "en",
        "intent": "faq_query",
        "intent_confidence": 0.9,
        "confidence": 0.9,
        "route": route,
    }
    return Triage.model_validate({**values, **fields})


@pytest.mark.parametrize(
    ("outcome", "goes_to"),
    [
        ("pass", "triage"),
        ("restrict", "triage"),
        ("calm", "escalation"),
        ("refuse", "escalation"),
        ("care", "escalation"),
        ("escalate", "escalation"),
    ],
)
def test_that_only_a_passed_message_reaches_triage(outcome: str, goes_to: str) -> None:
    verdict = SafetyVerdict.model_validate({"outcome": outcome, "mode": "balanced", "risk": 0.1})
    assert after_safety({"safety": verdict}) == goes_to


def test_that_a_missing_safety_verdict_escalates() -> None:
    assert after_safety({}) == "escalation"
    assert after_safety({"safety": None}) == "escalation"


@pytest.mark.parametrize(
    ("state", "goes_to"),
    [
        ({"triage": triage("answer")}, "answer"),
        ({"triage": triage("specialist")}, "specialist"),
        ({"triage": triage("reply", template="thanks")}, "__end__"),
        ({"triage": triage("reply")}, "escalation"),
        ({"triage": triage("escalation")}, "escalation"),
        ({"triage": None}, "escalation"),
        ({}, "escalation"),
    ],
)
def test_that_triage_goes_where_it_says_and_otherwise_to_a_person(state: Turn, goes_to: str) -> None:
    assert after_triage(state) == goes_to


@pytest.mark.parametrize(
    ("outcome", "reply", "goes_to"),
    [
        ("pass", (Sentence(text="Yes."),), "__end__"),
        ("repaired", (Sentence(text="Yes."),), "__end__"),
        ("pass", (), "escalation"),
        ("blocked", (Sentence(text="Yes."),), "escalation"),
        ("blocked", (), "escalation"),
    ],
)
def test_that_only_a_settled_reply_is_sent(outcome: str, reply: tuple[Sentence, ...], goes_to: str) -> None:
    verdict = GuardVerdict.model_validate({"outcome": outcome, "mode": "balanced", "reply": reply})
    assert after_guard({"guard": verdict}) == goes_to


def test_that_a_missing_guard_verdict_escalates() -> None:
    assert after_guard({}) == "escalation"
    assert after_guard({"guard": None}) == "escalation"
