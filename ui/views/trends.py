"""What a lead watches from day to day: why persons, in which language, how fast, and how its parts do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from store.values.figures import quantile
from ui.views.charts import Chart, durations, shares, stacked
from ui.views.words import REASONS, titled

LANGUAGES = {"en": "English", "hinglish": "Hinglish", "hi": "Hindi", "other": "Other"}
SPEEDS = (("p50", 0.5), ("p95", 0.95))
STEPS = ("safety", "triage", "answer", "specialist", "guard", "escalation")
COLOURS = 6


def trends_of(names: Sequence[str], days: Sequence[dict[str, Any]], unit: str) -> tuple[Chart, ...]:
    """Why persons, in which language, how fast, and how tools and guard do, by day or another unit."""
    turns = [day.get("turns", 0) for day in days]
    calls = [sum(sum(by.values()) for by in day.get("tools", {}).values()) for day in days]
    worked = [sum(by.get("success", 0) for by in day.get("tools", {}).values()) for day in days]
    stopped = [day.get("unsafe", 0) + day.get("guard", 0) for day in days]
    gaps = [day.get("gaps", 0) for day in days]
    return (
        stacked(
            "persons", f"Why a person, by {unit}",
            "Tickets that came to a person, by the reason, when they began.",
            names, _largest(days, "handed", REASONS),
        ),
        stacked(
            "spoken", f"Languages, by {unit}", "Messages of customers by language.",
            names, _largest(days, "languages", LANGUAGES),
        ),
        _speed(names, days, unit),
        *(_steps(names, days, unit, label, share) for label, share in SPEEDS),
        shares(
            "working", f"Tools, guard and knowledge, by {unit}",
            "Of the calls of tools those that succeeded; of the replies those that safety or guard stopped, "
            "and those for which the knowledge had nothing.",
            names,
            [
                ("tools worked", list(zip(worked, calls, strict=True))),
                ("held back", list(zip(stopped, turns, strict=True))),
                ("not known", list(zip(gaps, turns, strict=True))),
            ],
        ),
    )  # fmt: skip


def _speed(names: Sequence[str], days: Sequence[dict[str, Any]], unit: str) -> Chart:
    bins = [day.get("latency", {}).get("total", {}) for day in days]
    return durations(
        "speed", f"How long a reply takes, by {unit}",
        "Milliseconds from the message to the end of the reply: half of them were faster than p50, "
        "19 of 20 than p95.",
        names, [(label, [quantile(each, share) for each in bins]) for label, share in SPEEDS],
    )  # fmt: skip


def _steps(
    names: Sequence[str], days: Sequence[dict[str, Any]], unit: str, label: str, share: float
) -> Chart:
    found = [day.get("latency", {}) for day in days]
    return durations(
        f"steps-{label}", f"How long its steps take, {label}, by {unit}",
        "Milliseconds of each step of the graph, where it was taken.",
        names,
        [(stage, [quantile(each.get(stage, {}), share) for each in found]) for stage in STEPS],
    )  # fmt: skip


def _largest(
    days: Sequence[dict[str, Any]], name: str, words: Mapping[str, str]
) -> list[tuple[str, list[int]]]:
    """The counts of the largest names by day, the rest together; as many as there are colours."""
    total: Counter[str] = Counter()
    for day in days:
        total.update(day.get(name, {}))
    first = [key for key, _ in total.most_common(COLOURS - 1)]
    series = [(words.get(key, titled(key)), [day.get(name, {}).get(key, 0) for day in days]) for key in first]
    if len(total) > len(first):
        rest = [sum(day.get(name, {}).values()) for day in days]
        series.append(("other", [all_ - sum(row[at] for _, row in series) for at, all_ in enumerate(rest)]))
    return series
