"""Vectors from an OpenAI-compatible embeddings server, with words to fall back on when it does not answer.

Searches get zeros then, which are near to nothing, so that words alone decide; what is written into the index
is embedded strictly: it fails instead, and is tried again when the index heals.
"""

import time
from collections.abc import Sequence
from typing import Any

import httpx
import numpy as np

from graph.errors import RetrievalUnavailable
from retrieval.embed import FEW, Embedder, Matrix
from retrieval.recent import Recent

BATCH = 256
SECONDS = 10.0
REST = 20.0
"""Seconds without another try after a failure, so that no question waits for a dead server."""
REMEMBERED = 8192


class Endpoint:
    """One model of one server; `strict` is the same for the index."""

    semantic = True
    teaches = False
    """Lessons from phrasings are measured for the offline model only."""

    def __init__(self, url: str, model: str, key: str, local: Embedder) -> None:
        """`local` knows how common words are; the server does not."""
        self.name = f"endpoint:{model}"
        self.strict = _Strict(self)
        self._model, self._local = model, local
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=SECONDS)
        self._recent: Recent[Matrix] = Recent(REMEMBERED)
        self._width = 0
        self._rests_until = 0.0

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, float32, shape (len(texts), width); zeros when the server does not answer."""
        try:
            return self.embed_strictly(texts)
        except RetrievalUnavailable:
            return np.zeros((len(texts), self._width), np.float32)

    def embed_strictly(self, texts: Sequence[str]) -> Matrix:
        """As `embed`, but RetrievalUnavailable when the server fails or gives vectors of another width."""
        if not texts:
            return np.zeros((0, self._width), np.float32)
        held = {text: row for text in set(texts) if (row := self._recent.get(text)) is not None}
        new = sorted(set(texts) - held.keys(), key=len)  # texts of one length share a request
        for start in range(0, len(new), BATCH):
            part = new[start : start + BATCH]
            held |= dict(zip(part, self._ask(part), strict=True))
        if len(new) < FEW:  # a question's; what is indexed is not asked again
            for text in new:
                self._recent.keep(text, held[text])
        return np.stack([held[text] for text in texts])

    def commonness(self, word: str) -> float:
        """How common a lower-case word is in English."""
        return self._local.commonness(word)

    def _ask(self, texts: Sequence[str]) -> Matrix:
        if time.monotonic() < self._rests_until:
            raise RetrievalUnavailable("the embeddings server did not answer a moment ago")
        try:
            answer = self._client.post("/embeddings", json={"model": self._model, "input": list(texts)})
            answer.raise_for_status()
            rows = sorted(answer.json()["data"], key=lambda row: int(row["index"]))
            matrix = np.array([row["embedding"] for row in rows], np.float32)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            self._rests_until = time.monotonic() + REST
            raise RetrievalUnavailable(f"the embeddings server failed: {type(error).__name__}") from error
        return self._checked(matrix, len(texts))

    def _checked(self, matrix: Any, count: int) -> Matrix:
        width = matrix.shape[1] if matrix.ndim == 2 else 0
        if matrix.shape[0] != count or not width or self._width not in (0, width):
            raise RetrievalUnavailable(
                f"the embeddings server gave {matrix.shape} instead of ({count}, {self._width or 'width'})"
            )
        self._width = width
        unit: Matrix = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
        return unit


class _Strict:
    """The endpoint as the index writes with it."""

    semantic = True

    def __init__(self, endpoint: Endpoint) -> None:
        self.name, self._endpoint = endpoint.name, endpoint

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, or RetrievalUnavailable."""
        return self._endpoint.embed_strictly(texts)

    def commonness(self, word: str) -> float:
        """How common a lower-case word is in English."""
        return self._endpoint.commonness(word)
