"""The decision that a passage answers a question, apart from being near: a calibrated probability.

A few small networks over named features, fitted by `seeds.fit_answerability` on questions that we wrote.
"""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray

WIDEST = 4.0
"""Standard deviations that a feature counts at most: further out nothing was learnt."""


KNOWN = {"elsewhere": -2.5, "place": -0.3, "named": 1.0, "undeclared": -0.6}
"""What is known beforehand, on the logit: a passage on one country does not answer for another, hardly one
that names none, and before a list one on the country itself; where nothing was declared not covered, what is
near is taken with more doubt. Our few companies show it too seldom to learn it."""


@dataclass(frozen=True)
class Network:
    """One hidden layer of rectified units, then a logistic unit."""

    hidden: NDArray[np.float64]
    """Shape (features + 1, units); the last row is the bias."""
    output: NDArray[np.float64]
    """Shape (units + 1,); the last is the bias."""

    def logits(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of standardised values, shape (passages, features)."""
        units = np.maximum(values @ self.hidden[:-1] + self.hidden[-1], 0.0)
        found: NDArray[np.float64] = units @ self.output[:-1] + self.output[-1]
        return found


@dataclass(frozen=True)
class Judge:
    """The mean of several networks."""

    names: tuple[str, ...]
    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    shift: float
    """Added to the logit: what is known of how often questions are answerable."""
    networks: tuple[Network, ...]

    def probabilities(self, found: Sequence[Mapping[str, float]]) -> list[float]:
        """How likely each passage answers, 0..1."""
        if not found:
            return []
        values = np.array([[features[name] for name in self.names] for features in found])
        values = np.clip((values - self.means) / self.scales, -WIDEST, WIDEST)
        logits = np.mean([network.logits(values) for network in self.networks], axis=0) + self.shift
        for name, weight in KNOWN.items():
            logits += weight * np.array([features[name] for features in found])
        return [float(p) for p in 1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0)))]


Sight = Literal["taught", "meaning", "words"]
"""What there is to judge by: lessons and vectors of meaning, vectors alone, words alone."""


@functools.cache
def judge(sight: Sight) -> Judge:
    """The fitted model for what there is to judge by."""
    chosen = json.loads((files("retrieval") / "data" / "answerability.json").read_text("utf-8"))[sight]
    return Judge(
        tuple(chosen["names"]),
        np.array(chosen["means"]),
        np.array(chosen["scales"]),
        chosen["shift"],
        tuple(Network(np.array(one["hidden"]), np.array(one["output"])) for one in chosen["networks"]),
    )
