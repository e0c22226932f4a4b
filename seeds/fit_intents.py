"""Rebuild the intent model from the authored phrases: `python -m seeds.fit_intents [--check]`.

Phrases come from `seeds/phrases` alone. A fifth of the templates is held back to choose the temperature and
to report accuracy on wording the model has not seen; the shipped model is then fitted on all of them.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from language.intent_features import COLUMNS, column, features
from language.intents import ARTEFACT, INTENTS
from language.normalise import normalise
from language.word_vectors import WIDTH, meaning
from seeds.phrase_noise import noisy
from seeds.phrase_templates import Template, templates, write
from seeds.softmax import Floats, Ints, Rows, fit, temperature

_PER_TEMPLATE, _EPOCHS, _DECAY, _SMOOTHING = 100, 12, 2e-6, 0.04
_HELD_BACK = 5


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases as the model sees them, with the intent and the template each came from."""

    rows: Rows
    intents: Ints
    template_of: Ints
    languages: tuple[str, ...]


def read_phrases(listed: list[Template], per_template: int = _PER_TEMPLATE) -> Phrases:
    """Write the phrases of the templates, clean and noisy, and turn them into sparse rows."""
    rows, intents, origins, languages = [], [], [], []
    for number, template in enumerate(listed):
        random = Random(template.seed + 1)
        for i, phrase in enumerate(write(template, per_template)):
            text = phrase if i % 2 == 0 else noisy(phrase, template.language, template.intent, random)
            rows.append(row_of(text))
            intents.append(INTENTS.index(template.intent))
            origins.append(number)
            languages.append(template.language)
    return Phrases(Rows.of(rows), np.array(intents), np.array(origins), tuple(languages))


def row_of(text: str) -> dict[int, float]:
    """One message as the model sees it: named features by column, then the meaning of its words."""
    row = {column(name): value for name, value in features(text).items()}
    meant = meaning(normalise(text).english).tolist()
    return row | {COLUMNS + place: value for place, value in enumerate(meant)}


def fitted(phrases: Phrases, chosen: Ints) -> Floats:
    """Return the weights fitted on the chosen phrases; every template of an intent counts alike."""
    intents, origins = phrases.intents[chosen], phrases.template_of[chosen]
    per_origin = np.bincount(origins, minlength=int(origins.max()) + 1)
    share = per_origin[origins].astype(np.float64) ** -0.5
    per_intent = np.bincount(intents, weights=share, minlength=len(INTENTS))
    importance = (share / np.sqrt(per_intent[intents])).astype(np.float32)
    importance /= importance.mean()
    targets = np.full((len(chosen), len(INTENTS)), _SMOOTHING / len(INTENTS), np.float32)
    targets[np.arange(len(chosen)), intents] += 1 - _SMOOTHING
    return fit(phrases.rows.take(chosen), targets, importance, COLUMNS + WIDTH, _EPOCHS, _DECAY)


def held_back(listed: list[Template], phrases: Phrases) -> tuple[Ints, Ints]:
    """Return the phrases to fit on and those of held-back templates."""
    is_kept_back = np.array([template.seed % _HELD_BACK == 0 for template in listed])
    back = is_kept_back[phrases.template_of]
    return np.flatnonzero(~back), np.flatnonzero(back)


def main() -> None:
    """Fit, report on held-back templates, and write the artefact."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="report only, write nothing")
    arguments = parser.parse_args()
    listed = list(templates(INTENTS))
    phrases = read_phrases(listed)
    known, unseen = held_back(listed, phrases)
    logits = phrases.rows.take(unseen).scores(fitted(phrases, known))
    classes = phrases.intents[unseen]
    divisor = temperature(logits, classes)
    right = logits.argmax(axis=1) == classes
    for language in ("en", "hinglish"):
        mask = np.array([phrases.languages[i] == language for i in unseen])
        print(f"{language}: {right[mask].mean():.3f} right on {mask.sum()} phrases of held-back templates")
    print(f"templates {len(listed)}, phrases {len(phrases.intents)}, temperature {divisor:.2f}")
    if not arguments.check:
        save(fitted(phrases, np.arange(len(phrases.intents))), divisor)


def save(weights: Floats, divisor: float) -> None:
    """Write the artefact: weights in 8 bits with one scale per intent, and the temperature."""
    named, dense = weights[:COLUMNS], weights[COLUMNS:]
    scale = np.abs(named).max(axis=0) / 127
    path = Path(__file__).parent.parent / "language" / "data" / ARTEFACT
    np.savez_compressed(
        path,
        weights=np.round(named / scale).astype(np.int8),
        dense=dense.astype(np.float32),
        scale=scale.astype(np.float32),
        temperature=np.float32(divisor),
    )
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
