"""Vectors of texts, with and without the model."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.embed import DIMENSIONS, Embedder, Hashing
from retrieval.minilm import build


def test_that_vectors_are_unit_and_of_one_width(minilm: Embedder) -> None:
    vectors = minilm.embed(["refund", "how do I pay?", ""])

    assert vectors.shape == (3, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_that_a_text_has_the_same_vector_in_any_company(minilm: Embedder) -> None:
    alone = minilm.embed(["when is my order delivered?"])[0]
    among = minilm.embed(["when is my order delivered?", *(f"text {n} " * n for n in range(12))])[0]

    assert np.allclose(alone, among, atol=2e-4)  # what is remembered is kept in half precision


def test_that_meaning_is_nearer_than_spelling(minilm: Embedder) -> None:
    asked, same, other = minilm.embed(["how much is it", "what is the price", "how tall is it"])

    assert asked @ same > asked @ other


def test_that_common_words_are_known_as_such(minilm: Embedder) -> None:
    assert minilm.commonness("the") > minilm.commonness("earrings") > 0.0
    assert minilm.commonness("chashma") == 0.0


def test_that_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"\x02\x00\x00\x00\x00\x00\x00\x00{}")

    with pytest.raises(ValueError, match="not the pinned"):
        build(tmp_path, tmp_path / "cache")

    assert not (tmp_path / "cache").exists()


def test_that_the_fallback_says_that_it_has_no_meaning() -> None:
    fallback = Hashing()
    one, same, other = fallback.embed(["refund policy", "Refund policy", "delivery"])

    assert not fallback.semantic
    assert one @ same == pytest.approx(1.0)
    assert one @ other < 0.5


def test_that_the_model_is_told_from_the_fallback(minilm: Embedder) -> None:
    assert minilm.semantic
    assert minilm.name != Hashing().name
