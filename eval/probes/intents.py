"""How well the intent classifier reads texts by itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval import scores
from eval.probes.rows import Json, LabelledText, mean, share

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Said:
    """What the classifier says about one text; `scores` is the probability of each intent."""

    intent: str
    confidence: float
    scores: Mapping[str, float]


def measure(
    rows: Sequence[LabelledText], classify: Callable[[str], Said], respell: Callable[[str], str]
) -> Json:
    """Strict and lenient accuracy, F1 by label, calibration, and how well out-of-scope texts stand apart.

    `flipRate` is the share of rows whose intent changes when they are respelled.
    """
    said = [classify(row.text) for row in rows]
    truth = [row.label for row in rows]
    strict = [row.label == one.intent for row, one in zip(rows, said, strict=True)]
    lenient = [one.intent in (row.label, *row.alt) for row, one in zip(rows, said, strict=True)]
    labels = scores.per_label(truth, [one.intent for one in said])
    flips = sum(one.intent != classify(respell(row.text)).intent for row, one in zip(rows, said, strict=True))
    bins = scores.reliability([one.confidence for one in said], strict)
    return {
        "accuracy": share(sum(strict), len(rows)),
        "lenientAccuracy": share(sum(lenient), len(rows)),
        "macroF1": round(scores.macro_f1(labels), 4),
        "ece": round(scores.ece(bins), 4),
        "oosAuroc": _out_of_scope(truth, said),
        "flipRate": share(flips, len(rows)),
        "meanConfidence": mean([one.confidence for one in said]),
        "perLabel": {
            name: {
                "precision": round(score.precision, 4),
                "recall": round(score.recall, 4),
                "f1": round(score.f1, 4),
                "support": score.support,
            }
            for name, score in labels.items()
        },
    }


def _out_of_scope(truth: Sequence[str], said: Sequence[Said]) -> float:
    outside: list[float] = []
    inside: list[float] = []
    for label, one in zip(truth, said, strict=True):
        (outside if label == OUT_OF_SCOPE else inside).append(one.scores.get(OUT_OF_SCOPE, 0.0))
    return round(scores.auroc(outside, inside), 4)
