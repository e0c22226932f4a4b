"""Reviewed answers: a random sample, the true error rate with its interval, what marks say of confidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.desk import Desk
from eval.scores import Bin, ece, reliability
from eval.stats import Rate
from graph.errors import Invalid
from store.unit import UnitOfWork
from store.values.reviews import Mark
from store.values.scope import Scope

DRAWS = (20, 50, 100)
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class AtThreshold:
    """What a confidence threshold would have kept: the share that is answered, and the errors among it."""

    threshold: float
    answered: Rate
    wrong: Rate


@dataclass(frozen=True)
class Reviewed:
    """What the marks of a period come to."""

    wrong: Rate
    by_language: dict[str, Rate]
    unsure: int
    waiting: int
    bins: tuple[Bin, ...]
    ece: float
    thresholds: tuple[AtThreshold, ...]


async def draw(desk: Desk, scope: Scope, slug: str, count: int, since: datetime, by: str) -> int:
    """Draw answers given since then that were not drawn before; how many there were to draw."""
    if count not in DRAWS:
        raise Invalid(f"draw one of {', '.join(map(str, DRAWS))}", field="count")

    def write(uow: UnitOfWork) -> int:
        company = uow.companies.by_slug(slug)
        chosen = desk.chance.sample(uow.reviews.drawable(company.id, since), count)
        uow.reviews.draw(company.id, chosen)
        uow.audit.add(by, "reviews.draw", str(len(chosen)), company_id=company.id)
        return len(chosen)

    return await desk.store.write(scope, write)


def reviewed(marks: Sequence[Mark]) -> Reviewed:
    """Rates, calibration and thresholds; who cannot say is counted apart and in no rate."""
    judged = [mark for mark in marks if mark.verdict in ("right", "wrong")]
    languages = ("en", "hinglish")
    bins = reliability([mark.confidence for mark in judged], [mark.verdict == "right" for mark in judged])
    return Reviewed(
        wrong=_wrong(judged),
        by_language={name: _wrong([mark for mark in judged if mark.language == name]) for name in languages},
        unsure=sum(mark.verdict == "unsure" for mark in marks),
        waiting=sum(mark.verdict == "" for mark in marks),
        bins=bins,
        ece=ece(bins),
        thresholds=tuple(_at(threshold, judged) for threshold in THRESHOLDS) if judged else (),
    )


def _wrong(marks: Sequence[Mark]) -> Rate:
    return Rate(sum(mark.verdict == "wrong" for mark in marks), len(marks))


def _at(threshold: float, judged: Sequence[Mark]) -> AtThreshold:
    kept = [mark for mark in judged if mark.confidence >= threshold]
    return AtThreshold(threshold, Rate(len(kept), len(judged)), _wrong(kept))
