"""A gate fails for what is worse, and stays quiet for what is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.gate import BaselineLimits, Check, Gate, compare, hold, read_gate, read_results
from graph.errors import Invalid

SUMMARY = {
    "rate": 0.96,
    "mustNotHits": 0,
    "byLanguage": {"hinglish": {"rate": 0.94}},
    "parityGap": {"points": 2.0, "ci95": [-1.0, 4.5]},
}


def _results(failed: set[int] = frozenset(), amount: int = 100) -> dict[str, Any]:  # type: ignore[assignment]
    cases = [
        {
            "id": f"c{number:03}",
            "passed": number not in failed,
            "failures": ["kind: wanted answer, got unknown"] if number in failed else [],
            "kind": "unknown" if number in failed else "answer",
            "company": "shop",
            "wantedKind": f"kind{number // 10}",
            "family": f"f{number // 2}" if number >= 50 else None,
        }
        for number in range(amount)
    ]
    return {"summary": SUMMARY, "cases": cases}


@pytest.mark.parametrize(
    ("metric", "limits", "reason"),
    [
        ("rate", {"min": 0.95}, None),
        ("rate", {"min": 0.97}, "rate is 0.96, at least 0.97 is needed"),
        ("mustNotHits", {"max": 0}, None),
        (
            "byLanguage.hinglish.rate",
            {"min": 0.95},
            "byLanguage.hinglish.rate is 0.94, at least 0.95 is needed",
        ),
        ("parityGap.ci95.1", {"max": 5}, None),
        ("parityGap.ci95.1", {"max": 4}, "parityGap.ci95.1 is 4.5, at most 4 is allowed"),
        ("byLanguage.tamil.rate", {"min": 0.5}, "byLanguage.tamil.rate is not in the results"),
        ("byLanguage", {"min": 0.5}, "byLanguage is not in the results"),
        ("parityGap.ci95.7", {"max": 5}, "parityGap.ci95.7 is not in the results"),
    ],
)
def test_that_a_check_holds_or_says_why_not(
    metric: str, limits: dict[str, float], reason: str | None
) -> None:
    report = hold(Gate(check=(Check(metric=metric, **limits),)), _results())

    assert report.passed is (reason is None)
    assert report.reasons == (() if reason is None else (reason,))


def test_that_the_same_run_is_no_regression() -> None:
    report = hold(Gate(), _results({3}), _results({3}))

    assert report.passed
    assert report.changes == ()


def test_that_a_few_scattered_losses_are_no_regression() -> None:
    assert hold(Gate(), _results({5, 25, 45}), _results()).passed


def test_that_gains_make_up_for_losses() -> None:
    assert hold(Gate(), _results({1, 2, 11, 12, 21}), _results({3, 4, 13, 14, 23})).passed


def test_that_losing_a_whole_neighbourhood_is_a_regression() -> None:
    report = hold(Gate(), _results({30, 31, 32}), _results())

    assert not report.passed
    assert report.reasons == ("3 of 10 cases lost in shop, kind3",)


def test_that_losing_more_than_the_limit_overall_is_a_regression() -> None:
    report = hold(Gate(), _results({0, 10, 20, 30}), _results())

    assert report.reasons == ("4 of 100 cases lost, at most 3 points are allowed",)


def test_that_cases_that_vanished_are_not_taken_for_passed() -> None:
    report = hold(Gate(), _results(amount=90), _results())

    assert report.reasons == ("10 cases of the baseline were not run",)


def test_that_another_set_of_cases_is_no_baseline() -> None:
    other = {"summary": SUMMARY, "cases": [{"id": "x", "passed": True, "failures": [], "kind": "answer"}]}

    assert hold(Gate(), _results(), other).reasons == ("no case of the baseline was run",)


def test_that_losing_every_wording_of_two_questions_is_a_regression() -> None:
    one_family = hold(Gate(), _results({60, 61}), _results())
    two_halves = hold(Gate(), _results({60, 71}), _results())
    limits = Gate(baseline=BaselineLimits(points=50, slice_points=50))

    assert one_family.passed
    assert two_halves.passed
    assert hold(limits, _results({60, 61, 72, 73}), _results()).reasons == (
        "no wording passes any more in 2 families: f30, f36",
    )
    assert hold(limits, _results({60, 61, 72, 73}), _results({73})).passed


def test_that_limits_can_be_set() -> None:
    limits = BaselineLimits(points=5, slice_points=50, slice_cases=2)

    assert hold(Gate(baseline=limits), _results({30, 31, 32}), _results()).passed


def test_that_changes_are_listed_with_broken_ones_first() -> None:
    changes = compare(_results({1})["cases"], _results({2})["cases"])

    assert [(change.id, change.before, change.after, change.fixed) for change in changes] == [
        ("c002", "answer", "unknown", False),
        ("c001", "unknown", "answer", True),
    ]
    assert changes[0].why == "kind: wanted answer, got unknown"


def test_that_toml_and_json_gates_are_read(tmp_path: Path) -> None:
    toml, plain = tmp_path / "gate.toml", tmp_path / "gate.json"
    toml.write_text('[[check]]\nmetric = "rate"\nmin = 0.95\n[baseline]\npoints = 1\n', "utf-8")
    plain.write_text(
        json.dumps({"check": [{"metric": "rate", "min": 0.95}], "baseline": {"points": 1}}), "utf-8"
    )

    assert read_gate(toml) == read_gate(plain)
    assert read_gate(toml).baseline.points == 1


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ('[[check]]\nmetric = "rate"\n', "check.0"),
        ('[[checks]]\nmetric = "rate"\n', "checks"),
        ("[baseline]\npoints = -1\n", "baseline.points"),
        ("check = [\n", "gate"),
    ],
)
def test_that_a_broken_gate_names_its_field(tmp_path: Path, content: str, field: str) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(content, "utf-8")

    with pytest.raises(Invalid) as caught:
        read_gate(path)

    assert caught.value.field == field
    assert caught.value.message.startswith(str(path))


@pytest.mark.parametrize("content", ["[]", "{}", "not json"])
def test_that_a_baseline_has_to_be_a_results_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(content, "utf-8")

    with pytest.raises(Invalid, match=r"results\.json"):
        read_results(path)


@pytest.mark.parametrize(
    ("metric", "limits", "now", "reason"),
    [
        ("rate", {"loss": 0.03}, 0.94, None),
        ("rate", {"loss": 0.03}, 0.9, "rate went from 0.96 to 0.9, a loss of 0.03 is allowed"),
        ("rate", {"loss": 0.03}, 1.0, None),
        ("mustNotHits", {"loss": 2, "less_is_better": True}, 2, None),
        (
            "mustNotHits",
            {"loss": 2, "less_is_better": True},
            3,
            "mustNotHits went from 0 to 3, a loss of 2 is allowed",
        ),
    ],
)
def test_that_a_figure_may_be_held_to_the_baselines(
    metric: str, limits: dict[str, Any], now: float, reason: str | None
) -> None:
    gate, before, after = Gate(check=(Check(metric=metric, **limits),)), _results(), _results()
    after["summary"] = {**SUMMARY, metric: now}

    assert hold(gate, after).passed
    assert hold(gate, after, before).reasons == (() if reason is None else (reason,))


@pytest.mark.parametrize(("failed", "passes"), [({0, 1, 2}, False), ({0, 1}, True), ({0, 10, 20}, True)])
def test_that_what_answered_may_not_lose_most_of_its_cases(failed: set[int], passes: bool) -> None:
    before, after = _results(), _results(failed)
    for case in before["cases"]:
        number = int(case["id"][1:])
        case["sources"] = ["Shipping"] if number < 5 else ["Shipping", "Refunds"][number % 2 :]
        case["company"] = "shop" if number < 5 else "other"
    for case, then in zip(after["cases"], before["cases"], strict=True):
        case["company"] = then["company"]
    limits = BaselineLimits(points=50, slice_points=100, families=50)

    report = hold(Gate(baseline=limits), after, before)

    assert report.passed is passes
    assert all("that shop: Shipping answered" in reason for reason in report.reasons)
