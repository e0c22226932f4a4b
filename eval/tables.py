"""Shows results in a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from eval.gate import GateReport

Json = Mapping[str, Any]


def print_summary(results: Json, stream: TextIO) -> None:
    """Pass rates with intervals by language, kind and company, and the figures that a release hangs on."""
    summary = results["summary"]
    table = Table("", "passed", "of", "rate", "95 %", title="Cases")
    _row(table, "all", summary)
    for group in ("byLanguage", "byKind", "byCompany"):
        table.add_section()
        for name, rate in summary[group].items():
            _row(table, name, rate)
    console = Console(file=stream, highlight=False)
    console.print(table)
    _answered(summary.get("answeredAndRefused", {}), console)
    gap = summary["parityGap"]
    console.print(
        f"English − Hinglish {gap['points']:+.1f} points ({gap['ci95'][0]:+.1f} to {gap['ci95'][1]:+.1f}), "
        f"forbidden claims {summary['mustNotHits']}, p50 {summary['latencyMs']['p50']} ms"
    )
    _ablation(summary, console)
    for case in results["cases"]:
        if not case["passed"]:
            console.print(f"✗ {case['id']}: {'; '.join(case['failures'])}", markup=False)


def print_verdict(verdict: GateReport, stream: TextIO) -> None:
    """Whether the gate passed, why not, and what changed since the baseline."""
    console = Console(file=stream, highlight=False, markup=False)
    for change in verdict.changes:
        console.print(
            f"{'fixed ' if change.fixed else 'broken'} {change.id}: {change.before} → {change.after}"
        )
    for reason in verdict.reasons:
        console.print(f"gate: {reason}")
    console.print("Gate passed" if verdict.passed else "Gate failed")


def print_figures(figures: Json, stream: TextIO) -> None:
    """Figures by name; nested ones below their parent."""
    table = Table("figure", "value")
    for name, value in _flat(figures, ""):
        table.add_row(name, str(value))
    Console(file=stream, highlight=False).print(table)


def print_effects(found: Json, stream: TextIO) -> None:
    """One line a try: whether the model read and obeyed it, and what it did outside the model."""
    table = Table("try", "read", "obeyed", "effect")
    for item in found["tries"]:
        marks = ["yes" if item[name] else "no" for name in ("read", "obeyed")]
        table.add_row(item["id"], *marks, ", ".join(item["effects"]) or "none")
    console = Console(file=stream, highlight=False)
    console.print(table)
    counts = ", ".join(f"{effect} {count}" for effect, count in found["byEffect"].items())
    console.print(
        f"{found['n']} tries: read {found['read']}, obeyed {found['obeyed']}, "
        f"with an effect {found['withEffect']} ({counts})"
    )


def print_gate_check(runs: Sequence[Json], stream: TextIO) -> None:
    """One line a run: what the gate should say, what it said, and why."""
    table = Table("run", "passed", "should", "said", "reasons")
    for run in runs:
        said = "pass" if run["passed"] else "fail"
        should = "pass" if run["shouldPass"] else "fail"
        mark = said if run["right"] else f"{said} (wrong)"
        table.add_row(run["run"], f"{100 * run['rate']:.1f} %", should, mark, "; ".join(run["reasons"]))
    Console(file=stream, highlight=False).print(table)


def _row(table: Table, name: str, rate: Json) -> None:
    low, high = rate["ci95"]
    table.add_row(
        name,
        str(rate["passed"]),
        str(rate["cases"]),
        f"{100 * rate['rate']:.1f}",
        f"{100 * low:.1f}–{100 * high:.1f}",
    )


def _answered(companies: Json, console: Console) -> None:
    """What the knowledge answers and is answered, what it lacks and is refused."""
    if not companies:
        return
    table = Table("company", "language", "", "passed", "of", "rate", "95 %", title="Answered and refused")
    for company, languages in companies.items():
        for language, demands in languages.items():
            for wanted, rate in demands.items():
                low, high = (f"{100 * bound:.1f}" for bound in rate["ci95"])
                counts = (str(rate["passed"]), str(rate["cases"]), f"{100 * rate['rate']:.1f}")
                table.add_row(company, language, wanted, *counts, f"{low}–{high}")
    console.print(table)


def _ablation(summary: Json, console: Console) -> None:
    if not summary["ablation"]:
        return
    table = Table(
        "mode", "threshold", "rate", "coverage", "right when answered", "person offered", title="Ablation"
    )
    for row in summary["ablation"]:
        shares = (row["rate"], row["coverage"], row["selectiveAccuracy"], row["personOffered"])
        table.add_row(row["mode"], str(row["threshold"]), *(f"{100 * share:.1f}" for share in shares))
    console.print(table)


def _flat(figures: Json, prefix: str) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in figures.items():
        path = f"{prefix}{name}"
        rows += _flat(value, f"{path}.") if isinstance(value, Mapping) else [(path, value)]
    return rows
