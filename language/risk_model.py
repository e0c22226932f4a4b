"""A small linear model over words: the part of the injection signal that fixed patterns miss.

Its weights are fitted by `seeds/fit_risk.py` on phrases of ours and kept as data, so that every decision can
be explained by the words that made it.
"""

import json
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import exp

from language.normalise import normalise

MAX_WORDS = 35
"""Words of one piece of text that is judged; a longer text is judged piece by piece."""


def features(text: str) -> frozenset[str]:
    """Return the words, pairs and near pairs of `text` in canonical spelling."""
    words = ["^", *(("0" if any(c.isdigit() for c in word) else word) for word in normalise(text).roots)]
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    near = [f"{a} _ {b}" for a, b in zip(words, words[2:], strict=False)]
    return frozenset((*words[1:], *pairs, *near))


_FEW = 18
"""The features of a text of some six words; a shorter one proves little and weighs as if it had as many."""


@cache
def _model() -> tuple[float, dict[str, float]]:
    text = (files("language") / "data" / "risk_model.json").read_text("utf-8")
    loaded = json.loads(text)
    return loaded["bias"], loaded["weights"]


def probability(text: str) -> float:
    """Return the probability that the worst piece of `text` tries to take over the assistant."""
    words = text.split()
    pieces = [" ".join(words[i : i + MAX_WORDS]) for i in range(0, max(1, len(words)), MAX_WORDS)]
    return max(_piece(piece) for piece in pieces)


def _piece(text: str) -> float:
    bias, weights = _model()
    found = features(text)
    known = [weights[feature] for feature in found if feature in weights]
    if not known:
        return 0.0
    score = bias + sum(known) / (max(len(found), _FEW) ** 0.5)
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))
