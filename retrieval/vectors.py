"""Where vectors are kept, company by company; SQL is the truth, so all of it can be made again.

`MemoryVectors` is for private copies (evaluation, tests); `retrieval.chroma` is for a desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from retrieval.embed import DIMENSIONS, Matrix
from retrieval.rows import Row


@dataclass(frozen=True)
class Stored:
    """All rows of one company: parallel sequences."""

    row_ids: tuple[str, ...]
    passage_ids: tuple[str, ...]
    roles: tuple[str, ...]
    signatures: tuple[str, ...]
    vectors: Matrix

    def plus(self, rows: Sequence[Row], vectors: Matrix) -> "Stored":
        """These rows and others, whose signature nobody asks for."""
        if not rows:
            return self
        return Stored(
            (*self.row_ids, *(row.id for row in rows)),
            (*self.passage_ids, *(row.passage_id for row in rows)),
            (*self.roles, *(row.role for row in rows)),
            (*self.signatures, *("" for _ in rows)),
            np.concatenate([self.vectors, vectors]),
        )


class Vectors(Protocol):
    """Keeps the vectors of each company apart. Every method raises RetrievalUnavailable when it cannot."""

    def write(self, company_id: str, rows: Sequence[Row], signatures: Sequence[str], vectors: Matrix) -> None:
        """Add rows whose ids are new to the company."""
        ...

    def delete(self, company_id: str, passage_ids: Sequence[str]) -> None:
        """Remove all rows of the passages."""
        ...

    def drop(self, company_id: str) -> None:
        """Remove all rows of the company."""
        ...

    def read(self, company_id: str, *, vectors: bool = True) -> Stored:
        """All rows of the company; without `vectors` the matrix is empty."""
        ...

    def nearest(self, company_id: str, vectors: Matrix, limit: int) -> list[list[tuple[str, float]]]:
        """Per vector, shape (n, DIMENSIONS), (row id, cosine) of the nearest rows, nearest first."""
        ...

    def reset(self) -> None:
        """Throw everything away, also what cannot be read."""
        ...

    def close(self) -> None:
        """Let other processes open it."""
        ...


EMPTY = Stored((), (), (), (), np.zeros((0, DIMENSIONS), np.float32))


class MemoryVectors:
    """Vectors that end with the process."""

    def __init__(self) -> None:
        self._companies: dict[str, Stored] = {}

    def write(self, company_id: str, rows: Sequence[Row], signatures: Sequence[str], vectors: Matrix) -> None:
        """Add rows whose ids are new to the company."""
        old = self.read(company_id)
        self._companies[company_id] = Stored(
            old.row_ids + tuple(row.id for row in rows),
            old.passage_ids + tuple(row.passage_id for row in rows),
            old.roles + tuple(row.role for row in rows),
            old.signatures + tuple(signatures),
            np.concatenate([old.vectors, vectors]) if old.row_ids else vectors,
        )

    def delete(self, company_id: str, passage_ids: Sequence[str]) -> None:
        """Remove all rows of the passages."""
        old, gone = self.read(company_id), set(passage_ids)
        kept = [n for n, passage in enumerate(old.passage_ids) if passage not in gone]
        self._companies[company_id] = Stored(
            tuple(old.row_ids[n] for n in kept),
            tuple(old.passage_ids[n] for n in kept),
            tuple(old.roles[n] for n in kept),
            tuple(old.signatures[n] for n in kept),
            old.vectors[kept],
        )

    def drop(self, company_id: str) -> None:
        """Remove all rows of the company."""
        self._companies.pop(company_id, None)

    def read(self, company_id: str, *, vectors: bool = True) -> Stored:
        """All rows of the company; `vectors` changes nothing here."""
        del vectors
        return self._companies.get(company_id, EMPTY)

    def nearest(self, company_id: str, vectors: Matrix, limit: int) -> list[list[tuple[str, float]]]:
        """Per vector (row id, cosine) of the nearest rows, nearest first."""
        stored = self.read(company_id)
        return [
            [(stored.row_ids[n], float(cosines[n])) for n in np.argsort(-cosines, kind="stable")[:limit]]
            for cosines in vectors @ stored.vectors.T
        ]

    def reset(self) -> None:
        """Throw everything away."""
        self._companies.clear()

    def close(self) -> None:
        """Nothing to let go of."""
