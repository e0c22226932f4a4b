"""The decision that a passage answers a question, apart from being near: a calibrated probability.

A few small networks over named features, fitted by `seeds.fit_answerability` on questions that we wrote.
"""

import functools
import json
from collections.abc import Mapping
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

    def logit(self, values: NDArray[np.float64]) -> float:
        """Of standardised values, shape (features,)."""
        units = np.maximum(values @ self.hidden[:-1] + self.hidden[-1], 0.0)
        return float(units @ self.output[:-1] + self.output[-1])


@dataclass(frozen=True)
class Judge:
    """The mean of several networks."""

    names: tuple[str, ...]
    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    shift: float
    """Added to the logit: what is known of how often questions are answerable."""
    networks: tuple[Network, ...]

    def probability(self, features: Mapping[str, float]) -> float:
        """How likely a passage with these features answers, 0..1."""
        values = (np.array([features[name] for name in self.names]) - self.means) / self.scales
        values = np.clip(values, -WIDEST, WIDEST)
        logit = float(np.mean([network.logit(values) for network in self.networks])) + self.shift
        logit += sum(weight * features[name] for name, weight in KNOWN.items())
        return float(1.0 / (1.0 + np.exp(-np.clip(logit, -30.0, 30.0))))


Sight = Literal["taught", "thin", "meaning", "words"]
"""What there is to judge by: lessons and meaning, lessons but of others only, meaning alone, words alone."""


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
