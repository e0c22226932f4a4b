"""A follow-up is read alone, with its topic, or as one more question about the passage under discussion."""

import pytest

from retrieval.followup import joined, lean, resolve, things
from retrieval.passages import Hit, Passage, Search
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
        ("debit cards too?", "opens"),
        ("sorry, I meant the double bed", "opens"),
        ("is there a shop in Goa with brass lamps", "no"),
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


@pytest.mark.parametrize(
    ("text", "context", "found"),
    [
        ("what size?", "do you make Brazil photos", "Brazil photos are 50x70 mm."),
        ("what size are photos", "do you make Brazil photos", "Brazil photos are 50x70 mm."),
        ("what size?", "do you make rush photos", "UK photos are 35x45 mm."),
    ],
)
def test_that_a_country_goes_on_being_meant(text: str, context: str, found: str) -> None:
    def find(asked: Question) -> Search:
        countries = [term.word for term in asked.terms if term.term[0] == "="]
        if not countries and "size" not in asked.original:
            return Search(query=asked.english)
        brazil = "=brazil" in countries and "size" in asked.original
        stated = "Brazil photos are 50x70 mm." if brazil else "UK photos are 35x45 mm."
        text = "We support Brazil." if countries and not brazil else stated
        passage = Passage(id="p", source_id="p", kind="entry", title="size", text=text, content_hash="p")
        hit = Hit(passage=passage, dense=0.9, lexical=1.0, fused=1.0, answers=0.9)
        return Search(query=asked.english, hits=(hit,), answerable=0.9)

    asked = question(text)

    assert resolve(asked, context, find(asked), read=question, find=find).hits[0].passage.text == found


@pytest.mark.parametrize(
    ("text", "asked_for"),
    [
        ("ugh autocorrect, brain fog. I meant Australia", "what size are photos for australia"),
        ("oh sorry wrong, its China and not Brazil", "what size are photos for china"),
        ("sorry, and how much for Australia?", None),
        ("we flew over Australia", None),
    ],
)
def test_that_a_place_which_was_said_by_mistake_is_replaced(text: str, asked_for: str | None) -> None:
    searched: list[str] = []

    def find(asked: Question) -> Search:
        searched.append(asked.original)
        return Search(query=asked.english)

    resolve(question(text), "what size are photos for Brazil", Search(query=text), read=question, find=find)

    assert (searched == [asked_for]) is (asked_for is not None)
