"""Typing errors are set right; names, ids, other languages and words that may be meant are left alone."""

import pytest

from language.spelling import mended


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("has my ordr been shiped", "has my order been shipped"),
        ("can I chnage teh delivery addrses", "can I change teh delivery address"),
        ("I recieved a brokne lamp", "I received a broken lamp"),
        ("pls tell me ur timings", "please tell me your timings"),
        ("refnud kab milega", "refund kab milega"),
        ("kya deliverry free hai", "kya delivery free hai"),
    ],
)
def test_that_one_slip_is_set_right_in_both_languages(typed: str, meant: str) -> None:
    assert mended(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "do you sell gamla and wifi routers",
        "TL-10479 kahan hai",
        "write to anna.smiht@exmaple.com please",
        "is there a shop in Jhansi or Kochi",
        "mujhe chadar aur takiya chahiye",
        "see https://example.com/delivry for it",
        "what is the price of a hat",
        "",
    ],
)
def test_that_what_may_be_meant_stays(text: str) -> None:
    assert mended(text) == text


def test_that_a_word_of_the_company_is_no_error() -> None:
    assert mended("is the photoo plan cheap") == "is the photo plan cheap"
    assert mended("is the photoo plan cheap", {"photoo"}) == "is the photoo plan cheap"


def test_that_short_forms_are_written_out_in_english_only() -> None:
    assert mended("can u help") == "can you help"
    assert mended("u kya karte ho") == "u kya karte ho"
