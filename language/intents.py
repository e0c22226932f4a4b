"""Classify what a customer wants into ten intents or out of scope: a small linear model, calibrated.

The model is deterministic and explains itself: a verdict names the words that spoke for it. It is rebuilt
from the authored phrases by `python -m seeds.fit_intents`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Literal, get_args

from language.intent_features import column, features
from language.normalise import normalise
from language.text import sentences
from language.word_vectors import meaning

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Intent = Literal[
    "greeting",
    "order_status",
    "refund_request",
    "complaint",
    "ticket_creation",
    "faq_query",
    "shipping_query",
    "product_query",
    "payment_query",
    "abusive_language",
    "out_of_scope",
]
INTENTS: tuple[Intent, ...] = get_args(Intent)
ARTEFACT = "intents.npz"
_SPOKEN = 6
_JOINT = re.compile(
    r",?\s+(?:and also|and then|and|also|plus|aur|or bhi|saath mein)\s+|[,;]\s+", re.IGNORECASE
)
_NO_REQUEST = frozenset({"greeting", "out_of_scope", "abusive_language"})
_SURE, _SHORTEST_REQUEST = 0.7, 3


@dataclass(frozen=True, slots=True)
class IntentVerdict:
    """The most probable intent of a message.

    `scores` are calibrated probabilities that sum to 1; `features` are the words that spoke most for the
    intent, with their weight; `second` is the runner-up where it is worth asking about (a fifth of the
    probability).
    """

    intent: Intent
    confidence: float
    scores: dict[str, float]
    features: tuple[tuple[str, float], ...]
    second: str | None


@dataclass(frozen=True, slots=True)
class IntentModel:
    """Weights by feature column and intent (columns x intents), already divided by the temperature.

    `dense` are those of the meaning of the words (WIDTH x intents).
    """

    weights: NDArray[np.float32]
    dense: NDArray[np.float32]

    @staticmethod
    def load() -> IntentModel:
        """Return the model shipped with the package."""
        return _shipped()

    def classify(self, text: str) -> IntentVerdict:
        """Return the verdict on one message of any length; the same text always has the same verdict."""
        return _classify(self, text)

    def requests(self, text: str) -> tuple[IntentVerdict, ...]:
        """Return a verdict for each request that `text` makes, in order; one for most messages.

        Parts joined by "and", "aur" or a full stop count when they are sure on their own and differ.
        """
        sure = (self.classify(part) for part in _parts(text))
        found = {v.intent: v for v in sure if v.confidence >= _SURE and v.intent not in _NO_REQUEST}
        return tuple(found.values()) if len(found) > 1 else (self.classify(text),)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def _parts(text: str) -> list[str]:
    parts = (part for sentence in sentences(text) for part in _JOINT.split(sentence))
    return [part for part in parts if len(part.split()) >= _SHORTEST_REQUEST]


@cache
def _shipped() -> IntentModel:
    import numpy as np

    with as_file(files("language") / "data" / ARTEFACT) as path, np.load(path) as stored:
        weights = stored["weights"].astype(np.float32) * stored["scale"] / stored["temperature"]
        dense = stored["dense"] / stored["temperature"]
    return IntentModel(weights.astype(np.float32), dense.astype(np.float32))


@lru_cache(maxsize=4_096)
def _classify(model: IntentModel, text: str) -> IntentVerdict:
    import numpy as np

    found = features(text)
    rows = model.weights[[column(name) for name in found]]
    spoken = rows * np.fromiter(found.values(), np.float32, len(found))[:, None]
    logits = spoken.sum(axis=0) + meaning(normalise(text).english) @ model.dense
    odds = np.exp(logits - logits.max())
    scores = odds / odds.sum()
    order = np.argsort(-scores, kind="stable")
    best, runner_up = int(order[0]), int(order[1])
    return IntentVerdict(
        intent=INTENTS[best],
        confidence=round(float(scores[best]), 6),
        scores={intent: round(float(score), 6) for intent, score in zip(INTENTS, scores, strict=True)},
        features=_reasons(list(found), spoken[:, best] - spoken.mean(axis=1)),
        second=INTENTS[runner_up] if scores[runner_up] >= 0.2 else None,
    )


def _reasons(names: list[str], weights: NDArray[np.float32]) -> tuple[tuple[str, float], ...]:
    """Return the words and pairs that spoke most for the intent, the strongest first."""
    spoken: dict[str, float] = {}
    for name, weight in zip(names, weights.tolist(), strict=True):
        if name[:2] in {"w:", "e:"} and weight > 0:
            spoken[name[2:]] = max(weight, spoken.get(name[2:], 0.0))
    ranked = sorted(spoken.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((word, round(weight, 3)) for word, weight in ranked[:_SPOKEN])
