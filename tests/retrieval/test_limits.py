"""What a company does not do is told by single words only where the knowledge does not answer."""

from nodes.triage.node import WORDS_YIELD
from retrieval.embed import Embedder
from retrieval.index import Index
from retrieval.passages import gap_passage
from retrieval.retriever import CompanyRetriever
from retrieval.vectors import MemoryVectors
from seeds.schema import all_companies
from seeds.trades import trades
from tests.retrieval.knowledge import BOOTH, Shelf, booth, passage
from tests.seeds.test_data import asks_for


async def test_that_an_entry_answers_its_own_questions_whatever_limit_their_words_name(
    minilm: Embedder,
) -> None:
    for seed in all_companies():
        named = [
            (entry.key, question)
            for entry in seed.entries
            if entry.key != "service-scope"  # it states the limits itself
            for question in (*entry.questions, *entry.questions_hinglish)
            if any(asks_for((*item.terms_en, *item.terms_hinglish), question) for item in seed.company.cannot)
        ]
        if not named:
            continue
        trade = next(trade for trade in trades() if trade.name == seed.company.slug)
        knowledge = (*trade.passages, gap_passage(trade.unanswerable))
        index = Index(MemoryVectors(), minilm)
        await index.upsert("seed", knowledge)
        retriever = CompanyRetriever("seed", Shelf(seed=knowledge), index)
        for key, question in named:
            found = await retriever.search(question)
            assert found.answerable >= WORDS_YIELD, f"{key}: {question}"
            assert found.hits[0].passage.kind != "limit", f"{key}: {question}"


CHECKS = passage(
    "checks",
    "The booth does not check pictures from other studios; the booth only makes new pictures.",
    kind="limit",
    questions=("Can you check a picture from another studio?", "Will my old picture be accepted?"),
)
REPAIRS = passage(
    "repairs",
    "The booth does not repair cameras; the booth only makes new pictures.",
    kind="limit",
    questions=("Can you repair my camera?", "My camera is broken, do you mend it?"),
)


async def test_that_what_is_not_done_needs_no_price(minilm: Embedder) -> None:
    retriever = await booth(minilm, *BOOTH, CHECKS, REPAIRS)

    asked = await retriever.search("Can you repair my camera?")
    priced = await retriever.search("How much do you charge to repair my camera?")

    assert [found.hits[0].passage.id for found in (asked, priced)] == ["repairs", "repairs"]
    assert not any("amount" in reason for reason in priced.reasons)
