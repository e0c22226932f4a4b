"""Fits the small networks of `retrieval.answerability`; the same examples give the same weights."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.answerability import WIDEST, Judge, Network

UNITS, NETWORKS = 24, 4
ROUNDS, BATCH, RATE, DECAY = 14, 256, 0.004, 0.01
Floats = NDArray[np.float64]


def fit_judge(names: Sequence[str], values: Floats, truth: Floats, counts: Floats, shift: float) -> Judge:
    """Networks that tell true from false examples; `counts` is how much each example weighs."""
    means, scales = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-3)
    standard = np.clip((values - means) / scales, -WIDEST, WIDEST)
    networks = tuple(_fit(standard, truth, counts, seed) for seed in range(NETWORKS))
    return Judge(tuple(names), means, scales, shift, networks)


def _fit(values: Floats, truth: Floats, counts: Floats, seed: int) -> Network:
    """Adam on the cross-entropy; examples are drawn as often as they weigh."""
    chance = np.random.default_rng(seed)
    shares = counts / counts.sum()
    size = values.shape[1]
    parts = [
        chance.normal(0.0, np.sqrt(2.0 / size), (size + 1, UNITS)),
        chance.normal(0.0, np.sqrt(1.0 / UNITS), UNITS + 1),
    ]
    first, second = ([np.zeros_like(part) for part in parts] for _ in range(2))
    drawn = chance.choice(len(values), (ROUNDS, len(values)), p=shares)
    steps = [row[at : at + BATCH] for row in drawn for at in range(0, len(values), BATCH)]
    for step, some in enumerate(steps, start=1):
        rate = RATE * (1.0 - (step - 1) / len(steps))
        slopes = _slopes(parts, values[some], truth[some])
        for part, slope, mean, square in zip(parts, slopes, first, second, strict=True):
            slope[:-1] += DECAY * part[:-1]
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope**2 - square)
            fair = np.sqrt(square / (1.0 - 0.999**step)) + 1e-8
            part -= rate * (mean / (1.0 - 0.9**step)) / fair
    return Network(parts[0], parts[1])


def _slopes(parts: Sequence[Floats], values: Floats, truth: Floats) -> tuple[Floats, Floats]:
    hidden, output = parts
    units = np.maximum(values @ hidden[:-1] + hidden[-1], 0.0)
    said = 1.0 / (1.0 + np.exp(-np.clip(units @ output[:-1] + output[-1], -30, 30)))
    wrong = (said - truth) / len(truth)
    back = np.outer(wrong, output[:-1]) * (units > 0)
    return (
        np.vstack([values.T @ back, back.sum(axis=0)]),
        np.append(units.T @ wrong, wrong.sum()),
    )


def as_table(judge: Judge) -> dict[str, object]:
    """The judge as it is written to a file."""

    def plain(values: Floats) -> object:
        return np.round(values, 4).tolist()

    return {
        "names": list(judge.names),
        "means": plain(judge.means),
        "scales": plain(judge.scales),
        "shift": round(judge.shift, 4),
        "networks": [{"hidden": plain(one.hidden), "output": plain(one.output)} for one in judge.networks],
    }
