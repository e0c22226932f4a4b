"""The embedder that a desk uses, built once; where its weights are not installed, those tests say so."""

import pytest

from api.settings import Settings
from api.wiring import model_cache
from retrieval.embed import Embedder, open_embedder
from retrieval.minilm import find_weights


@pytest.fixture(scope="session")
def minilm() -> Embedder:
    if find_weights() is None:
        pytest.skip("the MiniLM weights (requirements-model.lock) are not installed")
    return open_embedder(model_cache(Settings()))
