"""The embedder that a desk uses, built once; where its weights are not installed, those tests say so."""

import pytest

from retrieval.embed import Embedder, open_embedder
from retrieval.minilm import find_weights


@pytest.fixture(scope="session")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    if find_weights() is None:
        pytest.skip("the MiniLM weights (requirements-model.lock) are not installed")
    return open_embedder(tmp_path_factory.mktemp("models"))
