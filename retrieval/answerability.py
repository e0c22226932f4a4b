"""The decision that a passage answers a question, apart from being near: a calibrated probability.

The weights are fitted by `seeds.fit_answerability` on questions that we wrote.
"""

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Judge:
    """A logistic model over named features."""

    intercept: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """How likely the passage answers, 0..1."""
        total = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@functools.cache
def judge(*, semantic: bool) -> Judge:
    """The fitted model: with vectors of meaning, or with words alone."""
    table = json.loads((files("retrieval") / "data" / "answerability.json").read_text("utf-8"))
    chosen = table["semantic" if semantic else "words"]
    return Judge(chosen["intercept"], chosen["weights"])
