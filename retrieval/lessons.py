"""What the phrasings of content owners teach: which passage a question is asked of. Kernel ridge regression.

Two texts are alike as far as they mean the same, as written or as glossed, and share pieces of words. One
nearest phrasing is often by chance the wrong one; all phrasings together are right far more often.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.embed import Embedder, Matrix
from retrieval.pieces import WIDTH, pieces
from retrieval.words import gloss

SHARPNESS = 3.0
PIECES_WEIGH = 0.4
RIDGE = 0.5
BLOCK = 512
_Pieces = Sequence[tuple[int, float]]


@dataclass(frozen=True)
class Spelling:
    """The pieces of many texts, kept by piece, and how telling each piece is."""

    starts: NDArray[np.int64]
    """Where the texts of each piece begin in `texts`, shape (WIDTH + 1,)."""
    texts: NDArray[np.int64]
    weights: NDArray[np.float32]
    telling: NDArray[np.float32]
    size: int

    def shared(self, asked: _Pieces) -> NDArray[np.float32]:
        """How much of its pieces each text shares with `asked`: a cosine, shape (size,)."""
        if not asked:
            return np.zeros(self.size, np.float32)
        weights = np.array([weight for _, weight in asked], np.float32)
        weights *= self.telling[[number for number, _ in asked]]
        length = float(np.linalg.norm(weights)) or 1.0
        parts = [slice(self.starts[number], self.starts[number + 1]) for number, _ in asked]
        places = np.concatenate([self.texts[part] for part in parts])
        shares = np.concatenate([self.weights[p] * w for p, w in zip(parts, weights, strict=True)])
        found = np.bincount(places, shares, minlength=self.size)
        return (found / length).astype(np.float32)


@dataclass(frozen=True)
class Lessons:
    """What was learnt of one company's passages; scores are about 1 for the passage that is asked of."""

    vectors: Matrix
    written: NDArray[np.int64]
    """For each text, which row of `vectors` is the text as written."""
    glossed: NDArray[np.int64]
    spelling: Spelling
    weights: Matrix
    """Shape (texts, documents)."""

    def scores(self, cosines: Matrix, text: str) -> NDArray[np.float32]:
        """How much a question belongs to each document, shape (documents,).

        `cosines`: of `vectors` with the question as written and as glossed, shape (vectors, 1 or 2); `text`:
        both in a row.
        """
        near = np.exp(SHARPNESS * (cosines - 1.0)).mean(axis=1)
        alike = (near[self.written] + near[self.glossed]) / 2
        alike += PIECES_WEIGH * self.spelling.shared(pieces(text))
        found: NDArray[np.float32] = alike @ self.weights
        return found


def learn(
    documents: Sequence[Sequence[str]],
    same: NDArray[np.bool_],
    embedder: Embedder,
    known: Matrix | None = None,
) -> Lessons:
    """Learn from the texts of each document; `same[i, j]`: what is asked of i, j answers too.

    `known`: the weights, where they were learnt of just this before.
    """
    texts = [text for document in documents for text in document]
    english = [gloss(text) or text for text in texts]
    places = {text: place for place, text in enumerate(dict.fromkeys((*texts, *english)))}
    vectors = embedder.embed(list(places))
    written = np.array([places[text] for text in texts], np.int64)
    glossed = np.array([places[text] for text in english], np.int64)
    spelled = [pieces(joint(text, gloss)) for text, gloss in zip(texts, english, strict=True)]
    spelling = _spelling(spelled)
    if known is None:
        alike = _alike(vectors, written, glossed)
        for row, asked in zip(alike, spelled, strict=True):
            row += PIECES_WEIGH * spelling.shared(asked)
        alike[np.diag_indices(len(alike))] += RIDGE
        owners = np.repeat(np.arange(len(documents)), [len(document) for document in documents])
        known = solve(alike, same[owners].astype(np.float32)).astype(np.float16)
    return Lessons(vectors, written, glossed, spelling, known.astype(np.float32))


def solve(matrix: Matrix, wanted: Matrix) -> Matrix:
    """`matrix` @ x = `wanted` for a symmetric positive definite matrix, which is overwritten; Cholesky.

    In blocks, so that nearly all of it is matrix products: half the work of a general solver.
    """
    x = wanted.copy()
    blocks = [slice(at, min(at + BLOCK, len(x))) for at in range(0, len(x), BLOCK)]
    inverses: list[Matrix] = []
    for place, here in enumerate(blocks):
        inverses.append(np.linalg.inv(np.linalg.cholesky(matrix[here, here])))
        below = slice(here.stop, None)
        matrix[below, here] = matrix[below, here] @ inverses[-1].T
        x[here] = inverses[-1] @ x[here]
        x[below] -= matrix[below, here] @ x[here]
        for column in blocks[place + 1 :]:
            matrix[column.start :, column] -= matrix[column.start :, here] @ matrix[column, here].T
    for here, inverse in zip(reversed(blocks), reversed(inverses), strict=True):
        below = slice(here.stop, None)
        x[here] = inverse.T @ (x[here] - matrix[below, here].T @ x[below])
    return x


def joint(text: str, english: str) -> str:
    """A text and its gloss as the pieces of both are taken."""
    return f"{text} {english}"


def _alike(vectors: Matrix, written: NDArray[np.int64], glossed: NDArray[np.int64]) -> Matrix:
    """Nearness in meaning of all texts, mean over their wordings; in blocks, to need little memory."""
    found = np.empty((len(written), len(written)), np.float32)
    for start in range(0, len(written), BLOCK):
        part = slice(start, start + BLOCK)
        near = np.exp(SHARPNESS * (vectors[written[part]] @ vectors.T - 1.0))
        near += np.exp(SHARPNESS * (vectors[glossed[part]] @ vectors.T - 1.0))
        found[part] = (near[:, written] + near[:, glossed]) / 4
    return found


def _spelling(texts: Sequence[_Pieces]) -> Spelling:
    flat = [(number, row, weight) for row, found in enumerate(texts) for number, weight in found]
    numbers = np.array([number for number, _, _ in flat], np.int64)
    rows = np.array([row for _, row, _ in flat], np.int64)
    weights = np.array([weight for _, _, weight in flat], np.float32)
    counts = np.bincount(numbers, minlength=WIDTH)
    telling = np.log((len(texts) + 1) / (counts + 1)).astype(np.float32)
    weights *= telling[numbers]
    lengths = np.sqrt(np.bincount(rows, weights**2, minlength=len(texts)))
    weights /= np.maximum(lengths, 1e-9)[rows].astype(np.float32)
    order = np.argsort(numbers, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)])
    return Spelling(starts, rows[order], weights[order], telling, len(texts))
