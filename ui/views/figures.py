"""How the desk is doing: counts of days put together, each figure with what it is a share of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from store.values.figures import quantile
from store.values.outcomes import ALONE, ENDS
from ui.views.charts import (
    WIDE,
    BarRow,
    BarTable,
    Chart,
    bar_table,
    calibration,
    percent,
    shares,
    stacked,
)
from ui.views.shell import Shell
from ui.views.sums import Sums
from ui.views.trends import LANGUAGES, trends_of
from ui.views.words import milliseconds, reason_words, titled

PERIODS = ((7, "7 days"), (30, "30 days"), (90, "90 days"))
KINDS = ("answer", "specialist", "clarify", "unknown", "off_topic", "cannot_perform", "handoff", "blocked")
SHOWN_KINDS = (
    ("answered", ("answer",)),
    ("tool", ("specialist",)),
    ("question back", ("clarify",)),
    ("not known", ("unknown", "off_topic", "cannot_perform")),
    ("person", ("handoff",)),
    ("blocked", ("blocked",)),
)
ENDED = ENDS
STAGES = ("total", "safety", "triage", "answer", "specialist", "guard", "escalation")


@dataclass(frozen=True)
class Headline:
    """One large figure, and what it is a share of."""

    name: str
    value: str
    detail: str


@dataclass(frozen=True)
class FiguresPage:
    """The figures of a period."""

    template: ClassVar[str] = "figures.html"
    shell: Shell
    companies: tuple[tuple[str, str, bool], ...]
    periods: tuple[tuple[str, str, bool], ...]
    period: str
    headlines: tuple[Headline, ...]
    charts: tuple[Chart, ...]
    tables: tuple[BarTable, ...]
    outcomes: tuple[tuple[str, str, str], ...]
    """(how tickets ended, how many, which share)"""
    behind: bool = False
    """Whether some days are still being counted."""


def headlines_of(data: dict[str, Any]) -> tuple[Headline, ...]:
    """What a lead asks for first."""
    outcomes = data.get("outcomes", {})
    ended = sum(outcomes.get(name, 0) for name in ENDED)
    alone = sum(outcomes.get(name, 0) for name in ALONE)
    latency = data.get("latency", {}).get("total", {})
    calls = sum(sum(by.values()) for by in data.get("tools", {}).values())
    worked = sum(by.get("success", 0) for by in data.get("tools", {}).values())
    up, down = data.get("up", 0), data.get("down", 0)
    return (
        Headline("Tickets", f"{data.get('tickets', 0):,}", f"{data.get('turns', 0):,} replies"),
        Headline("Without a person", _share(alone, ended), f"{alone:,} of {ended:,} that ended"),
        Headline(
            "Confirmed by the customer",
            _share(outcomes.get("confirmed", 0), ended),
            f"{outcomes.get('confirmed', 0):,} of {ended:,}",
        ),
        Headline(
            "Reply, median", milliseconds(quantile(latency, 0.5)),
            f"p95 {milliseconds(quantile(latency, 0.95))}",
        ),
        Headline("Tools worked", _share(worked, calls), f"{worked:,} of {calls:,} calls"),
        Headline("Thumbs up", _share(up, up + down), f"{up:,} of {up + down:,} thumbs"),
    )  # fmt: skip


def charts_of(sums: Sums) -> tuple[Chart, ...]:
    """Volume, what the bot settles alone, what customers say, whether its confidence is worth its number."""
    names, days = sums.names, sums.steps
    kinds = [
        (label, [sum(day.get("kinds", {}).get(kind, 0) for kind in group) for day in days])
        for label, group in SHOWN_KINDS
    ]
    alone = [(_sum(day, ALONE), _sum(day, ENDED)) for day in days]
    unhanded = [(_sum(day, ENDED) - _sum(day, ("handed",)), _sum(day, ENDED)) for day in days]
    back = [(_sum(day, ("reopened",)), _sum(day, ENDED)) for day in days]
    bins = [
        (int(place) / 10 + 0.05, counts[0], counts[1])
        for place, counts in sorted(sums.data.get("confidence", {}).items())
    ]
    said = [_said(day) for day in days]
    thumbs = [(day.get("up", 0), day.get("up", 0) + day.get("down", 0)) for day in days]
    return (
        stacked(
            "volume", "Replies", f"Replies of the bot by {sums.unit} and what they were.",
            names, kinds, width=WIDE,
        ),
        shares(
            "automation", "Automation and containment",
            f"Of the tickets that began in a {sums.unit} and have ended: settled without a person and not "
            "reopened; never with a person; reopened within 72 hours.",
            names, [("settled alone", alone), ("no person", unhanded), ("reopened", back)],
        ),
        shares(
            "csat", "What customers say",
            "Of the customers who said whether it was settled, those who said yes, by when their ticket "
            "began; of the thumbs on single replies, those that point up.",
            names, [("settled", said), ("thumbs up", thumbs)],
        ),
        *trends_of(names, days, sums.unit),
        calibration(
            "calibration", "Is its confidence worth its number",
            "Tickets whose customer said whether it was settled, by the confidence of the last reply. On the "
            "diagonal it knows exactly how often it is right.",
            bins,
        ),
    )  # fmt: skip


def tables_of(data: dict[str, Any]) -> tuple[BarTable, ...]:
    """Counts by name."""
    named = {
        name: {titled(key): count for key, count in data.get(name, {}).items()}
        for name in ("intents", "flags")
    }
    reasons: Counter[str] = Counter()
    for raw, count in data.get("reasons", {}).items():
        reasons[reason_words(raw)] += count
    spoken = {LANGUAGES.get(key, key): count for key, count in data.get("languages", {}).items()}
    return (
        _latency(data.get("latency", {})),
        _tools(data.get("tools", {})),
        bar_table("reasons", "Why a person was offered", "", reasons, empty="Nobody was needed."),
        bar_table("intents", "What customers want", "by intent", named["intents"], empty="Nothing yet."),
        bar_table("languages", "Languages", "of customers' messages", spoken, empty="Nothing yet."),
        bar_table(
            "guards", "Held back", "what safety and guard stopped",
            {
                **named["flags"],
                **_given("Guard dropped the draft", data.get("guard", 0)),
                **_given("Nothing in the knowledge", data.get("gaps", 0)),
            },
            empty="Nothing was held back.",
        ),
    )  # fmt: skip


def outcomes_of(data: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """How tickets ended, with the shares of those that did."""
    outcomes = data.get("outcomes", {})
    ended = sum(outcomes.get(name, 0) for name in ENDED)
    words = {
        "confirmed": "Confirmed by the customer",
        "verified": "Verified: an action is done",
        "assumed": "Assumed: closed or silent, nothing said",
        "refused": "Not settled, the customer said so",
        "reopened": "Opened again within 72 hours",
        "handed": "With a person",
    }
    rows = [
        (label, f"{outcomes.get(name, 0):,}", percent(outcomes.get(name, 0), ended))
        for name, label in words.items()
    ]
    return (*rows, ("Still open", f"{outcomes.get('open', 0):,}", "–"))


def _latency(stages: dict[str, dict[str, int]]) -> BarTable:
    slowest = max((quantile(bins, 0.95) or 0.0 for bins in stages.values()), default=0.0) or 1.0
    rows = []
    for stage in (*STAGES, *(name for name in stages if name not in STAGES)):
        bins = stages.get(stage, {})
        median, late = quantile(bins, 0.5), quantile(bins, 0.95)
        if median is None or late is None:
            continue
        rows.append(
            BarRow(stage, milliseconds(median), round(100 * late / slowest, 1), f"p95 {milliseconds(late)}")
        )
    return BarTable(
        "latency", "How long steps take", "median, and p95 as the bar", tuple(rows), "Nothing yet."
    )


def _tools(tools: dict[str, dict[str, int]]) -> BarTable:
    rows = []
    for name, by in sorted(tools.items()):
        total, failed = sum(by.values()), by.get("failed", 0)
        held = by.get("refused", 0) + by.get("needs_identity", 0) + by.get("needs_confirmation", 0)
        told = ((failed, "failed"), (held, "held by the gate"), (by.get("not_found", 0), "found nothing"))
        detail = ", ".join(f"{count:,} {words}" for count, words in told if count)
        family = "urgent" if total and failed / total > 0.05 else ""
        rows.append(
            BarRow(
                name, percent(by.get("success", 0), total), 100 * by.get("success", 0) / total, detail, family
            )
        )
    return BarTable("tools", "Tools", "share of calls that succeeded", tuple(rows), "No tool was used.")


def _given(name: str, count: int) -> dict[str, int]:
    return {name: count} if count else {}


def _said(day: dict[str, Any]) -> tuple[int, int]:
    """How many tickets were settled in the customer's word, and how many customers said a word."""
    bins = day.get("confidence", {}).values()
    return sum(settled for _, settled in bins), sum(cases for cases, _ in bins)


def _sum(day: dict[str, Any], names: Sequence[str]) -> int:
    outcomes = day.get("outcomes", {})
    return sum(outcomes.get(name, 0) for name in names)


def _share(some: int, of: int) -> str:
    return f"{100 * some / of:.1f} %" if of else "–"
