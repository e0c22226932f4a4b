"""Reviewed answers: which may be drawn, which were, and what was said of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from graph.errors import NotFound
from store.models.reviews import Reviews
from store.models.turns import Turns
from store.repositories.base import Repository, rows_of
from store.values.reviews import ANSWERS, Mark, Review, Verdict


class ReviewRepository(Repository):
    """Drawn answers of the caller's companies."""

    def drawable(self, company_id: str, since: datetime) -> list[str]:
        """The turns since then that state something and were not drawn yet, oldest first."""
        statement = select(Turns.id).where(*self._drawable(company_id, since))
        return list(self._db.execute(statement.order_by(Turns.created_at, Turns.id)).scalars())

    def left(self, company_id: str, since: datetime) -> int:
        """How many those are."""
        statement = select(func.count(Turns.id)).where(*self._drawable(company_id, since))
        return int(self._db.execute(statement).scalar_one())

    def draw(self, company_id: str, turn_ids: Sequence[str]) -> None:
        """Put these answers up for review, in this order."""
        self._check(company_id)
        now = self._now()
        rows = [
            {"id": self._new_id("rev"), "company_id": company_id, "turn_id": turn_id, "created_at": now}
            for turn_id in turn_ids
        ]
        self._insert(Reviews, rows)

    def get(self, review_id: str) -> Review:
        """One drawn answer, or `NotFound`."""
        found = self._find(Review, rows_of(Reviews, Review, Reviews.id == review_id, *self._within(Reviews)))
        if found is None:
            raise NotFound("no such review", field="id")
        return found

    def next(self, company_id: str) -> Review | None:
        """The drawn answer that has waited longest."""
        where = (Reviews.company_id == company_id, Reviews.verdict == "", *self._within(Reviews))
        return self._find(Review, rows_of(Reviews, Review, *where).order_by(Reviews.id).limit(1))

    def waiting(self, company_id: str) -> int:
        """How many drawn answers nobody has judged."""
        where = (Reviews.company_id == company_id, Reviews.verdict == "", *self._within(Reviews))
        return int(self._db.execute(select(func.count(Reviews.id)).where(*where)).scalar_one())

    def mark(self, review_id: str, verdict: Verdict, reason: str, by: str) -> None:
        """Say whether the answer is right; a later word replaces it."""
        self.get(review_id)
        said = {"verdict": verdict, "reason": reason, "reviewed_by": by, "reviewed_at": self._now()}
        self._db.execute(
            update(Reviews).where(Reviews.id == review_id, *self._within(Reviews)).values(**said)
        )

    def marks(self, company_id: str, since: datetime) -> tuple[Mark, ...]:
        """Everything drawn among the answers since then, the last judged first."""
        columns: tuple[Any, ...] = (
            Reviews.id, Reviews.verdict, Reviews.reason, Reviews.reviewed_at, Turns.question, Turns.kind,
            func.coalesce(Turns.confidence, 0.0).label("confidence"), Turns.reply_language.label("language"),
            Turns.created_at.label("answered_at"),
        )  # fmt: skip
        statement = (
            select(*columns)
            .join(Turns, Turns.id == Reviews.turn_id)
            .where(Reviews.company_id == company_id, Turns.created_at >= since, *self._within(Reviews))
            .order_by(Reviews.reviewed_at.desc().nulls_last(), Reviews.id.desc())
        )
        return self._list(Mark, statement)

    def _drawable(self, company_id: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
        drawn = select(Reviews.id).where(Reviews.turn_id == Turns.id)
        where = (Turns.company_id == company_id, Turns.created_at >= since, *self._within(Turns))
        return (*where, Turns.status == "done", Turns.kind.in_(ANSWERS), ~drawn.exists())
