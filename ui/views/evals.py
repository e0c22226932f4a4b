"""Runs of the evaluation: start one, see what each came to, and case by case what changed since another."""

from collections.abc import Mapping, Sequence
from typing import Any

from store.values.companies import Company
from store.values.evals import EvalHead, EvalRun, Gate, OwnCase
from store.values.work import Job
from ui.views.charts import Chart, calibration
from ui.views.eval_shapes import (
    Against,
    CaseLine,
    GateLine,
    Going,
    Headline,
    Interval,
    KindRow,
    OwnLine,
    RunLine,
)
from ui.views.forms import Form
from ui.views.words import Sign, clipped, milliseconds, stamp

STRIP, FLOOR = 200.0, 0.5


def run_line(run: EvalHead) -> RunLine:
    """A run with the figures that one compares first."""
    summary = run.summary
    return RunLine(
        title=run.title,
        url=f"/evals/{run.id}",
        at=stamp(run.created_at),
        by=run.started_by,
        rate=f"{summary['passed']:,} of {summary['cases']:,}",
        interval=_rate(summary),
        gap=_gap(summary),
        hits=summary["mustNotHits"],
        latency=milliseconds(summary["latencyMs"]["p50"]),
    )


def going_of(job: Job, title: str) -> Going:
    """A run on its way."""
    progress = job.progress or {}
    return Going(
        job.id,
        title,
        int(progress.get("done", 0)),
        int(progress.get("of") or job.arguments.get("cases", 0)),
        job.status,
        job.error,
    )


def own_line(case: OwnCase, companies: Mapping[str, str]) -> OwnLine:
    """A company's own case."""
    wants = [str(case.row[name]) for name in ("kind", "intent") if case.row.get(name)]
    wants += list(case.row.get("tools") or ())
    return OwnLine(
        case.id,
        case.name,
        companies.get(case.company_id, ""),
        clipped(" / ".join(case.row.get("turns", ())), 120),
        ", ".join(wants),
        (case.reason or "no reason given") if case.state == "disputed" else "",
    )


def gate_lines(
    gates: Sequence[Gate], cases: Sequence[OwnCase], companies: Mapping[str, Company]
) -> tuple[GateLine, ...]:
    """The gates of companies that have cases."""
    found = []
    for gate in gates:
        mine = [case for case in cases if case.company_id == gate.company_id]
        if not mine:
            continue
        disputed = sum(case.state == "disputed" for case in mine)
        sign = {True: Sign("done", "Holds"), False: Sign("urgent", "Fails"), None: Sign("closed", "Not run")}
        times = [f"ran {stamp(gate.ran_at)}"] if gate.ran_at else []
        times += [f"next {stamp(gate.due_at)}"] if gate.due_at else []
        company = companies[gate.company_id]
        values = {
            "every_hours": str(gate.every_hours),
            "trials": str(gate.trials),
            "least": f"{gate.least * 100:g}",
            "before_publishing": "on" if gate.before_publishing else "",
        }
        found.append(
            GateLine(
                company=company.slug,
                name=company.name,
                cases=len(mine) - disputed,
                disputed=disputed,
                sign=sign[gate.passed],
                when=", ".join(times),
                run_url=f"/evals/{gate.run_id}" if gate.run_id else "",
                form=Form(values),
            )
        )
    return tuple(found)


def headlines_of(summary: Mapping[str, Any]) -> tuple[Headline, ...]:
    """The figures of a run that decide something."""
    pass_k, gap, latency = summary["passK"], summary["parityGap"], summary["latencyMs"]
    of = f"{summary['passed']:,} of {summary['cases']:,}"
    told = (f"{gap['points']:+.1f} pt", f"{gap['ci95'][0]:+.1f} to {gap['ci95'][1]:+.1f}")
    several, both = pass_k["k"] > 1, {"en", "hinglish"} <= set(summary["byLanguage"])
    return (
        Headline("Passed", _share(summary["rate"]), f"{_ends(summary)}, {of}"),
        *(
            [Headline(f"In all {pass_k['k']} trials", _share(pass_k["rate"]), _ends(pass_k))]
            if several
            else []
        ),
        Headline("Forbidden claims", str(summary["mustNotHits"]), "must_not hits"),
        Headline("English − Hinglish", *(told if both else ("–", "cases of one language only"))),
        Headline("Handed to a person", _share(summary["escalationRate"]), f"of {summary['cases']:,} cases"),
        Headline("Reply, median", milliseconds(latency["p50"]), f"p99 {milliseconds(latency['p99'])}"),
    )


def kinds_of(summary: Mapping[str, Any]) -> tuple[KindRow, ...]:
    """Both languages side by side, as a whole and by kind."""
    by = summary["byLanguage"]
    rows = [_kind("All", by.get("en"), by.get("hinglish"))]
    each = summary["byLanguageAndKind"]
    english, hinglish = each.get("en", {}), each.get("hinglish", {})
    names = sorted({*english, *hinglish})
    return (*rows, *(_kind(name, english.get(name), hinglish.get(name)) for name in names))


def calibration_of(summary: Mapping[str, Any]) -> Chart:
    """Said against came true, over the run's cases."""
    bins = [
        (group["confidence"], group["count"], round(group["accuracy"] * group["count"]))
        for group in summary["calibration"]["bins"]
        if group["count"]
    ]
    words = f"Confidence of the replies against how many passed; ECE {summary['calibration']['ece']:.3f}."
    return calibration("calibration", "Is its confidence worth its number", words, bins)


def intents_of(summary: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """(intent, F1, how many cases)."""
    labels = summary["intents"]["perLabel"].items()
    return tuple((name, f"{score['f1']:.2f}", f"{score['support']:,}") for name, score in labels)


def failures_of(run: EvalRun) -> tuple[CaseLine, ...]:
    """The cases that did not pass."""
    return tuple(_case(row) for row in run.cases if not row["passed"])


def against_of(run: EvalRun, other: EvalRun) -> Against:
    """Case by case what changed since the other run; cases of one run only are counted."""
    before = {row["id"]: row for row in other.cases}
    shared = [(row, before[row["id"]]) for row in run.cases if row["id"] in before]
    lines = [(_case(row, old), row, old) for row, old in shared]
    return Against(
        title=f"{other.title}, {stamp(other.created_at)}",
        fixed=tuple(line for line, row, old in lines if row["passed"] and not old["passed"]),
        broken=tuple(line for line, row, old in lines if old["passed"] and not row["passed"]),
        other=tuple(
            line
            for line, row, old in lines
            if row["passed"] == old["passed"] and row["reply"] != old["reply"]
        ),
        missing=len(run.cases) + len(before) - 2 * len(shared),
    )


def _case(row: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> CaseLine:
    return CaseLine(
        id=row["id"],
        language=row.get("language") or "",
        words=clipped(" / ".join(row.get("turns", ())), 160),
        wanted=row.get("wantedKind") or "",
        said=row["kind"],
        passed=row["passed"],
        why="; ".join(row["failures"]),
        reply=row["reply"],
        before=f"{old['kind']}: {old['reply']}" if old else "",
        before_passed=bool(old and old["passed"]),
    )


def _kind(name: str, english: Mapping[str, Any] | None, hinglish: Mapping[str, Any] | None) -> KindRow:
    gap = f"{100 * (english['rate'] - hinglish['rate']):+.1f}" if english and hinglish else ""
    return KindRow(name, _interval(english), _interval(hinglish), gap)


def _interval(rate: Mapping[str, Any] | None) -> Interval | None:
    if rate is None or not rate["cases"]:
        return None
    low, high = rate["ci95"]
    return Interval(
        f"{rate['passed']}/{rate['cases']}",
        f"{100 * rate['rate']:.1f}",
        _ends(rate),
        *map(_at, (low, high, rate["rate"])),
    )


def _reworded(row: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    return bool(row["passed"] == old["passed"] and row["reply"] != old["reply"])


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _at(share: float) -> float:
    return round(STRIP * max(0.0, (share - FLOOR) / (1 - FLOOR)), 1)


def _ends(rate: Mapping[str, Any]) -> str:
    return f"{100 * rate['ci95'][0]:.1f}–{100 * rate['ci95'][1]:.1f}"


def _rate(rate: Mapping[str, Any]) -> str:
    return f"{100 * rate['rate']:.1f} % ({_ends(rate)})"


def _gap(summary: Mapping[str, Any]) -> str:
    both = {"en", "hinglish"} <= set(summary["byLanguage"])
    return f"{summary['parityGap']['points']:+.1f} pt" if both else "–"


def others_of(runs: Sequence[EvalHead], run_id: str, against: str) -> tuple[tuple[str, str, bool], ...]:
    """The runs that this one can be held against."""
    return tuple(
        (f"{item.title}, {stamp(item.created_at)}", f"/evals/{run_id}?against={item.id}", item.id == against)
        for item in runs
        if item.id != run_id
    )
