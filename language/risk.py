"""Weigh the risk signals in a customer's message, and say what follows from them.

The signals only lower authority or change the tone; the wall against injection is that no text can reach a
tool or another customer's data (`tools/` and `graph/`). Weights, thresholds and outcomes are data
(`data/safety.toml`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from language.abuse import abuse
from language.disguise import views
from language.normalise import normalise
from language.risk_model import probability
from language.risk_rules import Hit, data, search
from language.spam import spam

Outcome = Literal["pass", "restrict", "calm", "refuse", "care", "escalate"]
Mode = Literal["strict", "balanced", "permissive"]
_PRECEDENCE: tuple[Outcome, ...] = ("care", "escalate", "refuse", "restrict", "calm")
_HINGLISH_SHARE = 0.25
_MOST = 0.7


@dataclass(frozen=True, slots=True)
class Flag:
    """One signal: its name, family, weight 0..1, and the words that raised it."""

    name: str
    family: str
    weight: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Risk:
    """The signals that were strong enough to report, and 0..1 for all of them together."""

    flags: tuple[Flag, ...]
    score: float


def assess(text: str, pii: Sequence[str] = ()) -> Risk:
    """Return the risk of `text` (already redacted); `pii` are the flags of its redaction (`pii_card`)."""
    raised = [flag for family in data()["flags"] for flag in _raised(text, family)]
    private = [
        Flag(flag, "pii", float(data()["pii"].get(flag.removeprefix("pii_"), 0.0)), "") for flag in pii
    ]
    flags = (*raised, *private)
    return Risk(flags, round(_either(flag.weight for flag in flags), 4))


def family_score(text: str, family: str) -> float:
    """Return 0..1 for one family: injection, code, abusive, threat, harmful, self_harm or spam."""
    return _either(hit.weight for hit in _hits(text) if hit.family == family)


def is_raised(text: str, family: str) -> bool:
    """Tell whether the family's flags are reported for `text`."""
    return family_score(text, family) >= float(data()["flags"][family])


def decide_outcome(risk: Risk, mode: Mode) -> Outcome:
    """Return what the desk does: go on, lower authority, answer calmly, refuse, care, or hand over.

    The gravest outcome wins; a family counts from its threshold under `mode`. Personal data changes nothing
    here: it has been taken out of the text.
    """
    thresholds, outcomes = data()["modes"][mode], data()["outcomes"]
    reached = {
        outcomes[family]
        for family in outcomes
        if _either(flag.weight for flag in risk.flags if flag.family == family) >= thresholds[family]
    }
    return next((outcome for outcome in _PRECEDENCE if outcome in reached), "pass")


def _raised(text: str, family: str) -> list[Flag]:
    if not is_raised(text, family):
        return []
    best: dict[str, Hit] = {}
    for hit in _hits(text):
        if hit.family == family and hit.weight > best.get(hit.name, _NOTHING).weight:
            best[hit.name] = hit
    return [Flag(hit.name, hit.family, round(hit.weight, 3), hit.evidence) for hit in best.values()]


_NOTHING = Hit("", "", 0.0, "")


@lru_cache(maxsize=512)
def _hits(text: str) -> tuple[Hit, ...]:
    """Return the strongest hit of each rule weight over all readings of `text`, and those of the models."""
    best: dict[tuple[str, float], Hit] = {}
    seen = views(text)
    for view in seen:
        for hit in search(view):
            key = (hit.name, round(hit.weight, 2))
            if hit.weight > best.get(key, _NOTHING).weight:
                best[key] = hit
    return (*best.values(), *_modelled(seen), *abuse(text), *spam(text))


def _modelled(seen: Sequence[str]) -> list[Hit]:
    weight = max((_weighed(probability(view), view) for view in seen), default=0.0)
    return [Hit("injection", "prompt_injection", weight, "wording")] if weight > 0 else []


def _weighed(guess: float, view: str) -> float:
    """Return the weight of the model's probability; from `sure` on it suffices by itself."""
    words = normalise(view).hinglish
    hinglish = sum(words) >= _HINGLISH_SHARE * max(1, len(words))
    sure = float(data()["model"]["sure"]["hinglish" if hinglish else "en"])
    return min(_MOST, max(0.0, guess - 0.5) / (sure - 0.5) * 0.5)


def _either(weights: Iterable[float]) -> float:
    """Return the weight of several independent signals together."""
    left = 1.0
    for weight in weights:
        left *= 1 - weight
    return 1 - left
