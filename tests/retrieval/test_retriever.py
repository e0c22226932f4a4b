"""What a search finds, and how sure it is, on an invented photo booth."""

import pytest

from retrieval.embed import Embedder, Hashing
from retrieval.index import Index
from retrieval.retriever import CompanyRetriever
from retrieval.vectors import MemoryVectors
from tests.retrieval.knowledge import BOOTH, OFFICE, Shelf, booth, passage


@pytest.fixture
async def retriever(minilm: Embedder) -> CompanyRetriever:
    return await booth(minilm)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("how much do you charge for one", "pricing"),
        ("how soon will I have my picture", "turnaround"),
        ("do my spectacles have to come off", "glasses"),
        ("kitne paise lagenge", "pricing"),
        ("print mein kitna time lagega", "turnaround"),
        ("chashma pehen sakte hai kya", "glasses"),
        ("canadian foto siz", "sizes"),
        ("Brazilian photo size", "sizes"),
        ("how much is a pritn", "pricing"),
    ],
)
async def test_that_the_answering_passage_is_first(
    retriever: CompanyRetriever, asked: str, answer: str
) -> None:
    found = await retriever.search(asked)

    assert found.hits[0].passage.id == answer
    assert not found.degraded


@pytest.mark.parametrize(
    ("near_miss", "answered"),
    [
        ("Can I wear a hat?", "Can I wear my glasses?"),
        ("How much is a fishing rod?", "How much is a print?"),
        ("How long does a refund take?", "How long does a print take?"),
        ("Where is your office?", "What is your e-mail address?"),
        ("photo size for France and a hat?", "photo size for Canada?"),
    ],
)
async def test_that_a_near_miss_is_less_sure_than_a_question(
    retriever: CompanyRetriever, near_miss: str, answered: str
) -> None:
    missed, found = await retriever.search(near_miss), await retriever.search(answered)

    assert missed.answerable < 0.7 <= found.answerable
    assert missed.reasons


async def test_that_the_office_is_known_once_its_page_is(minilm: Embedder) -> None:
    found = await (await booth(minilm, *BOOTH, OFFICE)).search("where is your office")

    assert found.hits[0].passage == OFFICE
    assert found.answerable >= 0.7


@pytest.mark.parametrize(
    ("asked", "context"),
    [
        ("and for Germany?", "What is the photo size for Canada?"),
        ("aur Germany ke liye?", "Canada ki photo ka size kya hai?"),
    ],
)
async def test_that_a_follow_up_is_read_with_its_context(
    retriever: CompanyRetriever, asked: str, context: str
) -> None:
    found = await retriever.search(asked, context=context)
    lines = await retriever.lines(found.query, found.hits[0])

    assert found.hits[0].passage.id == "germany"
    assert found.hits[0].passage.lines[lines[0]] == "Germany photos are 35x45 mm."


async def test_that_a_new_topic_is_not_bent_to_the_old_one(retriever: CompanyRetriever) -> None:
    found = await retriever.search("Can I wear glasses?", context="What is the photo size for Canada?")

    assert found.hits[0].passage.id == "glasses"


async def test_that_a_curated_entry_comes_before_the_page_that_says_the_same(minilm: Embedder) -> None:
    entry = BOOTH[2]
    page = entry.model_copy(update={"id": "a-page", "kind": "page", "url": "https://booth.example/faq"})

    found = await (await booth(minilm, page, *BOOTH)).search("Can I wear glasses?")

    assert found.hits[0].passage == entry
    assert page not in [hit.passage for hit in found.hits]


async def test_that_a_country_that_is_missing_counts_against_a_passage_on_another(minilm: Embedder) -> None:
    only = passage(
        "germany", "Germany photos are 35x45 mm.", title="Germany photos", questions=("Germany size?",)
    )

    known = await (await booth(minilm, only)).search("What is the photo size for Germany?")
    unknown = await (await booth(minilm, only)).search("What is the photo size for Japan?")

    assert unknown.answerable < 0.5 < known.answerable
    assert "no japan" in unknown.reasons


async def test_that_an_empty_company_answers_nothing(minilm: Embedder) -> None:
    found = await (await booth(minilm, passage("one", "x"))).search("   ")

    assert found.hits == ()
    assert found.answerable == 0.0


async def test_that_a_desk_without_weights_still_finds_words() -> None:
    retriever = await booth(Hashing())

    found, missed = (
        await retriever.search("Can I wear glasses?"),
        await retriever.search("Do you sell boats?"),
    )

    assert found.hits[0].passage.id == "glasses"
    assert missed.answerable < found.answerable


async def test_that_a_search_says_the_same_twice(retriever: CompanyRetriever) -> None:
    assert await retriever.search("kitne paise lagenge") == await retriever.search("kitne paise lagenge")


@pytest.mark.parametrize(
    ("before", "follow_up"),
    [
        ("How much is a print?", "and the small one?"),
        ("Print kitne ka hai?", "aur chhota print?"),
        ("How long does a print take?", "and at weekends?"),
    ],
)
async def test_that_one_more_thing_is_asked_of_the_passage_under_discussion(
    retriever: CompanyRetriever, before: str, follow_up: str
) -> None:
    talked = await retriever.search(before)

    found = await retriever.search(follow_up, context=before)

    assert found.hits[0].passage.id == talked.hits[0].passage.id
    assert found.resolved


@pytest.mark.parametrize("asked", ["How much is a German print?", "Germany ka print kitne ka hai"])
async def test_that_a_price_holds_in_every_country_that_is_known(
    retriever: CompanyRetriever, asked: str
) -> None:
    found = await retriever.search(asked)

    assert found.hits[0].passage.id == "pricing"


async def test_that_a_search_is_remembered_until_the_knowledge_changes(minilm: Embedder) -> None:
    shelf = Shelf(shop=[passage("hours", "We open at 9 am.", title="Opening hours")])
    index = Index(MemoryVectors(), minilm)
    retriever = CompanyRetriever("shop", shelf, index)
    await index.upsert("shop", await shelf.passages("shop"))
    first = await retriever.search("when do you open?")
    again = await retriever.search("when do you open?")

    shelf.put("shop", passage("hours", "We open at 10 am.", title="Opening hours"))
    await index.upsert("shop", await shelf.passages("shop"))
    later = await retriever.search("when do you open?")

    assert again is first
    assert later.hits[0].passage.text == "We open at 10 am."
