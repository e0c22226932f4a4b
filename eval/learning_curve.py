"""How much the authored phrases teach, and what each part of the classifier adds.

`python -m eval.learning_curve [--out DIR]` fits on growing shares of the templates, then on all of them
without one part, and measures on templates that no fit has seen. It writes `learning_curve.json` and `.svg`.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from eval.plots import Series, lines
from language.intent_features import COLUMNS, column, features_of
from language.intents import INTENTS
from language.normalise import Normalised, normalise
from language.text import tokens
from language.word_vectors import meaning
from seeds.fit_intents import Phrases, fitted, held_back
from seeds.phrase_noise import noisy
from seeds.phrase_templates import Template, templates, write
from seeds.softmax import Ints, Rows

PER_TEMPLATE = 12
SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 1.0)
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#555}.grid{stroke:#ccc}.f1{fill:#1d4fa3}.f2{fill:#b3541e}"
    ".s1{stroke:#1d4fa3;fill:none}.s2{stroke:#b3541e;fill:none}"
)
Named = dict[str, float]
Part = tuple[str, Callable[[str], Normalised], frozenset[str]]


def unread(text: str) -> Normalised:
    """A text as typed: no spelling is mended, nothing is translated."""
    said = tokens(text)
    return Normalised(said, " ".join(said), tuple(False for _ in said), said)


ALL = frozenset("wecsm")
PARTS: tuple[Part, ...] = (
    ("everything", normalise, ALL),
    ("without the normaliser", unread, ALL),
    ("without canonical words", normalise, ALL - {"w"}),
    ("without English concepts", normalise, ALL - {"e"}),
    ("without letters of words", normalise, ALL - {"c"}),
    ("without the shape", normalise, ALL - {"s"}),
    ("without the meaning of words", normalise, ALL - {"m"}),
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The phrases of all templates, before they are features."""

    listed: list[Template]
    texts: list[str]
    origins: list[int]

    def rows(self, part: Part) -> Phrases:
        """The phrases as a part of the classifier sees them."""
        intents = [INTENTS.index(self.listed[origin].intent) for origin in self.origins]
        languages = tuple(self.listed[origin].language for origin in self.origins)
        rows = Rows.of([_row(text, part) for text in self.texts])
        return Phrases(rows, np.array(intents), np.array(self.origins), languages)


def corpus(per_template: int = PER_TEMPLATE) -> Corpus:
    """Write every template's phrases, every other one with noise, the same each time."""
    listed = list(templates(INTENTS))
    texts, origins = [], []
    for number, template in enumerate(listed):
        random = Random(template.seed + 1)
        for place, phrase in enumerate(write(template, per_template)):
            noise = place % 2 == 1
            texts.append(noisy(phrase, template.language, template.intent, random) if noise else phrase)
            origins.append(number)
    return Corpus(listed, texts, origins)


def _row(text: str, part: Part) -> dict[int, float]:
    _, read, groups = part
    normal = read(text)
    named: Named = {name: v for name, v in features_of(normal, text).items() if name[0] in groups}
    row = {column(name): value for name, value in named.items()}
    if "m" in groups:
        row |= {COLUMNS + place: value for place, value in enumerate(meaning(normal.english).tolist())}
    return row or {column("s:always"): 1.0}


def accuracy(phrases: Phrases, fit_on: Ints, unseen: Ints) -> dict[str, float]:
    """The share right on the unseen templates, by language; every template counts alike."""
    right = phrases.rows.take(unseen).scores(fitted(phrases, fit_on)).argmax(1) == phrases.intents[unseen]
    origins = phrases.template_of[unseen]
    languages = np.array([phrases.languages[place] for place in unseen])
    return {
        language: round(
            float(np.mean([right[origins == one].mean() for one in set(origins[languages == language])])), 4
        )
        for language in ("en", "hinglish")
    }


def curve(phrases: Phrases, listed: list[Template]) -> Iterator[dict[str, Any]]:
    """One point for each share of the templates that are fitted on."""
    known, unseen = held_back(listed, phrases)
    order = sorted({int(one) for one in phrases.template_of[known]}, key=lambda one: listed[one].seed // 5)
    for share in SHARES:
        chosen = set(order[: max(len(INTENTS) * 2, round(share * len(order)))])
        fit_on = np.array([place for place in known if int(phrases.template_of[place]) in chosen])
        yield {
            "templates": len(chosen),
            "phrases": len(fit_on),
            "accuracy": accuracy(phrases, fit_on, unseen),
        }


def measure(per_template: int = PER_TEMPLATE) -> dict[str, Any]:
    """The curve, and the accuracy without each part."""
    written = corpus(per_template)
    parts, points = [], []
    for part in PARTS:
        phrases = written.rows(part)
        known, unseen = held_back(written.listed, phrases)
        parts.append({"part": part[0], "accuracy": accuracy(phrases, known, unseen)})
        if part is PARTS[0]:
            points = list(curve(phrases, written.listed))
    return {"perTemplate": per_template, "curve": points, "parts": parts}


def plot(points: list[dict[str, Any]]) -> str:
    """The curve as an SVG that stands alone."""
    most = points[-1]["templates"]
    series = [
        Series(name, tuple((p["templates"] / most, float(p["accuracy"][name])) for p in points), style)
        for style, name in ((1, "en"), (2, "hinglish"))
    ]
    label = "Accuracy on unseen templates over the share of templates that were fitted on"
    drawn = str(lines(series, label, "share of the templates", shares=True))
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(
        ">", f"><style>{STYLE}</style>", 1
    )


def main() -> None:
    """Measure, print the tables, and write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--per-template", type=int, default=PER_TEMPLATE)
    arguments = parser.parse_args()
    found = measure(arguments.per_template)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "learning_curve.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (arguments.out / "learning_curve.svg").write_text(plot(found["curve"]) + "\n", "utf-8")
    for point in found["curve"]:
        _tell(f"{point['templates']} templates", point["accuracy"])
    for part in found["parts"]:
        _tell(part["part"], part["accuracy"])


def _tell(what: str, right: dict[str, float]) -> None:
    print(f"{what:30}  {right['en']:.3f}  {right['hinglish']:.3f}")


if __name__ == "__main__":
    main()
