"""A follow-up is read alone, with its topic, or as one more question about the passage under discussion."""

import pytest

from retrieval.followup import joined, lean, things
from retrieval.question import Question, Term
from retrieval.words import function_words, stem, surface


def question(text: str) -> Question:
    terms = tuple(
        Term(word, word if word[0] == "=" else stem(word), known=True, foreign=False)
        for word in surface(text)
        if word not in function_words()
    )
    return Question(text, text, hinglish=False, terms=terms)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("is cod available for it?", "points"),
        ("uska price?", "points"),
        ("and for Germany?", "opens"),
        ("what about returns?", "opens"),
        ("open on Sunday?", "short"),
        ("how much?", "short"),
        ("which brass lamps do you make in the north east", "no"),
        ("rug washing instructions", "no"),
    ],
)
def test_that_a_follow_up_is_told_from_a_question_that_stands_alone(text: str, how: str) -> None:
    assert lean(question(text)) == how


def test_that_qualities_days_places_and_numbers_name_no_thing() -> None:
    assert [term.word for term in things(question("express price in Germany on Sunday for 500"))] == [
        "express"
    ]


@pytest.mark.parametrize(
    ("text", "context", "whole"),
    [
        ("and for Germany?", "what size is a US photo", "what size is a photo for Germany?"),
        ("what about Monday?", "are you open on Sunday", "are you open on Monday?"),
        ("and for 900?", "shipping for an order of 500", "shipping for an order of for 900?"),
        ("uska charge?", "express delivery", "express delivery uska charge?"),
    ],
)
def test_that_a_place_a_day_or_a_number_takes_the_place_of_the_one_before(
    text: str, context: str, whole: str
) -> None:
    assert joined(question(text), context) == whole
