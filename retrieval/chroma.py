"""Vectors in Chroma: a folder that this process owns, or a server; one collection per company.

Queries never filter: a filter costs time in proportion to the collection, and a collection per company cannot
show one company's passages to another.
"""

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import numpy as np

from graph.errors import RetrievalUnavailable
from retrieval.embed import Matrix
from retrieval.rows import Row
from retrieval.vectors import EMPTY, Stored

BATCH = 2000
PAGE = 10_000


class ChromaVectors:
    """Chroma in a folder owned by this process, or a Chroma server by URL."""

    def __init__(self, folder: Path | None = None, url: str | None = None) -> None:
        """Nothing is opened before the first use, so a broken folder does not stop the desk."""
        self._folder, self._url = folder, url
        self._client: Any = None
        self._collections: dict[str, Any] = {}
        self._lock: IO[str] | None = None

    def write(self, company_id: str, rows: Sequence[Row], signatures: Sequence[str], vectors: Matrix) -> None:
        """Add rows whose ids are new to the company."""
        with _translated():
            collection = self._collection(company_id)
            for start in range(0, len(rows), BATCH):
                part = slice(start, start + BATCH)
                collection.add(
                    ids=[row.id for row in rows[part]],
                    embeddings=vectors[part],
                    metadatas=[
                        {"passage": row.passage_id, "role": row.role, "signature": mark}
                        for row, mark in zip(rows[part], signatures[part], strict=True)
                    ],
                )

    def delete(self, company_id: str, passage_ids: Sequence[str]) -> None:
        """Remove all rows of the passages."""
        with _translated():
            for start in range(0, len(passage_ids), BATCH):
                chosen = list(passage_ids[start : start + BATCH])
                self._collection(company_id).delete(where={"passage": {"$in": chosen}})

    def drop(self, company_id: str) -> None:
        """Remove all rows of the company."""
        with _translated():
            name = self._collection(company_id).name
            self._collections.pop(company_id, None)
            self._open().delete_collection(name)

    def read(self, company_id: str, *, vectors: bool = True) -> Stored:
        """All rows of the company; without `vectors` the matrix is empty."""
        include = ["metadatas", "embeddings"] if vectors else ["metadatas"]
        rows: list[tuple[str, str, str, str]] = []
        parts: list[Matrix] = []
        with _translated():
            collection = self._collection(company_id)
            while True:  # all at once, more than 32,766 rows are too many variables for its SQLite
                got = collection.get(include=include, limit=PAGE, offset=len(rows))
                for row_id, meta in zip(got["ids"], got["metadatas"], strict=True):
                    rows.append((row_id, *(str(meta[name]) for name in ("passage", "role", "signature"))))
                if vectors and got["ids"]:
                    parts.append(np.asarray(got["embeddings"], np.float32))
                if len(got["ids"]) < PAGE:
                    break
        if not rows:
            return EMPTY
        order = sorted(range(len(rows)), key=lambda n: rows[n][0])
        matrix = np.concatenate(parts)[order] if vectors else EMPTY.vectors
        ids, passages, roles, signatures = zip(*(rows[n] for n in order), strict=True)
        return Stored(ids, passages, roles, signatures, matrix)

    def nearest(self, company_id: str, vectors: Matrix, limit: int) -> list[list[tuple[str, float]]]:
        """Per vector (row id, cosine) of the nearest rows, nearest first."""
        with _translated():
            if company_id not in self._collections:  # finding it by name costs as much as the query
                self._collections[company_id] = self._collection(company_id)
            held = self._collections[company_id]
            got = held.query(query_embeddings=list(vectors), n_results=limit, include=["distances"])
        return [
            [(row_id, 1.0 - float(distance)) for row_id, distance in zip(ids, distances, strict=True)]
            for ids, distances in zip(got["ids"], got["distances"], strict=True)
        ]

    def reset(self) -> None:
        """Throw everything away, also what cannot be read."""
        if self._folder is None:
            with _translated():
                self._collections.clear()
                for collection in self._open().list_collections():
                    self._client.delete_collection(collection.name)
            return
        self._forget()
        shutil.rmtree(self._folder, ignore_errors=True)

    def close(self) -> None:
        """Let other processes open it."""
        self._forget()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _collection(self, company_id: str) -> Any:
        return self._open().get_or_create_collection(
            f"company-{company_id}", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def _open(self) -> Any:
        if self._client is None:
            import chromadb
            from chromadb.config import Settings

            settings = Settings(anonymized_telemetry=False, allow_reset=False)
            if self._url:
                self._client = chromadb.HttpClient(**_address(self._url), settings=settings)
            elif self._folder:
                self._own(self._folder)
                self._client = chromadb.PersistentClient(str(self._folder), settings=settings)
        return self._client

    def _own(self, folder: Path) -> None:
        """Take the folder for this process; two writers destroy an embedded Chroma."""
        if self._lock is not None:
            return
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = folder.with_name(folder.name + ".lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise RetrievalUnavailable("another process owns the vector index") from error
        self._lock = lock

    def _forget(self) -> None:
        client, self._client = self._client, None
        self._collections.clear()
        if client is not None:
            with suppress(*_failures()):  # closing what is broken may fail; nobody waits for it
                client.close()


def is_owned(folder: Path) -> bool:
    """Whether a process (another one, or this one) has the folder open."""
    path = folder.with_name(folder.name + ".lock")
    if not path.exists():
        return False
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _address(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or (443 if secure else 8000),
        "ssl": secure,
    }


def _failures() -> tuple[type[Exception], ...]:
    """What Chroma raises: its own tree, and what its bindings and HTTP client let through."""
    from chromadb.errors import ChromaError

    return (ChromaError, OSError, ValueError, RuntimeError, KeyError, AttributeError)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except RetrievalUnavailable:
        raise
    except _failures() as error:
        raise RetrievalUnavailable(f"the vector index failed: {error}") from error
