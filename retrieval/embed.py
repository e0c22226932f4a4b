"""Texts as vectors whose cosine is nearness in meaning, offline.

One text is one run: a batch shares its quantisation scale, so the same text would get another
vector in another batch.
"""

import hashlib
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from os import getpid
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.minilm import build, find_weights
from retrieval.recent import Recent

Matrix: TypeAlias = NDArray[np.float32]

DIMENSIONS = 384
LONGEST = 256
"""Tokens of one text that are read; the model was trained on no more."""
THREADS = 2
FEW = 8
"""Texts up to which somebody waits for them: a question's wordings and words."""
VOCABULARY = 30522


class Embedder(Protocol):
    """Gives texts unit vectors of one fixed width."""

    name: str
    """Changes when the vectors of the same text would; indexes made with another name are rebuilt."""
    semantic: bool
    """False for the fallback, which compares letters and not meaning."""

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, float32, shape (len(texts), DIMENSIONS)."""
        ...

    def commonness(self, word: str) -> float:
        """How common a lower-case word is in English, 0 (not a known word) to 1 (the commonest)."""
        ...


class MiniLm:
    """all-MiniLM-L6-v2, int8, one core per text and as many texts at once; recent ones are remembered."""

    name = "minilm-l6-v2-int8"
    semantic = True

    def __init__(self, model: Path, tokenizer: Path, remember: int = 8192) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # an arena keeps what the longest text needed
        self._session = onnxruntime.InferenceSession(
            str(model),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # slower than what it replaces: a sixth of a run
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()
        self._recent: Recent[Matrix] = Recent(remember)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, float32, shape (len(texts), DIMENSIONS)."""
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        folded = [text.lower() for text in texts]  # the model knows no capitals
        held = {text: vector for text in set(folded) if (vector := self._recent.get(text)) is not None}
        new = sorted(set(folded) - held.keys(), key=len, reverse=True)  # so that no thread ends late
        for text, vector in zip(new, self._all(new), strict=True):
            held[text] = self._recent.keep(text, vector)
        return np.stack([held[text] for text in folded])

    def commonness(self, word: str) -> float:
        """How common a lower-case word is in English, 0 (not a known word) to 1 (the commonest).

        The model's vocabulary is sorted by frequency, so a word's number is its rank.
        """
        rank = self._tokenizer.token_to_id(word)
        return 0.0 if rank is None else 1.0 - min(rank, VOCABULARY) / VOCABULARY

    def _all(self, texts: Sequence[str]) -> list[Matrix]:
        """One vector each; the runtime lets go of the interpreter while it computes."""
        if len(texts) < 2:
            return [self._run(text) for text in texts]
        if len(texts) < FEW:
            return list(_threads(getpid()).map(self._run, texts))
        with ThreadPoolExecutor(THREADS) as own:  # as patient as who asks, and in nobody's way
            return list(own.map(self._run, texts))

    def _run(self, text: str) -> Matrix:
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        mean = self._session.run(None, {"input_ids": ids})[0][0].mean(axis=0)
        unit: Matrix = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
        return unit


@cache
def _threads(process: int) -> ThreadPoolExecutor:
    """Threads of one process; a forked one inherits none of its parent's."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix=f"embed-{process}")


class Hashing:
    """Letters and words hashed into a vector: what is left when no weights are installed."""

    name = "hashing-1"
    semantic = False

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, float32, shape (len(texts), DIMENSIONS)."""
        rows = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for piece, weight in _pieces(text):
                digest = int.from_bytes(hashlib.blake2b(piece.encode(), digest_size=8).digest(), "little")
                row[digest % DIMENSIONS] += weight if digest >> 63 else -weight
        lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        unit: Matrix = rows / lengths
        return unit

    def commonness(self, word: str) -> float:
        """Short words are the common ones, as far as letters tell: 1/length, 0 from 4 letters on."""
        return 1.0 / len(word) if 0 < len(word) < 4 else 0.0


def _pieces(text: str) -> list[tuple[str, float]]:
    words = re.findall(r"\w+", text.lower())
    pieces = [(word, 1.0) for word in words]
    for word in words:
        padded = f" {word} "
        pieces += [(padded[at : at + 3], 0.4) for at in range(len(padded) - 2)]
    return pieces


@dataclass(frozen=True)
class EmbeddingsServer:
    """An OpenAI-compatible server that gives the vectors instead of the offline model."""

    url: str
    model: str
    key: str = ""


def open_embedder(cache: Path, server: EmbeddingsServer | None = None) -> Embedder:
    """The best embedder installed; its model file is built into `cache` on first use (seconds, once).

    With a `server` that one's vectors are used, and the offline embedder tells only how common words are.
    """
    local = _offline(cache)
    if server is None:
        return local
    from retrieval.endpoint import Endpoint

    return Endpoint(server.url, server.model, server.key, local)


def _offline(cache: Path) -> Embedder:
    from retrieval.remembered import Remembered

    weights = find_weights()
    if weights is None:
        return Hashing()
    return Remembered(MiniLm(build(weights, cache), weights / "tokenizer.json"), cache / "vectors-2.db")
