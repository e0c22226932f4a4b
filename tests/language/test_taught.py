"""Phrases that a company taught move the verdict on messages like them, and on no others."""

import time

import pytest

from language.intents import INTENTS, IntentModel
from language.taught import TaughtModel, TaughtPhrase

TAUGHT = (
    TaughtPhrase("my lamp flickers in the evening", "complaint"),
    TaughtPhrase("diya tel pee raha hai", "complaint"),
    TaughtPhrase("can I hire you for a wedding mandap", "product_query"),
)
OTHERS = ("where is my order", "refund kab aayega", "do you ship to Goa", "tell me a joke", "hello")


@pytest.fixture(scope="module")
def model() -> TaughtModel:
    return TaughtModel(IntentModel.load(), TAUGHT)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("my lamp flickers in the evening", "complaint"),
        ("the lamp flickers every evening", "complaint"),
        ("mera diya tel pi raha hai", "complaint"),
        ("could we hire you for our wedding mandap?", "product_query"),
    ],
)
def test_that_a_message_like_a_taught_phrase_has_its_intent(
    model: TaughtModel, text: str, intent: str
) -> None:
    verdict = model.classify(text)

    assert verdict.intent == intent
    assert verdict.features[0][0].startswith("taught: ")
    assert sum(verdict.scores.values()) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("text", OTHERS)
def test_that_other_messages_are_classified_as_before(model: TaughtModel, text: str) -> None:
    assert model.classify(text) == IntentModel.load().classify(text)


@pytest.mark.alone
def test_that_hundreds_of_phrases_stay_under_a_millisecond() -> None:
    words = ("cane chair", "jute rug", "brass bell", "silk quilt", "clay pot")
    phrases = [
        TaughtPhrase(f"the {word} number {n} squeaks", INTENTS[n % 10]) for n in range(80) for word in words
    ]
    model = TaughtModel(IntentModel.load(), phrases)
    texts = [f"does the old {word} of {n} years squeak a lot" for n in range(40) for word in words]
    for text in texts:
        IntentModel.load().classify(text)
    taken = []
    for text in texts:
        began = time.perf_counter()
        model.classify(text)
        taken.append(time.perf_counter() - began)

    assert sorted(taken)[len(taken) // 2] < 0.001
