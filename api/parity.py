"""English minus Hinglish, metric by metric: from live tickets, from leads' reviews, from evaluation runs.

Every metric is the share of what went well, so a gap above zero always means that Hinglish is served worse.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from eval.stats import Gap, Rate, unpaired_gap
from store.unit import UnitOfWork
from store.values.evals import EvalHead
from store.values.figures import FigureDay, date_of
from store.values.outcomes import ALONE, ENDS
from store.values.reviews import Mark

Counts = Mapping[str, Any]
LANGUAGES = ("en", "hinglish")
WEEK, MOST_RUNS = 7, 200


@dataclass(frozen=True)
class Metric:
    """What is compared: its name, what it is a share of, and where it comes from."""

    key: str
    name: str
    of: str
    source: str


@dataclass(frozen=True)
class Point:
    """Both languages at one time; `gap` is English minus Hinglish, -1..1, with its 95 % interval."""

    at: str
    english: Rate
    hinglish: Rate
    gap: Gap

    @property
    def known(self) -> bool:
        """Whether both languages were seen at all."""
        return bool(self.english.cases and self.hinglish.cases)


@dataclass(frozen=True)
class Row:
    """A metric over the whole period, and over time."""

    metric: Metric
    whole: Point
    points: tuple[Point, ...]


def _ends(counts: Counts, *good: str, of: Sequence[str] = ENDS) -> Rate:
    return Rate(sum(counts.get(name, 0) for name in good), sum(counts.get(name, 0) for name in of))


def _without(counts: Counts, name: str) -> Rate:
    return Rate(counts.get("all", 0) - counts.get(name, 0), counts.get("all", 0))


_STAYED = tuple(name for name in ENDS if name not in ("reopened", "handed"))
LIVE: tuple[tuple[Metric, str, Callable[[Counts], Rate]], ...] = (
    (
        Metric("alone", "Settled without a person", "tickets that ended", "live"),
        "ends",
        lambda counts: _ends(counts, *ALONE),
    ),
    (
        Metric("confirmed", "Confirmed by the customer", "customers who said", "live"),
        "ends",
        lambda counts: _ends(counts, "confirmed", of=("confirmed", "refused")),
    ),
    (
        Metric("stayed", "Stayed closed", "tickets that ended without a person", "live"),
        "ends",
        lambda counts: _ends(counts, *_STAYED, of=(*_STAYED, "reopened")),
    ),
    (
        Metric("known", "Found in the knowledge", "replies", "live"),
        "replies",
        lambda counts: _without(counts, "unknown"),
    ),
    (
        Metric("unaided", "No person offered", "replies", "live"),
        "replies",
        lambda counts: _without(counts, "offered"),
    ),
    (
        Metric("grounded", "Draft passed by the guard", "replies", "live"),
        "replies",
        lambda counts: _without(counts, "guard"),
    ),
)
REVIEWED = Metric("right", "Right, say leads", "judged answers", "reviews")
PASSED = Metric("passed", "Cases passed", "cases of a run", "evaluations")


def board_of(
    uow: UnitOfWork, company_id: str | None, days: Sequence[FigureDay], first: date, last: date
) -> list[Row]:
    """Every metric of the period, for a company or for all that the reader may see."""
    rows = [_live(metric, place, rate, days, first, last) for metric, place, rate in LIVE]
    companies = [item.id for item in uow.companies.all()] if company_id is None else [company_id]
    marks = [mark for each in companies for mark in uow.reviews.marks(each, begin_of(first))]
    runs = [run for run in uow.evals.runs(limit=MOST_RUNS) if run.company_id == company_id]
    in_time = [run for run in reversed(runs) if first <= run.created_at.date() <= last]
    return [*rows, _reviewed(marks, first, last), _passed(in_time)]


def counted_days(uow: UnitOfWork, companies: Sequence[str], first: date, last: date) -> list[FigureDay]:
    """Days counted now, for those who keep none."""
    days = [(first + timedelta(days=step)).isoformat() for step in range((last - first).days + 1)]
    return [
        FigureDay(company_id=each, day=day, data=uow.figures.count(each, day), counted_at=begin_of(last))
        for each in companies
        for day in days
    ]


def begin_of(day: date) -> datetime:
    """The moment at which a day begins, in UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)


def _live(
    metric: Metric,
    place: str,
    rate: Callable[[Counts], Rate],
    days: Sequence[FigureDay],
    first: date,
    last: date,
) -> Row:
    def point(at: str, begin: date, end: date) -> Point:
        chosen = [day.data.get(place, {}) for day in days if begin <= date_of(day.day) <= end]
        english, hinglish = (_summed(data.get(language, {}) for data in chosen) for language in LANGUAGES)
        return _point(at, rate(english), rate(hinglish))

    weeks = tuple(point(_named(end), begin, end) for begin, end in _weeks(first, last))
    return Row(metric, point("", first, last), weeks)


def _reviewed(marks: Sequence[Mark], first: date, last: date) -> Row:
    judged = [mark for mark in marks if mark.verdict in ("right", "wrong")]

    def point(at: str, begin: date, end: date) -> Point:
        some = [mark for mark in judged if begin <= mark.answered_at.date() <= end]
        return _point(at, *(_right(some, language) for language in LANGUAGES))

    weeks = tuple(point(_named(end), begin, end) for begin, end in _weeks(first, last))
    return Row(REVIEWED, point("", first, last), weeks)


def _right(marks: Sequence[Mark], language: str) -> Rate:
    spoken = [mark for mark in marks if mark.language == language]
    return Rate(sum(mark.verdict == "right" for mark in spoken), len(spoken))


def _passed(runs: Sequence[EvalHead]) -> Row:
    """Runs keep their own gap: cases that say the same in both languages are compared in pairs."""
    points = tuple(_run(run) for run in runs if set(LANGUAGES) <= set(run.summary["byLanguage"]))
    return Row(PASSED, points[-1] if points else _point("", Rate(0, 0), Rate(0, 0)), points)


def _run(run: EvalHead) -> Point:
    by, gap = run.summary["byLanguage"], run.summary["parityGap"]
    english, hinglish = (Rate(by[name]["passed"], by[name]["cases"]) for name in LANGUAGES)
    low, high = gap["ci95"]
    return Point(
        _named(run.created_at.date()), english, hinglish, Gap(gap["points"] / 100, (low / 100, high / 100))
    )


def _point(at: str, english: Rate, hinglish: Rate) -> Point:
    return Point(at, english, hinglish, unpaired_gap(english, hinglish))


def _summed(counts: Iterable[Counts]) -> Counter[str]:
    found: Counter[str] = Counter()
    for some in counts:
        found.update(some)
    return found


def _weeks(first: date, last: date) -> list[tuple[date, date]]:
    """Runs of seven days that end with the last one, oldest first; the oldest may be shorter."""
    found = []
    end = last
    while end >= first:
        begin = max(first, end - timedelta(days=WEEK - 1))
        found.append((begin, end))
        end = begin - timedelta(days=1)
    return found[::-1]


def _named(day: date) -> str:
    return f"{day.day} {day:%b}"
