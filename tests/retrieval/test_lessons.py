"""What phrasings teach: which passage is asked of, what is not covered, and what the company does not do."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.embed import Embedder
from retrieval.index import Index
from retrieval.passages import gap_passage, limit_passage
from retrieval.pieces import pieces
from retrieval.retriever import CompanyRetriever
from retrieval.taught import Teacher, ship, shipped
from retrieval.vectors import MemoryVectors
from seeds.schema import all_companies
from seeds.trades import trades
from tests.retrieval.knowledge import BOOTH, Counting, Shelf, booth, passage

HATS = ("Can I wear a hat?", "Is a cap allowed in the picture?", "Topi pehen sakte hain?")
POST = {
    "key": "post-prints",
    "en": "The booth does not send prints by post.",
    "hinglish": "Booth prints post se nahi bhejta.",
    "asked": ("Can you mail the prints to me?", "Do you ship prints home?", "Print ghar bhej doge?"),
}


async def test_that_a_declared_gap_is_not_answered_from_what_is_near(minilm: Embedder) -> None:
    before = await (await booth(minilm)).search("May I keep my hat on?")
    after = await (await booth(minilm, *BOOTH, gap_passage(HATS))).search("May I keep my hat on?")

    assert after.answerable < before.answerable
    assert all(hit.passage.kind != "gap" for hit in after.hits)


async def test_that_a_declared_gap_leaves_its_neighbours_answered(minilm: Embedder) -> None:
    found = await (await booth(minilm, *BOOTH, gap_passage(HATS))).search("Can I wear glasses?")

    assert found.hits[0].passage.id == "glasses"
    assert found.answerable >= 0.7


async def test_that_a_limit_is_found_by_its_phrasings(minilm: Embedder) -> None:
    found = await (await booth(minilm, *BOOTH, limit_passage(POST))).search("will you mail me the prints?")

    assert found.hits[0].passage.id == "company:limit:post-prints"


def test_that_what_was_learnt_is_found_again_whatever_the_ids_are(minilm: Embedder, tmp_path: Path) -> None:
    first = Counting(minilm)
    taught = Teacher(first, tmp_path).teach(BOOTH)
    renamed = [one.model_copy(update={"id": f"other-{one.id}"}) for one in reversed(BOOTH)]
    second = Counting(minilm)

    found = Teacher(second, tmp_path).recall(renamed)

    assert found is not None
    assert first.texts > 0 == second.texts
    assert found.passage_ids == tuple(f"other-{key}" for key in taught.passage_ids)


def test_that_a_broken_file_is_learnt_again(minilm: Embedder, tmp_path: Path) -> None:
    teacher = Teacher(minilm, tmp_path)
    digest = teacher.teach(BOOTH).digest
    (tmp_path / f"{digest}.npz").write_bytes(b"no archive")

    assert teacher.recall(BOOTH) is None


def test_that_what_is_shipped_is_not_learnt_again(
    minilm: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.taught.SHIPPED", tmp_path / "shipped.npz")
    learnt = Teacher(minilm).teach(BOOTH)
    ship([BOOTH], minilm)
    monkeypatch.setattr("retrieval.lessons.solve", None)

    found = Teacher(minilm).teach(BOOTH)

    assert np.array_equal(found.lessons.weights, learnt.lessons.weights)
    assert found.lessons.spelling.size == learnt.lessons.spelling.size


def test_that_the_shipped_lessons_are_those_of_the_seeds(minilm: Embedder) -> None:
    seeded = {seed.company.slug for seed in all_companies()}
    known = [[*trade.passages, gap_passage(trade.unanswerable)] for trade in trades() if trade.name in seeded]

    assert {Teacher(minilm).digest(passages) for passages in known} == shipped(), (
        "run python -m seeds.fit_vectors"
    )


def test_that_few_phrasings_teach_nothing(minilm: Embedder) -> None:
    bare = [one.model_copy(update={"questions": ()}) for one in BOOTH]

    assert Teacher(minilm).digest(bare) == ""


async def test_that_old_lessons_serve_until_new_ones_are_learnt(minilm: Embedder) -> None:
    shelf, index = Shelf(booth=BOOTH), Index(MemoryVectors(), minilm)
    retriever = CompanyRetriever("booth", shelf, index)
    await index.upsert("booth", BOOTH)
    await retriever.search("Can I wear glasses?")
    pets = passage("pets", "Dogs may sit beside you.", title="Pets", questions=("May I bring my dog?",) * 3)
    shelf.put("booth", *BOOTH, pets)
    await index.upsert("booth", shelf.companies["booth"])

    found = await retriever.search("may my dog come too?")

    assert found.hits[0].passage.id == "pets"
    index.close()


def test_that_pieces_do_not_depend_on_case_or_marks() -> None:
    assert pieces("Refund kab?") == pieces("refund KAB")
    assert pieces("") == ()
