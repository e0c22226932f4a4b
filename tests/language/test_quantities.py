"""The typed facts of sentences in both languages, and when two of them agree."""

import pytest

from language.fact_match import missing
from language.quantities import facts


@pytest.mark.parametrize(
    ("text", "kind", "values", "unit"),
    [
        ("Refunds take 5-7 business days.", "duration", (7200.0, 10080.0), "min"),
        ("do hafte ke andar", "duration", (20160.0,), "min"),
        ("बारह घंटे", "duration", (720.0,), "min"),
        ("half an hour", "duration", (30.0,), "min"),
        ("dedh ghanta", "duration", (90.0,), "min"),
        ("within a day", "duration", (1440.0,), "min"),
        ("twenty four hours", "duration", (1440.0,), "min"),
        ("Rs. 1,299 only", "amount", (1299.0,), "INR"),
        ("paanch sau rupaye", "amount", (500.0,), "INR"),
        ("₹5 lakh", "amount", (500000.0,), "INR"),
        ("$4.99", "amount", (4.99,), "USD"),
        ("50 cents", "amount", (0.5,), "USD"),
        ("10 pratishat", "percent", (10.0,), "%"),
        ("35 × 45mm", "size", (35.0, 45.0), "mm"),
        ("2 x 2 inch", "size", (50.8, 50.8), "mm"),
        ("May 12, 2026", "date", (12, 5, 2026), ""),
        ("12 agast", "date", (12, 8, 0), ""),
        ("shaam 6 baje", "time", (1080.0,), "known"),
        ("9 baje", "time", (540.0,), ""),
        ("300 dpi", "measure", (300.0,), "dpi"),
        ("every Monday", "weekday", (1,), ""),
        ("version 2.1.0", "id", (), ""),
        ("3 retries", "number", (3.0,), ""),
    ],
)
def test_that_a_fact_is_read(text: str, kind: str, values: tuple[float, ...], unit: str) -> None:
    [fact] = facts(text)
    assert (fact.kind, fact.values, fact.unit) == (kind, values, unit)


@pytest.mark.parametrize("text", ["refund do na", "ek baat batao", "do you ship", "so what", "one of them"])
def test_that_words_that_may_be_numbers_count_only_before_a_unit(text: str) -> None:
    assert facts(text) == ()


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("7 din mein", "within 1 week"),
        ("do din", "48 hours"),
        ("2 years", "24 months"),
        ("up to 7 days", "5-7 days"),
        ("9 baje", "9:00 AM"),
        ("$5", "$5.00"),
        ("1299 rupaye", "Rs. 1,299"),
        ("12 May", "2026-05-12"),
        ("35x45", "35x45 mm"),
        ("order ch20417", "CH-20417"),
        ("24x7", "24/7"),
    ],
)
def test_that_the_same_fact_in_another_form_agrees(claim: str, source: str) -> None:
    assert missing(claim, facts(source)) == ()


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("8 din mein", "within 1 week"),
        ("5 days", "5-7 days"),
        ("₹5", "$5"),
        ("12 percent", "12 days"),
        ("6 pm", "6 am"),
        ("13 May", "2026-05-12"),
        ("45x35 mm", "35x45 mm"),
        ("CH-20471", "CH-20417"),
        ("help@x.example", "care@x.example"),
    ],
)
def test_that_another_fact_does_not_agree(claim: str, source: str) -> None:
    assert missing(claim, facts(source))


def test_that_long_runs_of_letters_are_read_in_linear_time() -> None:
    assert facts("a" * 20_000 + " 5") != ()


@pytest.mark.parametrize(
    ("text", "unit"), [("₹600 a night", "night"), ("$4.99 per photo", "photo"), ("₹20 a day", "min")]
)
def test_that_an_amount_says_what_it_is_for_each_of(text: str, unit: str) -> None:
    amount, period = sorted(facts(text), key=lambda fact: fact.kind)
    assert amount.kind == "amount"
    assert (period.kind, period.unit) == ("period", unit)
