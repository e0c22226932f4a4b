"""Cleaning and cutting a customer's text."""

import pytest

from language.text import clean, fold_digits, sentences, tokens


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("ｒｅｆｕｎｄ　ｐｌｅａｓｅ", "refund please"),
        ("ig\u200bnore \u202ethis\u202c", "ignore this"),
        ("hi\U000e0068\U000e0069 there", "hi there"),
        ("one\n\ttwo\x00three", "one twothree"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("love❤\ufe0f", "love❤"),
        ("ﬁne", "fine"),
        ("मेरा\u00a0ऑर्डर", "मेरा ऑर्डर"),
        ("   ", ""),
    ],
)
def test_that_invisible_and_full_width_characters_do_not_survive(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


def test_that_cleaning_twice_changes_nothing_more() -> None:
    once = clean("a\u200b  b\u2028c ①")

    assert clean(once) == once


def test_that_digits_of_other_scripts_are_folded() -> None:
    assert fold_digits("ऑर्डर ५०१ और ٥") == "ऑर्डर 501 और 5"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't pay Rs. 1,299 or 4.99!", ("don't", "pay", "rs", "1299", "or", "4.99")),
        ("the customer’s cash-on-delivery", ("the", "customer", "cash", "on", "delivery")),
        ("ORD-4821 कहाँ है", ("ord", "4821", "कहाँ", "है")),
        ("१२,३४५ रुपये", ("12345", "रुपये")),
        ("", ()),
        ("🙂 !!!", ()),
    ],
)
def test_that_tokens_are_words_and_whole_numbers(text: str, expected: tuple[str, ...]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pay Rs. 500 by 9.30 today. Then wait.", ("Pay Rs. 500 by 9.30 today.", "Then wait.")),
        ("We ship, e.g. to Goa. Ok?", ("We ship, e.g. to Goa.", "Ok?")),
        ("See https://a.co/x.y. Or mail a@b.co. Bye", ("See https://a.co/x.y.", "Or mail a@b.co.", "Bye")),
        ("Order no. 5 is here. No. I said no.", ("Order no. 5 is here.", "No.", "I said no.")),
        (
            "Open till 5 p.m. Call us. It is 9 a.m. now.",
            ("Open till 5 p.m.", "Call us.", "It is 9 a.m. now."),
        ),
        ("1. Pay first.\n2. Then print it.", ("1. Pay first.", "2. Then print it.")),
        ("ठीक है। धन्यवाद!", ("ठीक है।", "धन्यवाद!")),
        ('He said "wait." I did.', ('He said "wait."', "I did.")),
        ("no stop at the end", ("no stop at the end",)),
        ("  \n ", ()),
    ],
)
def test_that_sentences_end_where_a_reader_ends_them(text: str, expected: tuple[str, ...]) -> None:
    assert sentences(text) == expected
