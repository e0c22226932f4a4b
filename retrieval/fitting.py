"""Which stored vectors were made from just these passages."""

from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.rows import Row, signature
from retrieval.vectors import EMPTY, Stored, Vectors


def fitting(
    store: Vectors,
    company_id: str,
    rows: Mapping[str, Sequence[Row]],
    embedder: str,
    *,
    most: int | None = None,
) -> tuple[Stored, int]:
    """The stored rows that were made from these very passages, and how many passages have none.

    Where there are more than `most` rows, their vectors are left in the store.
    """
    marks = {passage_id: signature(list(found), embedder) for passage_id, found in rows.items()}
    stored = store.read(company_id, vectors=False)
    if stored.row_ids and (most is None or len(stored.row_ids) <= most):
        stored = store.read(company_id)
    pairs = zip(stored.passage_ids, stored.signatures, strict=True)
    kept = [n for n, (passage_id, mark) in enumerate(pairs) if marks.get(passage_id) == mark]
    found = Stored(
        tuple(stored.row_ids[n] for n in kept),
        tuple(stored.passage_ids[n] for n in kept),
        tuple(stored.roles[n] for n in kept),
        tuple(stored.signatures[n] for n in kept),
        stored.vectors[kept] if len(stored.vectors) == len(stored.row_ids) else np.zeros_like(EMPTY.vectors),
    )
    return found, len(marks.keys() - set(found.passage_ids))
