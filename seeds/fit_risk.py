"""Fit the injection model on our own phrases; run it again after changing them.

`python -m seeds.fit_risk` writes `language/data/risk_model.json`. Deterministic: same phrases, same file.
"""

import hashlib
import itertools
import json
import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from language.risk_model import features

_CHOICE = re.compile(r"\{([^{}]*)\}")
_PER_TEMPLATE = 16
_MIN_COUNT = 3
_L2, _STEPS, _RATE = 0.002, 400, 2.0
Floats = NDArray[np.float64]


def phrases(name: str) -> list[str]:
    """Return the expanded phrases of `seeds/phrases/risk/<name>.txt`, a fixed sample per template."""
    lines = (files("seeds") / "phrases" / "risk" / f"{name}.txt").read_text("utf-8").splitlines()
    return [phrase for line in lines if line and line[0] != "#" for phrase in expand(line)]


def expand(template: str) -> list[str]:
    """Return up to `_PER_TEMPLATE` readings of a template with `{a|b}` choices, the same ones every time."""
    parts = _CHOICE.split(template)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    every = (
        " ".join("".join(chosen).split()) for chosen in itertools.islice(itertools.product(*choices), 20_000)
    )
    ranked = sorted(every, key=lambda text: hashlib.sha256(text.encode()).digest())
    return ranked[:_PER_TEMPLATE]


def fit(attacks: list[str], harmless: list[str]) -> tuple[float, dict[str, float]]:
    """Return bias and weights of an L2 logistic regression over length-normalised word features."""
    rows = [features(text) for text in (*attacks, *harmless)]
    counts = Counter(feature for row in rows for feature in row)
    vocabulary = sorted(feature for feature, count in counts.items() if count >= _MIN_COUNT)
    place = {feature: index for index, feature in enumerate(vocabulary)}
    matrix = np.zeros((len(rows), len(vocabulary)))
    for index, row in enumerate(rows):
        for feature in row & place.keys():
            matrix[index, place[feature]] = 1 / len(row) ** 0.5
    labels = np.array([1.0] * len(attacks) + [0.0] * len(harmless))
    balance = np.where(labels == 1, 0.5 / len(attacks), 0.5 / len(harmless))
    bias, weights = _descend(matrix, labels, balance)
    return bias, {feature: round(float(weights[place[feature]]), 3) for feature in vocabulary}


def _descend(matrix: Floats, labels: Floats, balance: Floats) -> tuple[float, Floats]:
    """Minimise the balanced logistic loss by gradient descent with momentum."""
    weights, speed = np.zeros(matrix.shape[1]), np.zeros(matrix.shape[1])
    bias = bias_speed = 0.0
    for _ in range(_STEPS):
        guess = 1 / (1 + np.exp(-(matrix @ weights + bias)))
        error = (guess - labels) * balance
        speed = 0.9 * speed - _RATE * (matrix.T @ error + _L2 * weights / 10)
        bias_speed = 0.9 * bias_speed - _RATE * float(error.sum())
        weights, bias = weights + speed, bias + bias_speed
    return round(bias, 4), weights


def write(path: Path) -> None:
    """Fit on all phrases and write the model."""
    bias, weights = fit(phrases("injection"), phrases("benign"))
    kept = {feature: weight for feature, weight in weights.items() if abs(weight) >= 0.05}
    path.write_text(json.dumps({"bias": bias, "weights": kept}, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    write(Path(str(files("language") / "data" / "risk_model.json")))
