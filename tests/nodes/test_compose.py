"""The fewest lines that answer, and of a passage that has spoken already one that it did not say yet."""

from graph.state import Hit
from nodes.answer.compose import compose
from retrieval.passages import Search
from tests.fakes import COMPANY, hit

GIFTS = "Gift wrapping costs 60 rupees.\nA gift parcel contains no invoice.\nRibbons are red."


class FirstWithPrice:
    """Picks the first line that speaks of money, or else the first."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search:
        return Search(query=query)

    async def lines(self, query: str, hit: Hit, *, limit: int = 3) -> tuple[int, ...]:
        self.asked.append((query, hit.passage.text))
        lines = hit.passage.text.split("\n")
        return (next((at for at, line in enumerate(lines) if "rupees" in line), 0),)


async def test_that_the_second_part_hears_what_the_first_has_not_said() -> None:
    gifts, picks = hit(id="gifts", text=GIFTS, hinglish=""), FirstWithPrice()
    first = await compose("what does wrapping cost", gifts, "en", COMPANY, picks)
    second = await compose("is the bill with prices in the box", gifts, "en", COMPANY, picks, first)

    assert [one.text for one in first] == ["Gift wrapping costs 60 rupees."]
    assert [one.text for one in second] == ["A gift parcel contains no invoice."]


async def test_that_a_passage_with_nothing_left_to_say_says_it_once() -> None:
    gifts, picks = hit(id="gifts", text="Gift wrapping costs 60 rupees.", hinglish=""), FirstWithPrice()
    first = await compose("what does wrapping cost", gifts, "en", COMPANY, picks)
    assert await compose("and the price of a ribbon", gifts, "en", COMPANY, picks, first) == first


async def test_that_a_follow_up_hears_what_it_was_not_told_before() -> None:
    gifts, picks = hit(id="gifts", text=GIFTS, hinglish=""), FirstWithPrice()
    told = ("Gift wrapping costs 60 rupees.",)

    heard = await compose("and what else", gifts, "en", COMPANY, picks, (), told)

    assert [one.text for one in heard] == [
        "Gift wrapping costs 60 rupees.",
        "A gift parcel contains no invoice.",
    ]
