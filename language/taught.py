"""An intent classifier that a company has taught phrases of its own, beside the model that is shipped.

A message that is near to a taught phrase leans to that phrase's intent, the more the nearer; a message that
is near to none is classified as before. Nothing is fitted, so a phrase counts from the moment it is saved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from language.intent_features import features
from language.intents import INTENTS, IntentModel, IntentVerdict
from language.normalise import normalise
from language.word_vectors import meaning

_NEAR = 0.4  # likeness from which a phrase speaks
_PULL = 12.0  # log odds that a phrase which is the message itself adds
_MEANT = 0.35  # share of the likeness that the meaning of the words makes up
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class TaughtPhrase:
    """A phrase and the intent it stands for (one of `INTENTS`)."""

    text: str
    intent: str


class TaughtModel:
    """The shipped model with one company's phrases."""

    def __init__(self, base: IntentModel, phrases: Iterable[TaughtPhrase]) -> None:
        self._base = base
        self._phrases = tuple(phrase for phrase in phrases if phrase.intent in INTENTS)
        self._meant = np.stack([_meant(phrase.text) for phrase in self._phrases])
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, phrase in enumerate(self._phrases):
            for name, weight in _unit(phrase.text).items():
                found[name].append((place, weight))
        self._places = {
            name: (np.array([place for place, _ in having]), np.array([weight for _, weight in having]))
            for name, having in found.items()
        }

    def classify(self, text: str) -> IntentVerdict:
        """The verdict of the shipped model, drawn to the intents of the phrases that are near."""
        verdict = self._base.classify(text)
        pulls: dict[str, tuple[float, str]] = {}
        for place, likeness in self._near(text).items():
            phrase = self._phrases[place]
            strength = _PULL * (likeness - _NEAR) / (1 - _NEAR)
            if strength > pulls.get(phrase.intent, (0.0, ""))[0]:
                pulls[phrase.intent] = (strength, phrase.text)
        return _drawn(verdict, pulls) if pulls else verdict

    def _near(self, text: str) -> dict[int, float]:
        """The phrases that are like the message, by place, with how like they are (0..1)."""
        shared = self._meant @ _meant(text) * _MEANT
        for name, weight in _unit(text).items():
            if (having := self._places.get(name)) is not None:
                shared[having[0]] += (1 - _MEANT) * weight * having[1]
        return {int(place): min(float(shared[place]), 1.0) for place in np.flatnonzero(shared > _NEAR)}


def _meant(text: str) -> NDArray[np.float64]:
    return meaning(normalise(text).english).astype(np.float64)


@lru_cache(maxsize=4_096)
def _unit(text: str) -> dict[str, float]:
    """The features of a text but its shape, as a unit vector."""
    named = {name: weight for name, weight in features(text).items() if not name.startswith("s:")}
    length = sum(weight * weight for weight in named.values()) ** 0.5
    return {name: weight / length for name, weight in named.items()} if length else {}


def _drawn(verdict: IntentVerdict, pulls: dict[str, tuple[float, str]]) -> IntentVerdict:
    odds = {
        intent: exp(log(max(score, _LEAST)) + pulls.get(intent, (0.0, ""))[0])
        for intent, score in verdict.scores.items()
    }
    total = sum(odds.values())
    scores = {intent: round(value / total, 6) for intent, value in odds.items()}
    best, runner_up = sorted(INTENTS, key=lambda intent: -scores[intent])[:2]
    taught = [(f"taught: {text}", round(pull, 3)) for pull, text in sorted(pulls.values(), reverse=True)]
    return replace(
        verdict,
        intent=best,
        confidence=scores[best],
        scores=scores,
        features=(*taught, *verdict.features)[:6],
        second=runner_up if scores[runner_up] >= 0.2 else None,
    )
