"""Says whether a run is good enough to release, by stated limits and against an earlier run.

A gate file (TOML or JSON) holds checks on figures of the summary and the limits for a comparison:

    [[check]]
    metric = "byLanguage.hinglish.rate"   # a path into the summary; list places are numbers
    min = 0.95                            # and/or max
    loss = 0.03                           # or how much worse than the baseline's figure it may be

    [baseline]
    points = 3.0          # net loss of all cases that is allowed, in points
    slice_points = 20.0   # net loss within one company and kind, in points ...
    slice_cases = 3       # ... that also takes at least so many cases
    source_points = 50.0  # the same within what answered: an entry, a tool, a reason for a person
    families = 1          # families that may fail in all their wordings and languages

A comparison looks at net losses, overall and by slice, and at whole families: a respelled question may fail
while another starts to pass, but a removed rule takes all that it decided down, and a swapped entry all that
it answered.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from graph.errors import Invalid

Json = Mapping[str, Any]

_PARITY = "parityGap.ci95.1"


class Check(BaseModel):
    """A figure of the summary and the limits that it has to keep."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    min: float | None = None
    max: float | None = None
    loss: float | None = Field(default=None, ge=0)
    """How far it may be below the baseline's; where less is better, how far above."""
    less_is_better: bool = False

    @model_validator(mode="after")
    def _limited(self) -> "Check":
        if self.min is None and self.max is None and self.loss is None:
            raise ValueError("needs a min, a max or a loss")
        return self


class BaselineLimits(BaseModel):
    """How much worse than an earlier run is still no regression."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: float = Field(default=3.0, ge=0)
    slice_points: float = Field(default=20.0, ge=0)
    slice_cases: int = Field(default=3, ge=1)
    source_points: float = Field(default=50.0, ge=0)
    families: int = Field(default=1, ge=0)


class Gate(BaseModel):
    """The content of a gate file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: tuple[Check, ...] = ()
    baseline: BaselineLimits = BaselineLimits()


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose outcome differs from the baseline's."""

    id: str
    before: str
    after: str
    fixed: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class GateReport:
    """The verdict, every reason against a release, and what changed since the baseline."""

    passed: bool
    reasons: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    parity_limit: float | None = None
    """How far English may be ahead of Hinglish at the upper end of the interval, in points."""


def read_gate(path: Path) -> Gate:
    """Read a gate file; `Invalid` names the file and the field."""
    raw = _text(path)
    try:
        values = json.loads(raw) if path.suffix == ".json" else tomllib.loads(raw)
        return Gate.model_validate(values)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(f"{path}: {error}", field="gate") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "gate"
        raise Invalid(f"{path}: {field}: {first['msg']}", field=field) from error


def read_results(path: Path) -> Json:
    """Read an earlier `results.json`; `Invalid` when it is none."""
    try:
        values = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise Invalid(f"{path}: {error}", field="baseline") from error
    if not isinstance(values, dict) or not {"summary", "cases"} <= set(values):
        raise Invalid(f"{path}: is no results.json: summary and cases are missing", field="baseline")
    return values


def hold(gate: Gate, results: Json, baseline: Json | None = None) -> GateReport:
    """Judge a run: all checks, and the losses against the baseline where one is given."""
    reasons = [reason for check in gate.check if (reason := _broken(check, results["summary"]))]
    changes: tuple[Change, ...] = ()
    if baseline is not None:
        reasons += [
            reason
            for check in gate.check
            if (reason := _worse(check, baseline["summary"], results["summary"]))
        ]
        changes = compare(baseline["cases"], results["cases"])
        reasons += _losses(gate.baseline, baseline["cases"], results["cases"])
    limits = [check.max for check in gate.check if check.metric == _PARITY]
    return GateReport(not reasons, tuple(reasons), changes, limits[0] if limits else None)


def compare(before: Sequence[Json], after: Sequence[Json]) -> tuple[Change, ...]:
    """The cases of both runs whose outcome changed, broken ones first."""
    old = {case["id"]: case for case in before}
    changes = [
        Change(
            id=case["id"],
            before=old[case["id"]]["kind"],
            after=case["kind"],
            fixed=case["passed"],
            why="; ".join(case["failures"] if not case["passed"] else old[case["id"]]["failures"]),
        )
        for case in after
        if case["id"] in old and old[case["id"]]["passed"] != case["passed"]
    ]
    return tuple(sorted(changes, key=lambda change: (change.fixed, change.id)))


def _broken(check: Check, summary: Json) -> str | None:
    value = _figure(summary, check.metric)
    if value is None:
        return f"{check.metric} is not in the results"
    if check.min is not None and value < check.min:
        return f"{check.metric} is {value:g}, at least {check.min:g} is needed"
    if check.max is not None and value > check.max:
        return f"{check.metric} is {value:g}, at most {check.max:g} is allowed"
    return None


def _worse(check: Check, before: Json, after: Json) -> str | None:
    then, now = _figure(before, check.metric), _figure(after, check.metric)
    if check.loss is None or then is None or now is None:
        return None  # a figure that is missing now is told by `_broken`
    lost = now - then if check.less_is_better else then - now
    if lost <= check.loss:
        return None
    return f"{check.metric} went from {then:g} to {now:g}, a loss of {check.loss:g} is allowed"


def _figure(summary: Any, metric: str) -> float | None:
    value = summary
    for part in metric.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, Sequence) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return float(value) if isinstance(value, int | float) else None


def _losses(limits: BaselineLimits, before: Sequence[Json], after: Sequence[Json]) -> list[str]:
    old = {case["id"]: case for case in before}
    shared = [case for case in after if case["id"] in old]
    if not shared:
        return ["no case of the baseline was run"]
    gone = len(old) - len(shared)
    reasons = [f"{gone} cases of the baseline were not run"] if gone else []
    lost = _net_loss(shared, old)
    if 100 * lost / len(shared) > limits.points:
        reasons.append(f"{lost} of {len(shared)} cases lost, at most {limits.points:g} points are allowed")
    for name, cases in _grouped(shared, "company", "wantedKind"):
        lost = _net_loss(cases, old)
        if lost >= limits.slice_cases and 100 * lost / len(cases) > limits.slice_points:
            reasons.append(f"{lost} of {len(cases)} cases lost in {name}")
    for name, cases in _by_source(shared, old):
        lost = _net_loss(cases, old)
        if lost >= limits.slice_cases and 100 * lost / len(cases) > limits.source_points:
            reasons.append(f"{lost} of {len(cases)} cases lost that {name} answered")
    broken = [name for name, cases in _grouped(shared, "family") if _is_lost(cases, old)]
    if len(broken) > limits.families:
        reasons.append(f"no wording passes any more in {len(broken)} families: {', '.join(broken)}")
    return reasons


def _by_source(cases: Sequence[Json], old: Mapping[str, Json]) -> list[tuple[str, list[Json]]]:
    """Cases by what answered them in the baseline; a reply from several sources counts for each."""
    groups: dict[str, list[Json]] = {}
    for case in cases:
        for source in old[case["id"]].get("sources", ()):
            groups.setdefault(f"{case['company']}: {source}", []).append(case)
    return sorted(groups.items())


def _grouped(cases: Sequence[Json], *fields: str) -> list[tuple[str, list[Json]]]:
    """Cases that share these fields, by the values; cases that lack one are left out."""
    groups: dict[str, list[Json]] = {}
    for case in cases:
        values = [case.get(field) for field in fields]
        if all(values):
            groups.setdefault(", ".join(map(str, values)), []).append(case)
    return sorted(groups.items())


def _is_lost(cases: Sequence[Json], old: Mapping[str, Json]) -> bool:
    """Whether two or more wordings, all of which passed, all fail."""
    return len(cases) > 1 and all(old[case["id"]]["passed"] and not case["passed"] for case in cases)


def _net_loss(cases: Sequence[Json], old: Mapping[str, Json]) -> int:
    return sum(int(old[case["id"]]["passed"]) - int(case["passed"]) for case in cases)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path}: cannot be read: {error}", field="file") from error
