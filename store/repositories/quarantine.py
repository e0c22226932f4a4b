"""Passages that are held back until a person has read them."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import delete, select, update

from graph.errors import NotFound
from store.models.imports import HeldPassages
from store.models.knowledge import Passages
from store.repositories.base import fields_of, rows_of
from store.repositories.passages import PassageWriting
from store.repositories.sources import Sources
from store.values.imports import HeldPassage, Suspicion


class QuarantineRepository(PassageWriting):
    """What imports found and people have to decide on, within the caller's companies."""

    def decisions(self, source_id: str) -> dict[str, str]:
        """By content hash: whether a passage of the page waits, was approved or was rejected."""
        rows = self._db.execute(
            select(HeldPassages.content_hash, HeldPassages.status).where(
                HeldPassages.source_id == source_id, *self._within(HeldPassages)
            )
        )
        return {str(row.content_hash): str(row.status) for row in rows}

    def hold(
        self, company_id: str, source_id: str, found: Iterable[Suspicion], *, job_id: str | None = None
    ) -> None:
        """Make these the page's passages that wait; what was decided before stays decided."""
        self._check(company_id)
        self._db.execute(
            delete(HeldPassages).where(
                HeldPassages.source_id == source_id,
                HeldPassages.status == "waiting",
                *self._within(HeldPassages),
            )
        )
        now = self._now()
        self._insert(
            HeldPassages,
            [
                {
                    "id": self._new_id("hld"),
                    "company_id": company_id,
                    "source_id": source_id,
                    "job_id": job_id,
                    "position": item.position,
                    "content_hash": item.passage.content_hash,
                    "fields": fields_of(item.passage) | {"questions": list(item.passage.questions)},
                    "reason": item.reason,
                    "status": "waiting",
                    "created_at": now,
                    "updated_at": now,
                }
                for item in found
            ],
        )

    def waiting(self, company_id: str | None = None) -> tuple[HeldPassage, ...]:
        """What nobody has decided on yet, oldest first."""
        where = [HeldPassages.status == "waiting", *self._within(HeldPassages)]
        if company_id is not None:
            where.append(HeldPassages.company_id == company_id)
        statement = rows_of(HeldPassages, HeldPassage, *where)
        return self._list(HeldPassage, statement.order_by(HeldPassages.created_at, HeldPassages.id))

    def get(self, held_id: str) -> HeldPassage:
        """The held passage, or `NotFound`."""
        where = (HeldPassages.id == held_id, *self._within(HeldPassages))
        found = self._find(HeldPassage, rows_of(HeldPassages, HeldPassage, *where))
        if found is None:
            raise NotFound("no such passage", field="id")
        return found

    def decide(self, held_id: str, *, approve: bool, by: str) -> HeldPassage:
        """Let a passage be answered from, or keep it out for good; deciding twice changes nothing."""
        held = self.get(held_id)
        if held.status != "waiting":
            return held
        status = "approved" if approve else "rejected"
        self._db.execute(
            update(HeldPassages)
            .where(HeldPassages.id == held_id)
            .values(status=status, decided_by=by, updated_at=self._now())
        )
        if approve:
            self._let_in(held)
        return replace(held, status=status, decided_by=by)

    def _let_in(self, held: HeldPassage) -> None:
        source = Sources(self._work).source(held.source_id)
        self._insert(
            Passages,
            {
                **fields_of(held.passage),
                "id": self._new_id("psg"),
                "company_id": held.company_id,
                "source_id": held.source_id,
                "kind": source.kind if source.kind == "upload" else "page",
                "position": held.position,
                "revision": source.revision,
                "active": True,
                "created_at": self._now(),
            },
        )
        if source.status == "quarantined":
            Sources(self._work).note_source(source.id, status="imported", reason="")
        self._bump(held.company_id)
