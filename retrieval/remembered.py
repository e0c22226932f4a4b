"""Vectors of published texts, kept beside the model file, so that no text is embedded twice.

A desk has thousands of phrasings, and every private copy of it (evaluation, tests, a new folder) has the
same ones. Only batches are remembered: a question of a customer is embedded alone and leaves nothing here.
The file may be deleted at any time; one that cannot be used costs time and nothing else. A new one begins
with the vectors of the seeds, which are shipped (`python -m seeds.fit_vectors`): a desk starts in seconds.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.embed import DIMENSIONS, Embedder, Matrix

SHORT = 1000
"""Characters up to which a text is remembered: phrasings, words and windows of passages."""
BATCH = 8
"""Texts from which a call is a batch."""
MOST = 100_000
"""Vectors that are kept at most (80 MB)."""
SHIPPED = Path(str(files("retrieval") / "data" / "vectors.npz"))
STEP = 0.015
"""What one unit of a shipped number stands for: cosine .996 with the vector that was made, .2 KB a text."""
KEY = 8
"""Bytes of a text's hash."""
_AT_ONCE = 500
_TABLE = "CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)"

Half: TypeAlias = NDArray[np.float16]
_log = logging.getLogger(__name__)


class Remembered:
    """An embedder that looks into a file before it computes; its batches are in half precision either way."""

    def __init__(self, inner: Embedder, file: Path) -> None:
        self._inner, self._file = inner, file
        self.name, self.semantic = inner.name, inner.semantic

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, float32, shape (len(texts), DIMENSIONS)."""
        if len(texts) < BATCH:
            return self._inner.embed(texts)
        wanted = {text: key_of(self.name, text) for text in texts if len(text) <= SHORT}
        known = self._read(list(wanted.values()))
        missing = list(dict.fromkeys(text for text in texts if wanted.get(text) not in known))
        halves = self._halves(missing)
        self._write({wanted[text]: half for text, half in halves.items() if text in wanted})
        made = {text: _unit(half) for text, half in halves.items()}
        return np.stack([made[text] if text in made else known[wanted[text]] for text in texts])

    def commonness(self, word: str) -> float:
        """How common a lower-case word is in English, 0 (not a known word) to 1 (the commonest)."""
        return self._inner.commonness(word)

    def _halves(self, texts: list[str]) -> dict[str, Half]:
        """What is kept is also what is given, so that nothing depends on who asked first."""
        if not texts:
            return {}
        return dict(zip(texts, self._inner.embed(texts).astype(np.float16), strict=True))

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Matrix]:
        found: dict[bytes, Half] = {}
        try:
            with closing(self._open()) as file:
                for at in range(0, len(keys), _AT_ONCE):
                    some = keys[at : at + _AT_ONCE]
                    marks = ",".join("?" * len(some))
                    rows = file.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some)
                    found |= {key: np.frombuffer(vector, np.float16) for key, vector in rows}
        except (OSError, ValueError, sqlite3.Error) as error:
            _log.warning("remembered vectors cannot be read: %s", error)
        return {key: _unit(vector) for key, vector in found.items() if vector.shape == (DIMENSIONS,)}

    def _write(self, made: Mapping[bytes, Half]) -> None:
        if not made:
            return
        try:
            with closing(self._open()) as file, file:
                (kept,) = file.execute("SELECT count(*) FROM vectors").fetchone()
                _insert(file, list(made.items())[: max(0, MOST - kept)])
        except (OSError, sqlite3.Error) as error:
            _log.warning("vectors cannot be remembered: %s", error)

    def _open(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(self._file, timeout=20.0)
        if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'vectors'").fetchone():
            self._begin(file)
        return file

    def _begin(self, file: sqlite3.Connection) -> None:
        """Make the table, with what is shipped for this embedder; several processes may come here at once."""
        with file:
            file.execute("BEGIN IMMEDIATE")
            if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'vectors'").fetchone():
                file.execute(_TABLE)
                _insert(file, shipped(self.name))


def key_of(name: str, text: str) -> bytes:
    """What a text is kept under for the embedder of this name: KEY bytes."""
    return hashlib.blake2b(f"{name}\0{text}".encode(), digest_size=KEY).digest()


def shipped(name: str) -> list[tuple[bytes, Half]]:
    """The vectors that come with the product for the embedder of this name, by key."""
    if not SHIPPED.exists():
        return []
    with np.load(SHIPPED, allow_pickle=False) as held:
        if str(held["embedder"]) != name:
            return []
        keys, vectors = held["keys"].tobytes(), held["vectors"]
    return [
        (keys[at * KEY : (at + 1) * KEY], (vector * np.float32(STEP)).astype(np.float16))
        for at, vector in enumerate(vectors)
    ]


def ship(name: str, file: Path) -> int:
    """Write what `file` remembers of the embedder of this name to SHIPPED; returns how many."""
    with closing(sqlite3.connect(file)) as held:
        rows = held.execute("SELECT key, vector FROM vectors ORDER BY key").fetchall()
    vectors = np.stack([np.frombuffer(vector, np.float16) for _, vector in rows]).astype(np.float32)
    np.savez_compressed(
        SHIPPED,
        allow_pickle=False,
        embedder=np.array(name),
        keys=np.frombuffer(b"".join(key for key, _ in rows), np.uint8),
        vectors=np.round(vectors / STEP).astype(np.int8),
    )
    return len(rows)


def _insert(file: sqlite3.Connection, made: Iterable[tuple[bytes, Half]]) -> None:
    rows = ((key, half.tobytes()) for key, half in made)
    file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)


def _unit(vector: Half) -> Matrix:
    wide = vector.astype(np.float32)
    return wide / max(float(np.linalg.norm(wide)), 1e-12)
