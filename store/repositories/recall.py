"""Past answers by what they rested on: found through their receipts, never through their words."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_, update

from graph.errors import NotFound
from store.models.knowledge import Passages
from store.models.recall import KnowledgeChanges, Recalls
from store.models.tickets import Tickets
from store.models.turns import Receipts, Turns
from store.repositories.base import Repository, rows_of
from store.values.recall import KnowledgeChange, RecallAction, RestedAnswer, RestedClaim

Claim = tuple[str, str, str]
"""Passage, quote and claim: what makes receipts one and the same statement."""
_CLAIM = (Receipts.source_id, Receipts.quote, Receipts.claim)
_DECIDED = and_(Recalls.turn_id == Receipts.turn_id, Recalls.seq == Receipts.seq)


class RecallRepository(Repository):
    """Changes of the caller's companies, the claims that rested on them, and what was decided."""

    def changes(
        self, company_id: str, source_id: str | None = None, *, limit: int = 50
    ) -> tuple[KnowledgeChange, ...]:
        """The changes (of one source) that took away something an answer rested on, newest first."""
        rested = (
            select(Receipts.turn_id)
            .join(Passages, Passages.id == Receipts.source_id)
            .where(Passages.change_id == KnowledgeChanges.id, Receipts.supported, *self._within(Receipts))
        )
        where = [KnowledgeChanges.company_id == company_id, *self._within(KnowledgeChanges)]
        if source_id is not None:
            where.append(KnowledgeChanges.source_id == source_id)
        statement = rows_of(KnowledgeChanges, KnowledgeChange, *where, rested.exists())
        newest = statement.order_by(KnowledgeChanges.created_at.desc(), KnowledgeChanges.id.desc())
        return self._list(KnowledgeChange, newest.limit(limit))

    def change(self, change_id: str) -> KnowledgeChange:
        """One change, or `NotFound`."""
        where = (KnowledgeChanges.id == change_id, *self._within(KnowledgeChanges))
        found = self._find(KnowledgeChange, rows_of(KnowledgeChanges, KnowledgeChange, *where))
        if found is None:
            raise NotFound("no such change", field="change")
        return found

    def claims(self, change_id: str) -> tuple[RestedClaim, ...]:
        """Every claim that rested on what the change took away, the most told first."""
        passage: tuple[Any, ...] = (Passages.title, Passages.heading, Passages.text, Passages.hinglish)
        answers = func.count(Receipts.turn_id.distinct())
        statement = (
            select(
                Passages.id.label("passage_id"),
                *passage,
                Receipts.quote,
                Receipts.claim,
                answers.label("answers"),
                func.count(Recalls.turn_id.distinct()).label("settled"),
            )
            .join(Receipts, Receipts.source_id == Passages.id)
            .outerjoin(Recalls, _DECIDED)
            .where(Passages.change_id == change_id, Receipts.supported, *self._mine())
            .group_by(Passages.id, *passage, Receipts.quote, Receipts.claim)
            .order_by(answers.desc(), Receipts.claim)
        )
        return self._list(RestedClaim, statement)

    def standing(self, company_id: str, source_id: str | None = None) -> tuple[tuple[str, str, str], ...]:
        """(heading, text, Hinglish) of what is answered from now: of a source, or of the whole company."""
        where = [Passages.company_id == company_id, Passages.active, *self._within(Passages)]
        if source_id is not None:
            where.append(Passages.source_id == source_id)
        statement = select(Passages.heading, Passages.text, Passages.hinglish).where(*where)
        return tuple(
            (str(row.heading), str(row.text), str(row.hinglish)) for row in self._db.execute(statement)
        )

    def count(self, change_id: str, claims: Sequence[Claim]) -> tuple[int, int]:
        """How many answers made one of these claims, and how many of them wait for a decision."""
        told = func.count(Receipts.turn_id.distinct())
        statement = self._told(select(told), change_id, claims)
        open_ones = statement.outerjoin(Recalls, _DECIDED).where(Recalls.turn_id.is_(None))
        return int(self._db.execute(statement).scalar_one()), int(self._db.execute(open_ones).scalar_one())

    def answers(self, change_id: str, claim: Claim, *, limit: int = 100) -> tuple[RestedAnswer, ...]:
        """The answers that made a claim: undecided ones first, then the newest."""
        columns: tuple[Any, ...] = (
            Receipts.turn_id, Receipts.seq, Turns.ticket_id, Tickets.number, Turns.question,
            Turns.reply_language.label("language"), Turns.created_at.label("answered_at"),
            Recalls.action, Recalls.decided_at,
        )  # fmt: skip
        statement = (
            self._told(select(*columns), change_id, [claim])
            .join(Turns, Turns.id == Receipts.turn_id)
            .join(Tickets, Tickets.id == Turns.ticket_id)
            .outerjoin(Recalls, _DECIDED)
            .order_by(Recalls.turn_id.is_not(None), Turns.created_at.desc(), Receipts.turn_id, Receipts.seq)
        )
        return self._list(RestedAnswer, statement.limit(limit))

    def decide(self, answer: RestedAnswer, company_id: str, action: RecallAction, by: str) -> bool:
        """Settle one claim of one answer; False when somebody has done so before."""
        self._check(company_id)
        mine = (Recalls.turn_id == answer.turn_id, Recalls.seq == answer.seq)
        if self._db.execute(select(Recalls.turn_id).where(*mine)).first() is not None:
            return False
        row = {"turn_id": answer.turn_id, "seq": answer.seq, "company_id": company_id}
        self._insert(Recalls, {**row, "action": action, "decided_by": by, "decided_at": self._now()})
        return True

    def _told(self, statement: Select[Any], change_id: str, claims: Iterable[Claim]) -> Select[Any]:
        """Receipts of these claims, among those that rested on what the change took away."""
        return (
            statement.select_from(Receipts)
            .join(Passages, Passages.id == Receipts.source_id)
            .where(Passages.change_id == change_id, tuple_(*_CLAIM).in_(list(claims)), Receipts.supported)
            .where(*self._mine())
        )

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return (*self._within(Passages), *self._within(Receipts))


class ChangeNoting(Repository):
    """Notes what a publication takes away, in the transaction that takes it."""

    def note_change(self, company_id: str, source_id: str, kind: str, revision: int, gone: list[str]) -> None:
        """One change, named by the passages that went with it."""
        if not gone:
            return
        self._check(company_id)
        change_id = self._new_id("chg")
        last = self._db.execute(
            select(Passages.title, Passages.url).where(Passages.id == gone[0], *self._within(Passages))
        ).one()
        self._insert(
            KnowledgeChanges,
            {
                "id": change_id, "company_id": company_id, "source_id": source_id, "kind": kind,
                "title": last.title, "url": last.url, "revision": revision, "created_at": self._now(),
            },
        )  # fmt: skip
        taken = update(Passages).where(Passages.id.in_(gone), *self._within(Passages))
        self._db.execute(taken.values(change_id=change_id))
