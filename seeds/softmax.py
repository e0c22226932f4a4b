"""Fit a softmax regression on sparse rows, with numpy alone and the same result every time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: `columns` and `values` of row i stand at `starts[i]` up to `starts[i + 1]`."""

    columns: Ints
    values: Floats
    starts: Ints

    @staticmethod
    def of(rows: list[dict[int, float]]) -> "Rows":
        """Build from one mapping of column to value per row; rows must not be empty."""
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        columns = np.fromiter((c for row in rows for c in row), np.int64, int(lengths.sum()))
        values = np.fromiter((v for row in rows for v in row.values()), np.float32, int(lengths.sum()))
        return Rows(columns, values, np.concatenate(([0], np.cumsum(lengths))))

    def take(self, chosen: Ints) -> "Rows":
        """Return some rows, in the given order."""
        lengths = self.starts[chosen + 1] - self.starts[chosen]
        ends = np.cumsum(lengths)
        places = np.arange(int(ends[-1])) + np.repeat(self.starts[chosen] - (ends - lengths), lengths)
        return Rows(self.columns[places], self.values[places], np.concatenate(([0], ends)))

    def scores(self, weights: Floats) -> Floats:
        """Return the logits (rows x classes)."""
        spoken = weights[self.columns] * self.values[:, None]
        return np.add.reduceat(spoken, self.starts[:-1], axis=0)


def probabilities(logits: Floats) -> Floats:
    """Return the softmax of each row."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    total: Floats = odds / odds.sum(axis=1, keepdims=True)
    return total


def fit(rows: Rows, targets: Floats, importance: Floats, columns: int, epochs: int, decay: float) -> Floats:
    """Return weights (columns x classes) fitted by Adagrad on `targets` (a distribution per row)."""
    random = np.random.default_rng(7)
    weights = np.zeros((columns, targets.shape[1]), np.float32)
    squares = np.full_like(weights, 0.02)
    count = targets.shape[0]
    for epoch in range(epochs):
        rate = 0.5 * (1 - epoch / epochs) + 0.02
        order = random.permutation(count)
        for begin in range(0, count, 256):
            chosen = order[begin : begin + 256]
            _step(weights, squares, rows.take(chosen), targets[chosen], importance[chosen], rate, decay)
    return weights


def _step(
    weights: Floats,
    squares: Floats,
    rows: Rows,
    targets: Floats,
    importance: Floats,
    rate: float,
    decay: float,
) -> None:
    error = (probabilities(rows.scores(weights)) - targets) * importance[:, None] / len(targets)
    lengths = np.diff(rows.starts)
    touched, places = np.unique(rows.columns, return_inverse=True)
    spread = np.repeat(error, lengths, axis=0) * rows.values[:, None]
    slope = np.zeros((len(touched), targets.shape[1]), np.float32)
    np.add.at(slope, places, spread)
    slope += decay * weights[touched]
    squares[touched] += slope**2 * 256
    weights[touched] -= rate * slope * 16 / np.sqrt(squares[touched])


def temperature(logits: Floats, classes: Ints) -> float:
    """Return the divisor of the logits that makes the probabilities of the right classes most likely."""
    rows = np.arange(len(classes))
    divisors = [float(t) for t in np.geomspace(0.25, 6.0, 120)]
    losses = [-np.log(probabilities(logits / t)[rows, classes] + 1e-9).mean() for t in divisors]
    return divisors[int(np.argmin(losses))]
