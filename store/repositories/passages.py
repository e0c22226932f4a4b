"""Passages as the indices read them, and the number that tells when they have changed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update

from graph.errors import NotFound
from store.crypto import digest
from store.models.companies import Companies
from store.models.knowledge import Passages
from store.repositories.base import Repository, fields_of, rows_of
from store.repositories.recall import ChangeNoting
from store.values.knowledge import PassageFields, PassageRow


class PassageReading(Repository):
    """The truth that vector and lexical index are built from."""

    def passages(self, company_id: str) -> list[PassageRow]:
        """All passages that may be answered from: entries first, then pages, each in order."""
        where = (Passages.company_id == company_id, Passages.active, *self._within(Passages))
        statement = rows_of(Passages, PassageRow, *where)
        return list(
            self._list(
                PassageRow,
                statement.order_by(Passages.kind, Passages.source_id, Passages.position, Passages.id),
            )
        )

    def passage_count(self, company_id: str) -> int:
        """How many passages may be answered from."""
        where = (Passages.company_id == company_id, Passages.active, *self._within(Passages))
        return int(self._db.execute(select(func.count(Passages.id)).where(*where)).scalar_one())

    def passage(self, passage_id: str) -> PassageRow:
        """A passage by id, also one that is not answered from any more (receipts quote it)."""
        found = self._find(
            PassageRow,
            rows_of(Passages, PassageRow, Passages.id == passage_id, *self._within(Passages)),
        )
        if found is None:
            raise NotFound("no such passage", field="passage")
        return found

    def version(self, company_id: str) -> int:
        """Grows with every change of the company's passages."""
        found = self._db.execute(
            select(Companies.knowledge_version).where(
                Companies.id == company_id, *self._within(Companies, "id")
            )
        ).scalar()
        if found is None:
            raise NotFound("no such company", field="company")
        return int(found)


class PassageWriting(Repository):
    """Swaps the passages of one source: new text comes before old text goes, in one transaction."""

    def _swap(
        self,
        company_id: str,
        source_id: str,
        kind: str,
        revision: int,
        fresh: list[PassageFields],
        *,
        ids: Mapping[str, str] | None = None,
        tell: bool = True,
    ) -> None:
        """Make these the source's passages; a text that was there already keeps its id.

        `ids` gives new texts their ids, by content hash, where vectors were made before; without `tell`
        indices learn of the change with the next `announce`.
        """
        where = (Passages.source_id == source_id, Passages.company_id == company_id, Passages.active)
        known = {
            row.content_hash: row.id
            for row in self._db.execute(select(Passages.id, Passages.content_hash).where(*where))
        }
        self._db.execute(update(Passages).where(*where).values(active=False))
        for position, passage in enumerate(fresh):
            row: dict[str, Any] = fields_of(passage) | {
                "position": position,
                "revision": revision,
                "active": True,
            }
            row["content_hash"] = passage.content_hash or content_hash(passage)
            same = known.pop(row["content_hash"], None)
            if same is not None:
                self._db.execute(update(Passages).where(Passages.id == same).values(row))
                continue
            new_id = (ids or {}).get(row["content_hash"]) or self._new_id("psg")
            owner = {"id": new_id, "company_id": company_id, "source_id": source_id}
            self._insert(Passages, {**owner, **row, "kind": kind, "created_at": self._now()})
        ChangeNoting(self._work).note_change(company_id, source_id, kind, revision, list(known.values()))
        if tell:
            self._bump(company_id)

    def _bump(self, company_id: str) -> None:
        self._db.execute(
            update(Companies)
            .where(Companies.id == company_id)
            .values(knowledge_version=Companies.knowledge_version + 1)
        )


def content_hash(passage: PassageFields) -> str:
    """What a receipt names: it changes when anything that a customer may read changes."""
    return digest(passage.title, passage.heading, passage.text, passage.hinglish, passage.url)
