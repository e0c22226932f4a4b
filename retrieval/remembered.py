"""Vectors of short published texts, kept beside the model file, so that no text is embedded twice.

A desk has thousands of phrasings, and every private copy of it (evaluation, tests, a new folder) has the
same ones. Only batches are remembered: a question of a customer is embedded alone and leaves nothing here.
The file may be deleted at any time; one that cannot be used costs time and nothing else.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from retrieval.embed import DIMENSIONS, Embedder, Matrix

SHORT = 200
"""Characters up to which a text is remembered: phrasings and words, not pages."""
BATCH = 8
"""Texts from which a call is a batch."""
MOST = 100_000
"""Vectors that are kept at most (150 MB)."""
_AT_ONCE = 500
_TABLE = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"

_log = logging.getLogger(__name__)


class Remembered:
    """An embedder that looks into a file before it computes; the vectors are the same."""

    def __init__(self, inner: Embedder, file: Path) -> None:
        self._inner, self._file = inner, file
        self.name, self.semantic = inner.name, inner.semantic

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, float32, shape (len(texts), DIMENSIONS)."""
        if len(texts) < BATCH:
            return self._inner.embed(texts)
        wanted = {text: self._key(text) for text in texts if len(text) <= SHORT}
        known = self._read(list(wanted.values()))
        missing = list(dict.fromkeys(text for text in texts if wanted.get(text) not in known))
        made = dict(zip(missing, self._inner.embed(missing), strict=True)) if missing else {}
        self._write({wanted[text]: vector for text, vector in made.items() if text in wanted})
        return np.stack([made[text] if text in made else known[wanted[text]] for text in texts])

    def commonness(self, word: str) -> float:
        """How common a lower-case word is in English, 0 (not a known word) to 1 (the commonest)."""
        return self._inner.commonness(word)

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(f"{self.name}\0{text}".encode(), digest_size=16).digest()

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Matrix]:
        found: dict[bytes, Matrix] = {}
        try:
            with closing(self._open()) as file:
                for at in range(0, len(keys), _AT_ONCE):
                    some = keys[at : at + _AT_ONCE]
                    marks = ",".join("?" * len(some))
                    rows = file.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some)
                    found |= {key: np.frombuffer(vector, np.float32) for key, vector in rows}
        except (OSError, ValueError, sqlite3.Error) as error:
            _log.warning("remembered vectors cannot be read: %s", error)
        return {key: vector for key, vector in found.items() if vector.shape == (DIMENSIONS,)}

    def _write(self, made: Mapping[bytes, Matrix]) -> None:
        if not made:
            return
        try:
            with closing(self._open()) as file, file:
                (kept,) = file.execute("SELECT count(*) FROM vectors").fetchone()
                rows = [(key, vector.tobytes()) for key, vector in made.items()]
                file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows[: max(0, MOST - kept)])
        except (OSError, sqlite3.Error) as error:
            _log.warning("vectors cannot be remembered: %s", error)

    def _open(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(self._file, timeout=5.0)
        file.execute(_TABLE)
        return file
