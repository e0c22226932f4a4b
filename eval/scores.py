"""Scores of classifiers and of stated confidence, as pure functions of labels and numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelScore:
    """Precision, recall and F1 of one label, each 0..1, and how many rows truly have it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability plot: what was claimed, what came true, of how many."""

    confidence: float
    accuracy: float
    count: int


@dataclass(frozen=True, slots=True)
class Step:
    """One point of a risk-coverage curve: answering the surest `coverage` leaves `risk` wrong."""

    coverage: float
    risk: float
    threshold: float


def confusion(truth: Sequence[str], said: Sequence[str]) -> Mapping[tuple[str, str], int]:
    """How often each (true, said) pair of labels occurs."""
    return Counter(zip(truth, said, strict=True))


def per_label(truth: Sequence[str], said: Sequence[str]) -> dict[str, LabelScore]:
    """The scores of every label that occurs in the truth, by name."""
    counts = confusion(truth, said)
    true_totals, said_totals = Counter(truth), Counter(said)
    return {
        label: label_score(counts.get((label, label), 0), said_totals[label], true_totals[label])
        for label in sorted(true_totals)
    }


def label_score(hits: int, said: int, true: int) -> LabelScore:
    """Precision, recall and F1 from three counts; what cannot be computed is 0."""
    precision = hits / said if said else 0.0
    recall = hits / true if true else 0.0
    f1 = 2 * hits / (said + true) if said + true else 0.0
    return LabelScore(precision, recall, f1, true)


def macro_f1(scores: Mapping[str, LabelScore]) -> float:
    """The mean F1 over labels, each label counting the same."""
    return sum(score.f1 for score in scores.values()) / len(scores) if scores else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative, ties counting half; 0.5 when one side is empty."""
    if not positive or not negative:
        return 0.5
    ranked = sorted([(score, True) for score in positive] + [(score, False) for score in negative])
    rank_sum, start = 0.0, 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and ranked[end][0] == ranked[start][0]:
            end += 1
        middle = (start + 1 + end) / 2
        rank_sum += middle * sum(is_positive for _, is_positive in ranked[start:end])
        start = end
    count = len(positive)
    return (rank_sum - count * (count + 1) / 2) / (count * len(negative))


def reliability(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> tuple[Bin, ...]:
    """The claims grouped into bins of equal width; empty bins are left out."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for claim, outcome in zip(confidence, right, strict=True):
        groups.setdefault(min(bins - 1, int(claim * bins)), []).append((claim, outcome))
    return tuple(
        Bin(
            confidence=sum(claim for claim, _ in group) / len(group),
            accuracy=sum(outcome for _, outcome in group) / len(group),
            count=len(group),
        )
        for _, group in sorted(groups.items())
    )


def ece(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean distance between claim and truth, weighted by count, 0..1."""
    total = sum(group.count for group in bins)
    return (
        sum(group.count * abs(group.confidence - group.accuracy) for group in bins) / total if total else 0.0
    )


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> tuple[Step, ...]:
    """What share is wrong when only claims at or above each confidence are answered, surest first."""
    ranked = sorted(zip(confidence, right, strict=True), key=lambda pair: -pair[0])
    steps: list[Step] = []
    wrong = 0
    for place, (claim, outcome) in enumerate(ranked, start=1):
        wrong += not outcome
        if place == len(ranked) or ranked[place][0] != claim:
            steps.append(Step(place / len(ranked), wrong / place, claim))
    return tuple(steps)
