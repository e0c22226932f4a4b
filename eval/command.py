"""What `supportgraph eval`, `probe` and `bench` do; each returns the exit code.

Results go to stdout (JSON with `as_json`, otherwise a table), everything else to stderr.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from eval.cases import Case, read_cases
from eval.desk import DeskFactory
from eval.effects import PoisonedFactory, figures, read_rows, run_tries
from eval.gate import Gate, GateReport, hold, read_gate, read_results
from eval.gatecheck import Finding, PlantableFactory, check_gate
from eval.parallel import run_plan
from eval.report import as_json as results_as_json
from eval.report import write_report
from eval.runner import Plan
from eval.summary import case_rows, summarise
from eval.tables import print_effects, print_figures, print_gate_check, print_summary, print_verdict
from graph.errors import Invalid

Publish = Callable[[Mapping[str, Any], str], str]
PASSED, FAILED = 0, 1
MODES = ("strict", "balanced", "permissive")


def run_eval(
    open_desk: DeskFactory,
    files: Sequence[Path],
    *,
    thresholds: Sequence[float] = (),
    mode: str | None = None,
    trials: int = 1,
    out: Path | None = None,
    gate: Path | None = None,
    baseline: Path | None = None,
    as_json: bool = False,
    company: str | None = None,
    jobs: int = 1,
    publish: Publish | None = None,
    stdout: TextIO | None = None,
) -> int:
    """Put the cases of the files to a fresh desk, report, and hold the result against gate and baseline.

    `publish` is given the results and a title, and returns where they went.

    Returns 0, or 1 when a gate or a baseline was given and is not met. Raises `Invalid` before anything runs
    when a file or an option breaks its contract.
    """
    plan = _plan(read_cases(files, company=company), thresholds, mode, trials)
    limits = read_gate(gate) if gate else Gate()
    earlier = read_results(baseline) if baseline else None
    with _progress(plan.conversations) as progress:
        outcome = run_plan(open_desk, plan, jobs=jobs, progress=progress)
    results = {"summary": summarise(outcome), "cases": case_rows(outcome)}
    verdict = hold(limits, results, earlier) if gate or earlier else None
    title = ", ".join(path.name for path in files)
    if out:
        write_report(out, results, title=title, verdict=verdict)
    if publish:
        sys.stderr.write(f"LangSmith experiment: {publish(results, title)}\n")
    stream = stdout or sys.stdout
    if as_json:
        stream.write(results_as_json(results))
    else:
        print_summary(results, stream)
    if verdict:
        print_verdict(verdict, sys.stderr if as_json else stream)
    return _code(verdict)


def run_gate_check(
    open_desk: PlantableFactory,
    files: Sequence[Path],
    *,
    faults: Sequence[str],
    respellings: int,
    gate: Path,
    as_json: bool = False,
    stdout: TextIO | None = None,
) -> int:
    """Test a gate: the unchanged desk and every respelling have to pass it, every planted fault to fail it.

    Returns 0 when the gate says so of each run, otherwise 1.
    """
    cases, limits = read_cases(files), read_gate(gate)

    async def every() -> list[Finding]:
        with _progress(len(cases) * (1 + respellings + len(faults))) as progress:
            checks = check_gate(
                open_desk, cases, limits, faults=faults, respellings=respellings, progress=progress
            )
            return [finding async for finding in checks]

    findings = asyncio.run(every())
    runs = [finding.as_json() for finding in findings]
    if as_json:
        _print({"gate": gate.name, "runs": runs}, as_json, stdout)
    else:
        print_gate_check(runs, stdout or sys.stdout)
    return PASSED if all(finding.right for finding in findings) else FAILED


def run_probe(
    component: str,
    data: Path,
    *,
    flag: str | None = None,
    as_json: bool = False,
    stdout: TextIO | None = None,
) -> int:
    """Measure one component on the evaluator's own data."""
    from eval.probe import probe

    _print(probe(component, data, flag=flag), as_json, stdout)
    return PASSED


def run_measured(
    figures: Coroutine[Any, Any, Mapping[str, Any]],
    bad: str,
    *,
    as_json: bool = False,
    stdout: TextIO | None = None,
) -> int:
    """Await a measurement of a whole desk and print it; 1 when its figure `bad` is above zero."""
    found = asyncio.run(figures)
    _print(dict(found), as_json, stdout)
    return FAILED if found[bad] else PASSED


def run_effects(
    open_desk: PoisonedFactory, data: Path, *, as_json: bool = False, stdout: TextIO | None = None
) -> int:
    """Plant each poisoned text of the file in a desk with an obedient model, and list what came of it.

    Returns 0 when no try had an effect, otherwise 1.
    """
    rows = read_rows(data)
    with _progress(len(rows)) as progress:
        tries = asyncio.run(run_tries(open_desk, rows, progress))
    found = figures(tries)
    if as_json:
        _print(found, as_json, stdout)
    else:
        print_effects(found, stdout or sys.stdout)
    return FAILED if found["withEffect"] else PASSED


def run_bench(
    name: str,
    *,
    environment: Mapping[str, str],
    requests: int | None = None,
    concurrency: int = 1,
    folder: Path | None = None,
    as_json: bool = False,
    stdout: TextIO | None = None,
) -> int:
    """Measure a running desk; `environment` is what the served process inherits (`api` alone reads it)."""
    from eval.bench.registry import bench

    figures = bench(name, environment=environment, requests=requests, concurrency=concurrency, folder=folder)
    _print(figures, as_json, stdout)
    return PASSED


def _plan(cases: tuple[Case, ...], thresholds: Sequence[float], mode: str | None, trials: int) -> Plan:
    if trials < 1:
        raise Invalid("trials has to be at least 1", field="trials")
    if mode is not None and mode not in MODES:
        raise Invalid(f"mode has to be one of {', '.join(MODES)}, not {mode!r}", field="mode")
    if any(not 0 <= threshold <= 1 for threshold in thresholds):
        raise Invalid("a threshold has to lie between 0 and 1", field="thresholds")
    return Plan(cases=cases, mode=mode, trials=trials, thresholds=tuple(thresholds), modes=MODES)


@contextmanager
def _progress(total: int) -> Any:
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Running cases", total=total)
        yield lambda done: bar.advance(task, done)


def _print(figures: Mapping[str, Any], as_json: bool, stdout: TextIO | None) -> None:
    stream = stdout or sys.stdout
    if as_json:
        stream.write(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    else:
        print_figures(figures, stream)


def _code(verdict: GateReport | None) -> int:
    return PASSED if verdict is None or verdict.passed else FAILED
