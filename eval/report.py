"""Writes what a run came to: `results.json` for machines, `results.csv` for tables, `report.html` for people.

The page stands alone: its style is inside, its plots are drawn here, and it carries no script.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from eval import plots
from eval.gate import GateReport

Json = Mapping[str, Any]

_COLUMNS = (
    "id",
    "company",
    "language",
    "wantedKind",
    "kind",
    "passed",
    "passedTrials",
    "wantedIntent",
    "intent",
    "action",
    "confidence",
    "tools",
    "failures",
    "turns",
    "reply",
)
_STRIP_FLOOR = 0.5
_FIRST = ("en", "hinglish")


def write_report(folder: Path, results: Json, *, title: str, verdict: GateReport | None = None) -> None:
    """Write the three files into `folder`, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(as_json(results), "utf-8")
    (folder / "results.csv").write_text(as_csv(results["cases"]), "utf-8", newline="")
    (folder / "report.html").write_text(as_html(results, title=title, verdict=verdict), "utf-8")


def as_json(results: Json) -> str:
    """The results with a stable order of fields."""
    return json.dumps(results, ensure_ascii=False, indent=1) + "\n"


def as_csv(cases: Sequence[Json]) -> str:
    """One line a case; a cell that a spreadsheet would run as a formula is quoted with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows([_csv_cell(case[column]) for column in _COLUMNS] for case in cases)
    return text.getvalue()


def as_html(results: Json, *, title: str, verdict: GateReport | None = None) -> str:
    """The report as one page."""
    source = files("eval") / "templates"
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(percent=_percent, interval=_interval)
    summary = results["summary"]
    return environment.from_string((source / "report.html").read_text("utf-8")).render(
        title=title,
        style=Markup((source / "report.css").read_text("utf-8")),
        summary=summary,
        rows=_kind_rows(summary),
        languages=_languages(summary),
        plots=_plots(summary, verdict.parity_limit if verdict else None),
        failures=[case for case in results["cases"] if not case["passed"]],
        verdict=verdict,
    )


def _plots(summary: Json, parity_limit: float | None) -> dict[str, Markup]:
    gap = summary["parityGap"]
    ablation = summary["ablation"]
    return {
        "gap": plots.gap(gap["points"], gap["ci95"][0], gap["ci95"][1], parity_limit),
        "confusion": plots.heat([tuple(cell) for cell in summary["intents"]["confusion"]]),
        "reliability": _reliability(summary),
        "risk": _risk(summary),
        **{f"thresholds:{mode}": _thresholds(ablation, mode) for mode in _modes(ablation)},
    }


def _reliability(summary: Json) -> Markup:
    sides = (("outcome", summary["calibration"], 1), ("intent", summary["intents"]["calibration"], 2))
    series = [
        plots.Series(name, tuple((group["confidence"], group["accuracy"]) for group in side["bins"]), style)
        for name, side, style in sides
        if side["bins"]
    ]
    return plots.lines(
        series, "Reliability: stated confidence against what came true", "stated", shares=True, diagonal=True
    )


def _risk(summary: Json) -> Markup:
    curve = summary["calibration"]["riskCoverage"]
    points = tuple((coverage, risk) for coverage, risk, _ in curve)
    return plots.lines(
        [plots.Series("risk", points, 2)],
        "Risk over coverage",
        "share of cases answered, surest first",
        shares=True,
    )


def _thresholds(ablation: Sequence[Json], mode: str) -> Markup:
    rows = sorted((row for row in ablation if row["mode"] == mode), key=lambda row: float(row["threshold"]))
    series = [
        plots.Series(name, tuple((row["threshold"], row[field]) for row in rows), style)
        for name, field, style in (
            ("passed", "rate", 1),
            ("person offered", "personOffered", 3),
            ("right when answered", "selectiveAccuracy", 2),
        )
    ]
    return plots.lines(series, f"Thresholds in {mode} mode", "confidence threshold")


def _kind_rows(summary: Json) -> list[dict[str, Any]]:
    by = summary["byLanguageAndKind"]
    languages = _languages(summary)
    kinds = sorted({kind for language in languages for kind in by[language]})
    styles = {language: place % 3 + 1 for place, language in enumerate(languages)}
    rows = [_row("All", {language: summary["byLanguage"][language] for language in languages}, styles)]
    return rows + [
        _row(kind, {language: by[language][kind] for language in languages if kind in by[language]}, styles)
        for kind in kinds
    ]


def _row(name: str, rates: Mapping[str, Json], styles: Mapping[str, int]) -> dict[str, Any]:
    strips = [
        (styles[language], rate["ci95"][0], rate["rate"], rate["ci95"][1]) for language, rate in rates.items()
    ]
    label = ", ".join(f"{language} {_interval(rate)}" for language, rate in rates.items())
    pair = [rates[language]["rate"] for language in ("en", "hinglish") if language in rates]
    return {
        "name": name,
        "rates": rates,
        "strip": plots.ci_strip(strips, label, _STRIP_FLOOR),
        "gap": 100 * (pair[0] - pair[1]) if len(pair) == 2 else None,
    }


def _languages(summary: Json) -> list[str]:
    """The languages of the cases, the two that are compared first."""
    return sorted(
        summary["byLanguage"], key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)
    )


def _modes(ablation: Sequence[Json]) -> list[str]:
    return list(dict.fromkeys(row["mode"] for row in ablation))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _interval(rate: Json) -> str:
    return f"{_percent(rate['ci95'][0])}–{_percent(rate['ci95'][1])}"


def _csv_cell(value: Any) -> str:
    if isinstance(value, list):
        value = " | ".join(map(str, value))
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
