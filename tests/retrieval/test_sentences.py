"""Which lines of a passage answer."""

import pytest

from retrieval.embed import Embedder
from tests.retrieval.knowledge import booth, passage

SIZES = (
    "Photo sizes are 50x50 mm for the US and 50x70 mm for Brazil and Canada.",
    "Brazil photos are 50x70 mm.",
    "Canada photos are 50x70 mm.",
    "Any other country uses the standard size of 35x45 mm.",
)
PAYING = (
    "You can pay by credit or debit card.",
    "PayPal is not accepted.",
    "Crypto is not accepted.",
)
DELIVERY = (
    "Delivery takes 2 to 9 working days, depending on the city.",
    "Delivery to metro cities takes 2 to 4 working days.",
    "The metro cities are Mumbai, Delhi and Pune.",
)
PRICES = (
    "A print costs $3 to $9, depending on its size.",
    "The small print costs $3.",
    "Every order includes one free retake.",
    "Money back is possible for 30 days.",
)


async def picked(embedder: Embedder, lines: tuple[str, ...], asked: str) -> list[str]:
    held = passage("held", *lines, title="Held")
    retriever = await booth(embedder, held, passage("other", "Something else entirely.", title="Other"))
    found = await retriever.search(asked)
    hit = next(hit for hit in found.hits if hit.passage == held)
    return [lines[number] for number in await retriever.lines(asked, hit)]


@pytest.mark.parametrize(
    ("lines", "asked", "answer"),
    [
        (SIZES, "What is the size for Brazil?", "Brazil photos are 50x70 mm."),
        (SIZES, "canadian photo ka size", "Canada photos are 50x70 mm."),
        (PAYING, "Which cards do you accept?", "You can pay by credit or debit card."),
        (PAYING, "PayPal chalega kya?", "PayPal is not accepted."),
        (PRICES, "How much does it cost?", "A print costs $3 to $9, depending on its size."),
        (PRICES, "kitne paise lagenge", "A print costs $3 to $9, depending on its size."),
        (PRICES, "price of the small print", "The small print costs $3."),
    ],
)
async def test_that_the_asked_line_is_first(
    minilm: Embedder, lines: tuple[str, ...], asked: str, answer: str
) -> None:
    assert (await picked(minilm, lines, asked))[0] == answer


async def test_that_no_more_is_said_than_asked(minilm: Embedder) -> None:
    assert await picked(minilm, PAYING, "Is PayPal accepted?") == ["PayPal is not accepted."]


async def test_that_a_line_may_lead_to_the_answer(minilm: Embedder) -> None:
    chosen = await picked(minilm, DELIVERY, "How many days does delivery to Mumbai take?")

    assert chosen == list(DELIVERY[1:])


@pytest.mark.parametrize("asked", ["size of a Brazilian photo?", "canada ki photo ka size"])
async def test_that_a_list_of_countries_is_left_out_where_one_line_is_on_the_asked_one(
    minilm: Embedder, asked: str
) -> None:
    assert len(await picked(minilm, SIZES, asked)) == 1


async def test_that_some_line_is_left_where_each_is_beside_the_question(minilm: Embedder) -> None:
    lines = (
        "Korea, Mexico, Nigeria and any unlisted country use the standard size of 35x45 mm.",
        "Korea photos are 35x45 mm.",
        "Nigeria photos are 35x45 mm.",
    )

    assert await picked(minilm, lines, "I can't find Nigeria among the countries, what size is it?")
