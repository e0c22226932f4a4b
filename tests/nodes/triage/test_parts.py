"""A message that asks several things is taken apart; one that does not stays whole."""

import pytest

from nodes.triage.parts import Told, halves_of, parts_of, told_around


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("is the lamp dimmable and when do you restock?", ("is the lamp dimmable", "when do you restock?")),
        ("Where do you ship? Also how do I pay?", ("Where do you ship?", "how do I pay?")),
        (
            "kitne din lagenge aur wapas kaise karu",
            ("kitne din lagenge", "wapas kaise karu"),
        ),
        (
            "warranty kitni hai, repair hoti hai kya, aur EMI kaise lein?",
            ("warranty kitni hai", "repair hoti hai kya", "EMI kaise lein?"),
        ),
        ("Assembly charges? and will the courier call first?", ("charges?", "will the courier call first?")),
        ("rug: what sizes and how many colours", ("rug what sizes", "how many colours")),
        ("wapsi kitne din mein or kitna katega", ("wapsi kitne din mein", "kitna katega")),
        ("COD milega ya nahi, delivery kitne din mein", ("COD milega ya nahi", "delivery kitne din mein")),
        ("I live in Surat. Do you deliver and what does it cost?", ("Do you deliver", "what does it cost?")),
    ],
)
def test_that_each_question_is_a_part(text: str, parts: tuple[str, ...]) -> None:
    found = parts_of(text)

    assert len(found) == len(parts)
    assert all(found[at].endswith(part) for at, part in enumerate(parts))


@pytest.mark.parametrize(
    "text",
    [
        "do you deliver to Kochi and Thrissur?",
        "is it soft and warm?",
        "can I return and exchange?",
        "if it breaks and I lost the bill, what happens?",
        "I bought a rug last week, how do I clean it?",
        "kya lamp aur diya dono milte hain?",
        "thanks, and how much is it?",
        "how do I open and close an account?",
    ],
)
def test_that_one_question_with_an_and_stays_whole(text: str) -> None:
    assert parts_of(text) == ()


def test_that_two_nouns_have_two_halves_and_a_list_of_three_has_none() -> None:
    assert halves_of("warranty and assembly?") == ("warranty", "assembly?")
    assert halves_of("warranty and assembly and rugs?") == ()


def test_that_the_story_before_a_question_can_be_left_out() -> None:
    text = "My walls are dark and I only own a phone, is that enough?"

    assert told_around(text) == (
        Told("is that enough?", "My walls are dark and I only own a phone,", apart=False),
    )
    assert told_around("is a phone enough?") == ()


def test_that_a_question_between_sentences_that_tell_something_stands_apart() -> None:
    text = "We moved last week. What does the van cost? My boss wants to know"

    assert Told(
        "What does the van cost?", "We moved last week. My boss wants to know", apart=True
    ) in told_around(text)


def test_that_numbered_questions_are_taken_apart() -> None:
    assert parts_of("1) what does it cost 2) when do you open") == ("what does it cost", "when do you open")
    assert parts_of("is version 2. it is slow") == ()
