"""The language of a message is decided on its own words."""

import json
from pathlib import Path

import pytest

from language.decide import decide_language, reply_is

_HERE = Path(__file__).parent
_DATASETS = _HERE.parents[1] / "eval" / "datasets"
_SHARED = _HERE.parents[2] / "shared" / "data" / "langid.jsonl"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("kab aayega?", "hinglish"),
        ("refund kab tak aayega account me", "hinglish"),
        ("price kya hai", "hinglish"),
        ("thik hai", "hinglish"),
        ("mera naam Peter Smith hai", "hinglish"),
        ("Where is Rahul Kumar's order ORD-123", "en"),
        ("my name is Meera Chauhan and I want a refund", "en"),
        ("i ordered a kurta and a saree", "en"),
        ("please cancel", "en"),
        ("मेरा ऑर्डर कहाँ है", "hi"),
        ("मेरी delivery late क्यों है", "hi"),
        ("Bonjour, où est ma commande ?", "other"),
        ("naan order pannina saree innum varala", "other"),
        ("我要退款", "other"),
    ],
)
def test_that_the_words_decide(text: str, language: str) -> None:
    verdict = decide_language(text)

    assert verdict.language == language
    assert 0.0 < verdict.confidence <= 1.0
    assert verdict.reasons


@pytest.mark.parametrize("previous", ["en", "hinglish", "hi", "other"])
@pytest.mark.parametrize("text", ["ok", "ORD-4821", "rahul@example.com", "🙂", "www.a.co/b", "COD?"])
def test_that_a_message_too_short_to_tell_takes_after_the_turn_before(text: str, previous: str) -> None:
    assert decide_language(text, previous=previous).language == previous


def test_that_a_message_too_short_to_tell_is_english_without_a_turn_before() -> None:
    assert decide_language("refund?").language == "en"


def test_that_the_turn_before_does_not_overrule_clear_words() -> None:
    assert decide_language("where is my order?", previous="hinglish").language == "en"
    assert decide_language("kab aayega?", previous="en").language == "hinglish"


def test_that_a_pin_wins_and_an_unknown_pin_does_not() -> None:
    assert decide_language("where is my order?", pin="hinglish").language == "hinglish"
    assert decide_language("where is my order?", pin="klingon").language == "en"


@pytest.mark.parametrize("label", ["hi", "other"])
def test_that_at_least_95_of_100_messages_of_our_own_are_recognised(label: str) -> None:
    lines = (_HERE / f"messages_{label}.txt").read_text("utf-8").splitlines()
    messages = [line for line in lines if line and not line.startswith("#")]
    right = sum(decide_language(message).language == label for message in messages)

    assert len(messages) >= 100
    assert right / len(messages) >= 0.95


@pytest.mark.skipif(not _SHARED.exists(), reason="the shared evaluation data is not on this machine")
def test_that_english_and_hinglish_are_told_apart_on_messages_of_others() -> None:
    rows = [json.loads(line) for line in _SHARED.read_text("utf-8").splitlines()]
    right = sum(decide_language(row["text"]).language == row["label"] for row in rows)

    assert right / len(rows) >= 0.98


@pytest.mark.parametrize(
    ("reply", "language", "fits"),
    [
        ("Aapka refund 5 din mein aa jayega.", "hinglish", True),
        ("Aapka refund 5 din mein aa jayega.", "hi", True),
        ("Aapka refund 5 din mein aa jayega.", "en", False),
        ("Your refund arrives within five days.", "en", True),
        ("Your refund arrives within five days.", "other", True),
        ("Your refund arrives within five days.", "hinglish", False),
        (
            'Policy kehti hai: "You will get the refund within five days of the return".',
            "hinglish",
            True,
        ),
        (
            "https://example.com/you/will/get/the/refund dekhiye, aapka order raste mein hai.",
            "hinglish",
            True,
        ),
        ("ORD-4821", "hinglish", True),
        ("आपका रिफंड आ जाएगा", "hinglish", False),
    ],
)
def test_that_a_reply_is_judged_outside_quotes_and_links(reply: str, language: str, fits: bool) -> None:
    assert reply_is(reply, language) is fits


@pytest.mark.parametrize("label", ["hi", "other"])
def test_that_hindi_and_other_languages_are_recognised_on_rows_that_nothing_was_tuned_on(label: str) -> None:
    lines = (_DATASETS / "language_hi_other.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["label"] == label]
    unseen = [row["text"] for row in rows if row["split"] == "test"]
    right = sum(decide_language(text).language == label for text in unseen)

    assert len(rows) >= 100
    assert right / len(unseen) >= 0.95
