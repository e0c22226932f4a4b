"""`eval`, `probe` and `bench`: options in, the evaluation's own commands out."""

import os
import sys
from pathlib import Path

from graph.errors import Invalid


def run(
    files: list[Path],
    *,
    thresholds: str,
    mode: str | None,
    trials: int,
    out: Path | None,
    gate: Path | None,
    baseline: Path | None,
    as_json: bool,
) -> None:
    """Run case files on a private desk; exits with 1 when a gate is missed."""
    from api.trial import open_trial_desk
    from eval.command import run_eval

    code = run_eval(
        open_trial_desk,
        files,
        thresholds=_numbers(thresholds),
        mode=mode,
        trials=trials,
        out=out,
        gate=gate,
        baseline=baseline,
        as_json=as_json,
    )
    sys.exit(code)


def probe(component: str, data: Path, *, flag: str | None, as_json: bool) -> None:
    """Measure one component."""
    from eval.command import run_probe

    sys.exit(run_probe(component, data, flag=flag, as_json=as_json))


def bench(what: str, *, requests: int | None, concurrency: int, as_json: bool) -> None:
    """Measure a served desk."""
    from eval.command import run_bench

    code = run_bench(
        what, environment=dict(os.environ), requests=requests, concurrency=concurrency, as_json=as_json
    )
    sys.exit(code)


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise Invalid("thresholds are numbers with commas between them", field="thresholds") from error
