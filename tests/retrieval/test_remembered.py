"""Batches of short texts are embedded once; a file that cannot be used costs nothing but time."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.embed import Embedder, Hashing, Matrix
from retrieval.remembered import SHORT, Remembered, key_of, ship, shipped
from seeds.schema import all_companies

TEXTS = [f"phrasing number {number}" for number in range(12)]


class Counting(Hashing):
    """Remembers what it had to embed."""

    def __init__(self, name: str = "counting-1") -> None:
        self.name = name
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.embedded += texts
        return super().embed(texts)


def test_that_a_batch_is_embedded_once_for_all_desks_and_its_vectors_stay_the_same(tmp_path: Path) -> None:
    first, second = Counting(), Counting()

    made = Remembered(first, tmp_path / "v.db").embed([*TEXTS, TEXTS[0]])
    again = Remembered(second, tmp_path / "v.db").embed([*reversed(TEXTS), "a new one"])

    assert first.embedded == TEXTS
    assert second.embedded == ["a new one"]
    assert np.array_equal(again[:12][::-1], made[:12])
    assert np.array_equal(made[12], made[0])


def test_that_what_a_customer_asks_and_long_texts_are_not_kept(tmp_path: Path) -> None:
    inner = Counting()
    embedder = Remembered(inner, tmp_path / "v.db")

    for _ in range(2):
        embedder.embed(TEXTS[:2])
        embedder.embed(["long " * SHORT] * 9)

    assert inner.embedded == [*TEXTS[:2], "long " * SHORT] * 2


def test_that_another_model_s_vectors_are_not_taken(tmp_path: Path) -> None:
    other = Counting("counting-2")
    Remembered(Counting(), tmp_path / "v.db").embed(TEXTS)

    Remembered(other, tmp_path / "v.db").embed(TEXTS)

    assert other.embedded == TEXTS


def test_that_a_new_file_begins_with_what_is_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.remembered.SHIPPED", tmp_path / "shipped.npz")
    maker, taker, other = Counting(), Counting(), Counting("counting-2")
    made = Remembered(maker, tmp_path / "maker.db").embed(TEXTS)
    assert ship(maker.name, tmp_path / "maker.db") == len(TEXTS)

    found = Remembered(taker, tmp_path / "taker.db").embed(TEXTS)
    Remembered(other, tmp_path / "other.db").embed(TEXTS)

    assert taker.embedded == []
    assert (found * made).sum(axis=1).min() > 0.995
    assert other.embedded == TEXTS


def test_that_the_shipped_vectors_are_those_of_the_seeds(minilm: Embedder) -> None:
    held = dict(shipped("minilm-l6-v2-int8"))
    texts = sorted({text for seed in all_companies() for entry in seed.entries for text in entry.questions})
    keys = {text: key_of("minilm-l6-v2-int8", text) for text in texts if len(text) <= SHORT}
    lacking = [text for text, key in keys.items() if key not in held]
    some = texts[:: len(texts) // 12][:12]

    assert len(lacking) < 0.05 * len(keys), "run python -m seeds.fit_vectors"
    assert (
        min(float(minilm.embed([text])[0] @ held[keys[text]]) for text in some if keys[text] in held) > 0.98
    )


def test_that_a_broken_file_is_passed_by(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "v.db").write_bytes(b"no database" * 100)
    inner = Counting()

    vectors = Remembered(inner, tmp_path / "v.db").embed(TEXTS)

    assert np.allclose(vectors, Hashing().embed(TEXTS), atol=1e-3)
    assert "remembered" in caplog.text
