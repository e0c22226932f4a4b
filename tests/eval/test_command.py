"""The commands: what they print, what they write, and which code they end with."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from eval.command import run_eval
from eval.desk import EvalDesk
from graph.errors import Invalid
from tests.eval.fakes import FakeDesk, reply


class Factory:
    """Makes desks and keeps them for the test to look at."""

    def __init__(self, **replies: str) -> None:
        self.replies = {turn: reply(reply=text) for turn, text in replies.items()}
        self.made: list[FakeDesk] = []

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[EvalDesk]:
        self.made.append(FakeDesk(dict(self.replies)))
        yield self.made[-1]
        self.made[-1].closed = True


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Two cases, of which the first asks for a price."""
    path = tmp_path / "cases.jsonl"
    lines = [
        {
            "id": "price",
            "company": "shop",
            "language": "en",
            "turns": ["price"],
            "kind": "answer",
            "must": [["$4.99"]],
        },
        {"id": "hat", "company": "shop", "language": "hinglish", "turns": ["hat"], "kind": "unknown"},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return path


def test_that_json_goes_to_stdout_and_nothing_else(cases: Path) -> None:
    factory, stdout = Factory(price="It costs $4.99."), io.StringIO()

    code = run_eval(factory, [cases], as_json=True, stdout=stdout)

    results = json.loads(stdout.getvalue())
    assert code == 0
    assert results["summary"]["passed"] == 2
    assert [row["id"] for row in results["cases"]] == ["price", "hat"]
    assert factory.made[0].closed


def test_that_people_get_a_table_and_the_failures(cases: Path) -> None:
    stdout = io.StringIO()

    run_eval(Factory(price="It is free."), [cases], stdout=stdout)

    assert "hinglish" in stdout.getvalue()
    assert "✗ price: must: none of ['$4.99'] occurs" in stdout.getvalue()


def test_that_failing_cases_alone_are_no_failing_command(cases: Path) -> None:
    assert run_eval(Factory(), [cases], stdout=io.StringIO()) == 0


def test_that_a_gate_decides_the_exit_code(cases: Path, tmp_path: Path) -> None:
    gate = tmp_path / "gate.toml"
    gate.write_text('[[check]]\nmetric = "rate"\nmin = 0.9\n', "utf-8")

    good = run_eval(Factory(price="$4.99"), [cases], gate=gate, stdout=io.StringIO())
    bad = run_eval(Factory(price="free"), [cases], gate=gate, stdout=io.StringIO())

    assert (good, bad) == (0, 1)


def test_that_a_baseline_decides_the_exit_code(cases: Path, tmp_path: Path) -> None:
    run_eval(Factory(price="$4.99"), [cases], out=tmp_path / "base", stdout=io.StringIO())
    baseline, stdout = tmp_path / "base" / "results.json", io.StringIO()

    same = run_eval(Factory(price="$4.99"), [cases], baseline=baseline, stdout=io.StringIO())
    worse = run_eval(Factory(price="free"), [cases], baseline=baseline, stdout=stdout)

    assert (same, worse) == (0, 1)
    assert "broken price: answer → answer" in stdout.getvalue()
    assert "Gate failed" in stdout.getvalue()


def test_that_the_report_is_written_where_it_is_asked_for(cases: Path, tmp_path: Path) -> None:
    run_eval(Factory(), [cases], thresholds=[0.6, 0.8], trials=2, out=tmp_path / "out", stdout=io.StringIO())

    assert (tmp_path / "out" / "report.html").is_file()
    summary = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))["summary"]
    assert len(summary["ablation"]) == 6
    assert summary["trials"] == 2


@pytest.mark.parametrize(
    ("options", "field"),
    [({"trials": 0}, "trials"), ({"mode": "lax"}, "mode"), ({"thresholds": [1.2]}, "thresholds")],
)
def test_that_a_wrong_option_is_refused_before_a_desk_is_opened(
    cases: Path, options: dict[str, object], field: str
) -> None:
    factory = Factory()

    with pytest.raises(Invalid) as caught:
        run_eval(factory, [cases], stdout=io.StringIO(), **options)  # type: ignore[arg-type]

    assert caught.value.field == field
    assert factory.made == []
