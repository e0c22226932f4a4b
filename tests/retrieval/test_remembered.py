"""Batches of short texts are embedded once; a file that cannot be used costs nothing but time."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.embed import Hashing, Matrix
from retrieval.remembered import SHORT, Remembered

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


def test_that_a_broken_file_is_passed_by(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "v.db").write_bytes(b"no database" * 100)
    inner = Counting()

    vectors = Remembered(inner, tmp_path / "v.db").embed(TEXTS)

    assert np.array_equal(vectors, Hashing().embed(TEXTS))
    assert "remembered" in caplog.text
