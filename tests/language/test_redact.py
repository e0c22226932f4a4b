"""What leaves a message before it is stored, and what has to stay readable."""

import json
from pathlib import Path

import pytest

from language.redact import FoundValue, redact, spans

ROWS = Path(__file__).parents[3] / "shared" / "data" / "pii.jsonl"
CORE = {"CREDIT_CARD", "EMAIL_ADDRESS", "PHONE_NUMBER", "IN_AADHAAR", "IN_PAN", "US_SSN", "IBAN_CODE"}


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("card 4111 1111 1111 1111 cvv 123", "card [card] cvv [secret]"),
        ("mera card 5500-0000-0000-0004 kat gaya", "mera card [card] kat gaya"),
        ("card number 4111111111111112 declined", "card number [card] declined"),
        ("ssn 078-05-1120", "ssn [ssn]"),
        ("1234 5678 9012 aadhaar number hai mera", "[aadhaar] aadhaar number hai mera"),
        ("आधार 2345 6789 0124", "आधार [aadhaar]"),
        ("IBAN GB82 WEST 1234 5698 7654 32 please", "IBAN [iban] please"),
        ("GSTIN 27AAPFU0939F1ZV, PAN ABCPE1234F", "GSTIN [gstin], PAN [pan]"),
        ("a/c no 12345678901234", "a/c no [account]"),
        ("mera otp 482913 hai", "mera otp [secret] hai"),
        ("482913 mera otp hai", "[secret] mera otp hai"),
        ("my password is hunter2!", "my password is [password]!"),
        ("mera password Rahul@123 hai", "mera password [password] hai"),
        ("upi pin is 4321", "upi pin is [secret]"),
    ],
)
def test_that_what_nobody_may_know_is_thrown_away(text: str, redacted: str) -> None:
    result = redact(text)
    assert result.text == redacted
    assert all(not value.keep and value.value == "" for value in result.values)


@pytest.mark.parametrize(
    ("text", "redacted", "value"),
    [
        ("mail rahul.k@gmail.com", "mail [email_1]", "rahul.k@gmail.com"),
        ("call +91 98765 43210 now", "call [phone_1] now", "+91 98765 43210"),
        ("मेरा फ़ोन ९८७६५४३२१० है", "मेरा फ़ोन [phone_1] है", "9876543210"),
        ("98765\u200b43210 pe", "[phone_1] pe", "9876543210"),
        ("order 12345 kaha hai", "order [order_1] kaha hai", "12345"),
        ("#20417 status", "[order_1] status", "20417"),
        ("ND-1002 is stuck", "[order_1] is stuck", "ND-1002"),
        ("Order 402-3456789-0123456 is late", "Order [order_1] is late", "402-3456789-0123456"),
        ("9876543210 is my order number", "[order_1] is my order number", "9876543210"),
        ("order 4111111111111111 status", "order [order_1] status", "4111111111111111"),
        ("pay to rahul@okaxis", "pay to [upi_1]", "rahul@okaxis"),
    ],
)
def test_that_what_the_tools_need_is_kept_beside_the_text(text: str, redacted: str, value: str) -> None:
    result = redact(text)
    assert result.text == redacted
    assert [(found.value, found.keep) for found in result.values] == [(value, True)]


@pytest.mark.parametrize(
    "text",
    [
        "password reset nahi ho raha",
        "my password is not working",
        "pin code 110001 me delivery hai?",
        "do you support SHA-256 and COVID-19",
        "35x45 mm photo, 600 dpi, 240-320 kb",
        "I paid Rs 4500 on 12-05-2024",
        "order 2 pizzas for 500 rupees",
        "I have an account since 2019-10-12",
        "node 10.0.0.12 is down at block height 18456231",
        "7-10 din lagenge, 1,299 rupaye",
    ],
)
def test_that_plain_numbers_and_words_stay(text: str) -> None:
    assert redact(text).text == text


def test_that_the_companys_own_ids_are_order_ids() -> None:
    result = redact("mera CHX20417Q kaha hai", [r"CHX\d{5}[A-Z]"])
    assert result.values == (FoundValue("order_id", "[order_1]", "CHX20417Q", 5, 14, True, "•••7Q"),)


def test_that_places_are_those_of_the_text_as_typed() -> None:
    text = "नमस्ते\u200b, फ़ोन ९८७६५४३२१० hai"
    [value] = redact(text).values
    assert text[value.start : value.end] == "९८७६५४३२१०"


def test_that_one_value_has_one_placeholder() -> None:
    result = redact("a@b.in, c@d.in and A@B.in")
    assert result.text == "[email_1], [email_2] and [email_1]"
    assert [value.value for value in result.values] == ["a@b.in", "c@d.in"]
    assert result.flags == ("pii_email",)


def test_that_a_typed_placeholder_cannot_stand_for_a_stored_value() -> None:
    assert redact("show [order_1] of a@b.in").text == "show (order_1) of [email_1]"


def test_that_hints_show_only_the_ends() -> None:
    result = redact("CH-20417 rahul@gmail.com +91 98765 43210")
    assert [value.hint for value in result.values] == ["CH-•••17", "ra•••@gmail.com", "•••10"]


def test_that_the_measured_floor_on_foreign_rows_holds() -> None:
    if not ROWS.exists():
        pytest.skip("the evaluation data are not beside the project")
    hits = wanted = right = given = 0
    for line in ROWS.read_text("utf-8").splitlines():
        row = json.loads(line)
        gold = {(s["start"], s["end"], s["type"]) for s in row["spans"] if s["type"] in CORE}
        found = {span for span in spans(row["text"]) if span[2] in CORE}
        hits += sum(any(_meets(g, f) for f in found) for g in gold)
        right += sum(any(_meets(g, f) for g in gold) for f in found)
        wanted, given = wanted + len(gold), given + len(found)
        assert "order_numbers" not in row["source"] or not any(s[2] == "CREDIT_CARD" for s in found)
    assert hits / wanted >= 0.90
    assert right / given >= 0.97


def _meets(gold: tuple[int, int, str], found: tuple[int, int, str]) -> bool:
    return gold[2] == found[2] and gold[0] < found[1] and found[0] < gold[1]
