"""Pages and files that knowledge is imported from."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from graph.errors import NotFound
from store.models.knowledge import KnowledgeSources, Passages
from store.repositories.base import fields_of, rows_of
from store.repositories.passages import PassageWriting
from store.values.knowledge import PassageFields, Source, SourceFields


class Sources(PassageWriting):
    """The imported pages of a company; the last good text stays until new text replaces it."""

    def sources(self, company_id: str) -> tuple[Source, ...]:
        """All known pages, by address."""
        where = (KnowledgeSources.company_id == company_id, *self._within(KnowledgeSources))
        return self._list(Source, rows_of(KnowledgeSources, Source, *where).order_by(KnowledgeSources.url))

    def source(self, source_id: str) -> Source:
        """The page, or `NotFound`."""
        return self._source(KnowledgeSources.id == source_id)

    def source_by_url(self, company_id: str, url: str) -> Source | None:
        """The company's page with this address, if it is known."""
        where = (KnowledgeSources.company_id == company_id, KnowledgeSources.url == url)
        return self._find(Source, rows_of(KnowledgeSources, Source, *where, *self._within(KnowledgeSources)))

    def publish_source(
        self,
        company_id: str,
        new: SourceFields,
        passages: list[PassageFields],
        *,
        ids: Mapping[str, str] | None = None,
        tell: bool = True,
    ) -> Source:
        """Make this the page's text: its row and passages change together, or not at all when it is equal.

        `ids` and `tell` are for imports; see `PassageWriting._swap`.
        """
        self._check(company_id)
        known = self.source_by_url(company_id, new.url)
        now = self._now()
        if known is None:
            source_id, revision = self._new_id("src"), 1
            row = {"id": source_id, "company_id": company_id, "created_at": now, "updated_at": now}
            row |= fields_of(new) | {"revision": revision, "imported_at": now}
            self._insert(KnowledgeSources, row)
        elif known.content_hash == new.content_hash and known.status == new.status and new.content_hash:
            return self.note_source(known.id, etag=new.etag, last_modified=new.last_modified)
        else:
            source_id, revision = known.id, known.revision + 1
            self.note_source(source_id, **fields_of(new), revision=revision, imported_at=now)
        self._swap(company_id, source_id, _passage_kind(new), revision, passages, ids=ids, tell=tell)
        return self.source(source_id)

    def announce(self, company_id: str) -> None:
        """Tell the indices that passages have changed."""
        self._check(company_id)
        self._bump(company_id)

    def source_passages(self, source_id: str) -> dict[str, str]:
        """Ids of the page's passages that are answered from, by content hash."""
        rows = self._db.execute(
            select(Passages.content_hash, Passages.id).where(
                Passages.source_id == source_id, Passages.active, *self._within(Passages)
            )
        )
        return {str(row.content_hash): str(row.id) for row in rows}

    def note_source(self, source_id: str, **values: Any) -> Source:
        """Set columns of the page such as status, reason, etag; its passages stay as they are."""
        self._db.execute(
            update(KnowledgeSources)
            .where(KnowledgeSources.id == source_id, *self._within(KnowledgeSources))
            .values(**values, updated_at=self._now())
        )
        return self.source(source_id)

    def retire_source(self, source_id: str, reason: str = "") -> Source:
        """The page is gone: it is not answered from any more."""
        source = self.note_source(source_id, status="retired", reason=reason)
        self._swap(source.company_id, source.id, _passage_kind(source), source.revision, [])
        return source

    def _source(self, where: Any) -> Source:
        found = self._find(Source, rows_of(KnowledgeSources, Source, where, *self._within(KnowledgeSources)))
        if found is None:
            raise NotFound("no such page", field="source")
        return found


def _passage_kind(source: SourceFields) -> str:
    return source.kind if source.kind in {"page", "upload"} else "page"
