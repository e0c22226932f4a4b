"""Words as retrieval compares them."""

import pytest

from retrieval.words import surface, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("refunds", "refunded"),
        ("shipping", "ships"),
        ("cancelled", "cancellation"),
        ("deliveries", "delivered"),
        ("payment", "paying"),
        ("Brazilian", "Brazil"),
        ("Swiss", "Switzerland"),
        ("United Kingdom", "British"),
        ("the U.S.", "American"),
    ],
)
def test_that_forms_of_one_word_are_one_word(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(("one", "other"), [("price", "prize"), ("photo", "phone"), ("Austria", "Australia")])
def test_that_different_words_stay_apart(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


def test_that_function_words_are_left_out() -> None:
    assert tokens("How can I do this for you?") == ()


@pytest.mark.parametrize("text", ["contact us about prices", "can you call us", "tell us", "come with us"])
def test_that_the_pronoun_us_is_no_country(text: str) -> None:
    assert "=united_states" not in surface(text)


@pytest.mark.parametrize(
    "text", ["a US visa", "photo for us passport", "in the us", "the USA", "for the U.S."]
)
def test_that_the_country_us_is_found(text: str) -> None:
    assert "=united_states" in surface(text)


def test_that_letters_of_other_scripts_are_words() -> None:
    assert tokens("Preis für Größe") == tokens("PREIS FÜR GRÖßE")
    assert "für" in tokens("Preis für Größe")
