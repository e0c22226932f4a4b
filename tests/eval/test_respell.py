"""A respelling changes how a message is typed and nothing that it asks for."""

import pytest

from eval.respell import respell


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "text",
    [
        "mera order TL-10482 kahan hai, email priya@example.com",
        "the parcel for Jaipur costs ₹1,499 please check https://a.example/x",
    ],
)
def test_that_ids_amounts_addresses_and_names_stay(text: str, seed: int) -> None:
    said = respell(text, seed, hinglish=True, share=1.0)

    for kept in ("TL-10482", "priya@example.com", "Jaipur", "₹1,499", "https://a.example/x"):
        assert (kept in said) is (kept in text)


def test_that_the_same_seed_gives_the_same_spelling_and_another_seed_another() -> None:
    text = "mujhe photo wapas chahiye, paise nahi milenge kya"

    assert respell(text, 1, hinglish=True) == respell(text, 1, hinglish=True)
    assert len({respell(text, seed, hinglish=True) for seed in range(8)}) > 3


def test_that_nothing_is_respelled_without_a_share() -> None:
    assert respell("kya haal hai", 3, hinglish=True, share=0.0) == "kya haal hai"


def test_that_the_words_stay_as_many_and_short_english_words_stay_as_they_are() -> None:
    said = respell("how long do the returns take to arrive", 4, hinglish=False, share=1.0)

    assert len(said.split()) == 8
    assert said.startswith("how long do the ")
