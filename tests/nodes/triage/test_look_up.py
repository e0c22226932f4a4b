"""A message is answered in parts only where the whole of it does not say otherwise."""

from dataclasses import dataclass

import pytest

from graph.state import Hit
from nodes.triage.knowledge import look_up
from retrieval.passages import Passage, Search
from tests.nodes.triage.test_decisions import seen

STORY = "I wear a bandage over one eye, is it fine in the photo?"


@dataclass
class Known:
    """Answers a query with the passage of the first word that it has, and how surely."""

    answers: dict[str, tuple[str, float]]

    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search:
        for word, (key, sure) in self.answers.items():
            if word in query:
                found = Passage(id=key, source_id=key, kind="entry", title=key, text="x", content_hash=key)
                hit = Hit(passage=found, dense=0.5, lexical=0.5, fused=0.5, answers=sure)
                points = f"{context} {query}" if context and "is it fine" in query else ""
                return Search(query=query, hits=(hit,), answerable=sure, resolved=points)
        return Search(query=query)

    async def lines(self, query: str, hit: Hit, *, limit: int = 3) -> tuple[int, ...]:
        return (0,)


@pytest.mark.parametrize(
    ("whole", "answered"),
    [(("fit", 0.5), "fit"), (("fit", 0.1), None), (("other", 0.5), None)],
)
async def test_that_a_story_is_left_out_only_where_the_answer_stays(
    whole: tuple[str, float], answered: str | None
) -> None:
    known = Known({"bandage": whole, "photo": ("fit", 0.9)})

    found = await look_up(seen(STORY), known, 0.7)

    assert [part.passage_id for part in found.asked] == [answered]


async def test_that_parts_of_one_passage_make_each_other_sure() -> None:
    known = Known({"price": ("fit", 0.97), "long": ("fit", 0.8)})
    parts = ("what is the price?", "how long?")

    found = await look_up(seen("what is the price? how long?"), known, 0.7, parts)

    assert found.answerable == 0.97


@pytest.mark.parametrize(("sure", "answered"), [(0.84, None), (0.86, "fit")])
async def test_that_a_question_which_names_its_thing_needs_no_story_when_it_is_sure(
    sure: float, answered: str | None
) -> None:
    story = "My aunt moved away last week. What does the photo for her cost?"
    known = Known({"aunt": ("other", 0.1), "photo": ("fit", sure)})

    found = await look_up(seen(story), known, 0.7)

    assert [part.passage_id for part in found.asked] == [answered]
    assert found.asked[0].query == (story if answered is None else "What does the photo for her cost?")


@pytest.mark.parametrize(("whole", "answered"), [(0.5, ["open", None]), (0.1, [None])])
async def test_that_half_an_answer_is_given_only_where_the_whole_is_not_hopeless(
    whole: float, answered: list[str | None]
) -> None:
    parts = ("when do you open", "do you keep parrots")
    known = Known({"and": ("open", whole), "open": ("open", 0.9)})

    found = await look_up(seen(" and ".join(parts)), known, 0.7, parts)

    assert [part.passage_id for part in found.asked] == answered


async def test_that_a_part_which_leads_to_the_same_passage_has_its_own_lines_there() -> None:
    parts = ("what does grey mean", "is it slow")
    known = Known({"mean and": ("states", 0.9), "grey": ("states", 0.9), "slow": ("states", 0.5)})
    found = await look_up(seen("what does grey mean and is it slow"), known, 0.7, parts)

    assert [(part.query, part.passage_id) for part in found.asked] == [(part, "states") for part in parts]
