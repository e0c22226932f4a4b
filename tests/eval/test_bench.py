"""What the benchmarks send and report; they are not run here, because time is not for tests."""

import pytest

from eval.bench.load import QUESTIONS, body, figures
from eval.bench.registry import bench
from graph.errors import Invalid
from seeds.schema import all_companies


def test_that_every_benchmark_reports_the_same_figures() -> None:
    times = [number / 1000 for number in range(1, 101)]

    assert figures("turn", times, 2.0, 310.0) == {
        "name": "turn",
        "n": 100,
        "p50Ms": 50.5,
        "p95Ms": 95.05,
        "p99Ms": 99.01,
        "perSecond": 50.0,
        "rssMb": 310.0,
    }


def test_that_questions_are_put_to_seeded_companies_in_turn() -> None:
    known = {seed.company.slug for seed in all_companies()}

    assert {company for company, _ in QUESTIONS} <= known
    assert body(0) == body(len(QUESTIONS))
    assert body(0) != body(1)


@pytest.mark.parametrize(
    ("name", "requests", "concurrency", "field"),
    [("nothing", None, 1, "name"), ("turn", 0, 1, "requests"), ("turn", 10, 0, "requests")],
)
def test_that_a_benchmark_that_cannot_run_is_refused(
    name: str, requests: int | None, concurrency: int, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        bench(name, environment={}, requests=requests, concurrency=concurrency)

    assert caught.value.field == field
