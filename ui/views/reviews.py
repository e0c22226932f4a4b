"""Answers under review: one at a time to judge, and what the marks come to."""

from dataclasses import dataclass
from typing import ClassVar

from store.values.reviews import Mark
from ui.views.charts import Chart
from ui.views.figures import Headline
from ui.views.imports import Tab
from ui.views.shell import Shell
from ui.views.words import LANGUAGE, Sign, clipped, stamp

SIGNS = {
    "right": Sign("done", "Right"),
    "wrong": Sign("urgent", "Wrong"),
    "unsure": Sign("closed", "Cannot say"),
    "": Sign("waiting", "Waits"),
}


@dataclass(frozen=True)
class RestsOn:
    """A claim of the reply beside the words that it rests on."""

    claim: str
    quote: str
    title: str


@dataclass(frozen=True)
class Judged:
    """The answer to judge. Its confidence is not shown: it would lead the judge."""

    id: str
    question: str
    reply: str
    language: str
    at: str
    trace_url: str
    receipts: tuple[RestsOn, ...]
    verdict: str = ""
    reason: str = ""


@dataclass(frozen=True)
class MarkLine:
    """A drawn answer in the list."""

    url: str
    question: str
    sign: Sign
    reason: str
    language: str
    at: str


@dataclass(frozen=True)
class ThresholdRow:
    """What a threshold would have kept."""

    threshold: str
    answered: str
    wrong: str
    interval: str


@dataclass(frozen=True)
class ReviewsPage:
    """Reviewed answers of one company and period."""

    template: ClassVar[str] = "reviews.html"
    shell: Shell
    company: str
    companies: tuple[Tab, ...]
    periods: tuple[Tab, ...]
    period: str
    days: int
    headlines: tuple[Headline, ...]
    current: Judged | None
    waiting: int
    drawable: int
    draws: tuple[int, ...]
    calibration: Chart
    thresholds: tuple[ThresholdRow, ...]
    marks: tuple[MarkLine, ...]
    said: str = ""
    may_mark: bool = True


def mark_line(mark: Mark, url: str) -> MarkLine:
    """A mark in the list."""
    return MarkLine(
        url=url,
        question=clipped(mark.question, 90),
        sign=SIGNS.get(mark.verdict, SIGNS[""]),
        reason=mark.reason,
        language=LANGUAGE.get(mark.language or "", "Other"),
        at=stamp(mark.answered_at),
    )
