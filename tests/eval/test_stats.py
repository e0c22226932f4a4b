"""Intervals and scores agree with published or hand-computed values."""

import pytest

from eval import scores
from eval.stats import Rate, paired_gap, quantile, unpaired_gap, wilson


@pytest.mark.parametrize(
    ("passed", "cases", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_that_wilson_agrees_with_the_literature(passed: int, cases: int, low: float, high: float) -> None:
    assert wilson(passed, cases) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        (Rate(56, 70), Rate(48, 80), 0.0524, 0.3339),  # Newcombe 1998, examples of method 10
        (Rate(9, 10), Rate(3, 10), 0.1705, 0.8090),
        (Rate(10, 10), Rate(0, 10), 0.6075, 1.0),
    ],
)
def test_that_the_unpaired_gap_agrees_with_newcombe(
    first: Rate, second: Rate, low: float, high: float
) -> None:
    assert unpaired_gap(first, second).ci95 == pytest.approx((low, high), abs=1e-4)


def test_that_the_paired_gap_agrees_with_newcombe() -> None:
    pairs = [(True, True)] * 36 + [(True, False)] * 12 + [(False, True)] * 2

    gap = paired_gap(pairs)

    assert gap.difference == pytest.approx(0.2)
    assert gap.ci95 == pytest.approx((0.0569, 0.3404), abs=2e-3)
    assert gap.pairs == 50


def test_that_pairs_that_never_disagree_leave_room_for_doubt() -> None:
    gap = paired_gap([(True, True)] * 100)

    assert gap.difference == 0
    assert gap.ci95[0] == pytest.approx(-0.037, abs=1e-3)
    assert gap.ci95[1] == pytest.approx(0.037, abs=1e-3)


def test_that_no_pairs_say_nothing() -> None:
    assert paired_gap([]).ci95 == (-1.0, 1.0)


def test_that_quantiles_are_interpolated() -> None:
    assert quantile([4, 1, 3, 2], 0.5) == 2.5
    assert quantile([5], 0.99) == 5
    assert quantile([], 0.5) == 0


def test_that_auroc_counts_ties_half() -> None:
    assert scores.auroc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert scores.auroc([0.1, 0.2], [0.9, 0.8]) == 0.0
    assert scores.auroc([0.5, 0.5], [0.5, 0.5]) == 0.5
    assert scores.auroc([0.8, 0.4], [0.6, 0.4, 0.2]) == pytest.approx(4.5 / 6)
    assert scores.auroc([], [0.1]) == 0.5


def test_that_f1_is_computed_by_label_and_averaged() -> None:
    labels = scores.per_label(["a", "a", "b", "c"], ["a", "b", "b", "a"])

    assert labels["a"].precision == 0.5
    assert labels["a"].recall == 0.5
    assert labels["b"].f1 == pytest.approx(2 / 3)
    assert labels["c"].f1 == 0.0
    assert scores.macro_f1(labels) == pytest.approx((0.5 + 2 / 3) / 3)


def test_that_confusion_counts_pairs() -> None:
    assert scores.confusion(["a", "a", "b"], ["a", "b", "b"]) == {("a", "a"): 1, ("a", "b"): 1, ("b", "b"): 1}


def test_that_calibration_error_is_the_distance_between_claim_and_truth() -> None:
    bins = scores.reliability([0.95, 0.95, 0.95, 0.95, 0.15, 1.0], [True, True, True, False, False, True])

    assert [group.count for group in bins] == [1, 5]
    assert scores.ece(bins) == pytest.approx((0.15 + 5 * abs(0.96 - 0.8)) / 6)
    assert scores.ece(()) == 0.0


def test_that_risk_falls_as_only_the_surest_are_answered() -> None:
    curve = scores.risk_coverage([0.9, 0.8, 0.8, 0.2], [True, True, False, False])

    assert [(step.coverage, step.risk) for step in curve] == [
        (0.25, 0.0),
        (0.75, pytest.approx(1 / 3)),
        (1.0, 0.5),
    ]
