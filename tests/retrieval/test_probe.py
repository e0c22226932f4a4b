"""The probe, on a corpus of three rows, and on real ones where they are present."""

import json
from pathlib import Path

import pytest

from api.settings import Settings
from api.wiring import model_cache
from graph.errors import Invalid
from retrieval.minilm import find_weights
from retrieval.probe import evaluate, to_passage

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "retrieval"


@pytest.fixture(scope="module")
def cache() -> Path:
    if find_weights() is None:
        pytest.skip("the MiniLM weights (requirements-model.lock) are not installed")
    return model_cache(Settings())


def write(folder: Path, **files: list[dict[str, str]]) -> Path:
    for name, rows in files.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_that_a_small_corpus_is_measured(tmp_path: Path, cache: Path) -> None:
    folder = write(
        tmp_path,
        corpus=[
            {"id": "pay", "title": "", "text": "How can I pay? You can pay by card."},
            {"id": "ship", "title": "Shipping", "text": "We ship on weekdays."},
            {"id": "hours", "title": "", "text": "When are you open? / opening hours / are you open today"},
        ],
        queries=[
            {"id": "1", "text": "can I pay by card"},
            {"id": "2", "text": "are you open now"},
            {"id": "3", "text": "do you sell elephants"},
        ],
        qrels=[{"query": "1", "doc": "pay"}, {"query": "2", "doc": "hours"}],
    )

    assert evaluate(folder, cache=cache) == {"n": 3, "hit1": 1, "hit5": 1, "mrr": 1, "unanswerableAuroc": 1}


def test_that_a_missing_file_is_named(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(Invalid, match=r"corpus\.jsonl"):
        evaluate(tmp_path, cache=cache)


def test_that_phrasings_and_leading_questions_become_questions() -> None:
    asked = to_passage({"id": "a", "title": "", "text": "How can I pay? You can pay by card. Cash is fine."})
    phrased = to_passage({"id": "b", "title": "Hours", "text": "when open / opening hours / timings"})

    assert asked.questions == ("How can I pay?",)
    assert asked.lines == ("You can pay by card.", "Cash is fine.")
    assert phrased.questions == ("when open", "opening hours", "timings")


def test_that_hinglish_questions_find_english_answers(cache: Path) -> None:
    folder = SHARED / "semcache_hinglish_to_en"
    if not folder.exists():
        pytest.skip("the shared evaluation data is not here")

    scores = evaluate(folder, cache=cache)

    assert scores["hit1"] >= 0.70
    assert scores["hit5"] >= 0.90
