"""From rows to ports, from words to what may be stored, from records to facts."""

from datetime import UTC, datetime

import pytest

from api.backoffice import business_record, order_record
from api.profiles import id_example, is_looser, mode_of, rules_of
from api.redaction import body_hash, safe_message
from api.results import failed_result, memory_of
from graph.state import SafetyMode
from store.values.desk import BusinessRecord, Order, SupportRule
from store.values.turns import TurnInput

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def turn(**changes: object) -> TurnInput:
    values: dict[str, object] = {
        "turn_id": "trn_1", "ticket_id": "tkt_1", "company_id": "cmp_1", "agent_id": "agt_1",
        "customer_id": None, "session_id": None, "verified": False, "reply_id": "msg_2",
        "message_ids": ("msg_1",),
        "text": "Hello",
        "slots": (), "discarded": (), "memory": None, "confirmed_offer": None, "refused_offer": None,
        "language_pin": None, "threshold": None, "safety_mode": None, "created_at": NOW,
    }  # fmt: skip
    return TurnInput(**{**values, **changes})  # type: ignore[arg-type]


def test_that_private_values_leave_the_text_and_kept_ones_show_as_hints() -> None:
    safe = safe_message(
        "I am anna@example.com, card 4111 1111 1111 1111, order APP-1001", (r"\bAPP-\d{4}\b",)
    )

    assert "anna@example.com" not in safe.text + safe.display
    assert "4111" not in safe.text + safe.display
    assert {value.kind for value in safe.values} == {"email", "order_id"}
    assert all("[" not in value.placeholder for value in safe.values)
    assert "card" in safe.discarded


def test_that_a_hash_tells_bodies_apart() -> None:
    assert body_hash("a", None) == body_hash("a", None)
    assert len({body_hash("a", None), body_hash("a", "en"), body_hash("b", None)}) == 3


@pytest.mark.parametrize(
    ("patterns", "example"),
    [((r"\bAPP-\d{4}\b",), "APP-1234"), ((r"\bTL-\d{5}\b",), "TL-12345"), ((r"[A-Z]+\w*",), ""), ((), "")],
)
def test_that_an_example_id_is_made_from_the_pattern(patterns: tuple[str, ...], example: str) -> None:
    assert id_example(patterns) == example


@pytest.mark.parametrize(
    ("asked", "own", "looser"),
    [("strict", "balanced", False), ("balanced", "balanced", False), ("permissive", "strict", True)],
)
def test_that_modes_have_an_order(asked: str, own: SafetyMode, looser: bool) -> None:
    assert is_looser(asked, own) is looser
    assert mode_of(asked, own) == asked
    assert mode_of(None, own) == own


def test_that_company_rules_come_before_global_ones_whatever_their_priority() -> None:
    def rule(name: str, company: str | None, priority: int, *, active: bool = True) -> SupportRule:
        return SupportRule(
            id=name,
            company_id=company,
            name=name,
            priority=priority,
            active=active,
            created_at=NOW,
            updated_at=NOW,
        )

    rows = [
        rule("all", None, 1),
        rule("late", "c", 50),
        rule("early", "c", 20),
        rule("off", "c", 1, active=False),
    ]

    assert [found.name for found in rules_of(rows)] == ["early", "late", "all"]


def test_that_an_order_shows_its_facts_in_words_and_no_more() -> None:
    data = {
        "items": [{"name": "Brass oil lamp", "quantity": 2, "price": 1149}, {"name": "Wick", "quantity": 1}],
        "total": 2298,
        "expected_delivery": "2026-11-24",
        "courier": "Patang Express",
        "address": "12 Some Street",
    }
    order = Order(
        id="ord_1", company_id="c", order_id="TL-10482", email="p@example.com", status="shipped", data=data,
        updated_at=NOW,
    )  # fmt: skip

    assert order_record(order).facts == {
        "id": "TL-10482",
        "status": "shipped",
        "items": "Brass oil lamp × 2, Wick",
        "courier": "Patang Express",
        "expected_delivery": "24 November 2026",
        "total": "₹2,298",
    }


def test_that_a_download_link_is_never_a_fact() -> None:
    payload = {"asset_delivery": "sent", "download_url": "https://x.test/1", "resend_allowed": True}
    record = BusinessRecord(
        id="rec_1", company_id="c", record_type="photo_request", external_id="APP-1001", 
        email="a@example.com", status="completed", payload=payload, updated_at=NOW,
    )  # fmt: skip

    assert business_record(record).facts == {
        "id": "APP-1001",
        "status": "completed",
        "asset_delivery": "sent",
    }


@pytest.mark.parametrize(
    ("memory", "pin", "language"),
    [(None, None, "en"), ({"language": "hi"}, None, "hinglish"), ({"language": "hi"}, "en", "en")],
)
def test_that_the_last_resort_speaks_the_customers_language(
    memory: dict[str, object] | None, pin: str | None, language: str
) -> None:
    asked = turn(memory=memory, language_pin=pin)

    result = failed_result(asked, run_id="run_1", company="Photo Desk")

    assert (result.kind, result.reply_language, result.handoff_offered) == ("handoff", language, True)
    assert "Photo Desk" in result.reply
    assert memory_of(asked).pinned == pin
