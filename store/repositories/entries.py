"""Manual entries: publishing writes the entry, its revision and its passage together."""

from sqlalchemy import delete, update

from graph.errors import Invalid, NotFound
from store.crypto import digest
from store.models.knowledge import EntryRevisions, ManualEntries
from store.repositories.base import fields_of, rows_of
from store.repositories.passages import PassageWriting
from store.values.knowledge import Entry, EntryFields, EntryRevision, PassageFields

_FIELDS = ("title", "title_hinglish", "content", "content_hinglish", "questions", "category", "status")
_STATUSES = frozenset({"active", "draft", "archived"})


class Entries(PassageWriting):
    """What content owners wrote."""

    def entries(self, company_id: str | None = None, status: str | None = None) -> tuple[Entry, ...]:
        """The entries, by title."""
        where = [] if company_id is None else [ManualEntries.company_id == company_id]
        if status is not None:
            where.append(ManualEntries.status == status)
        statement = rows_of(ManualEntries, Entry, *where, *self._within(ManualEntries))
        return self._list(Entry, statement.order_by(ManualEntries.title, ManualEntries.id))

    def entry(self, entry_id: str) -> Entry:
        """The entry, or `NotFound`."""
        found = self._find(
            Entry,
            rows_of(ManualEntries, Entry, ManualEntries.id == entry_id, *self._within(ManualEntries)),
        )
        if found is None:
            raise NotFound("no such entry", field="id")
        return found

    def create_entry(self, company_id: str, new: EntryFields) -> Entry:
        """A new entry, answered from at once when it is active."""
        self._check(company_id)
        _checked(new)
        entry_id, now = self._new_id("ent"), self._now()
        row = {"id": entry_id, "company_id": company_id, "revision": 1, "created_at": now, "updated_at": now}
        self._insert(ManualEntries, row | fields_of(new, _FIELDS))
        return self._publish(self.entry(entry_id))

    def publish_entry(self, entry: Entry) -> Entry:
        """Set the entry's fields as a new revision; its passage says the same when this commits."""
        _checked(entry)
        known = self.entry(entry.id)
        if fields_of(known, _FIELDS) == fields_of(entry, _FIELDS):
            return known
        self._db.execute(
            update(ManualEntries)
            .where(ManualEntries.id == entry.id, *self._within(ManualEntries))
            .values(**fields_of(entry, _FIELDS), revision=known.revision + 1, updated_at=self._now())
        )
        return self._publish(self.entry(entry.id))

    def delete_entry(self, entry_id: str) -> None:
        """Remove the entry; its passages are no longer answered from."""
        entry = self.entry(entry_id)
        self._swap(entry.company_id, entry.id, "entry", entry.revision, [])
        self._db.execute(
            delete(ManualEntries).where(ManualEntries.id == entry_id, *self._within(ManualEntries))
        )

    def entry_revisions(self, entry_id: str) -> tuple[EntryRevision, ...]:
        """Every published state, newest first."""
        self.entry(entry_id)
        statement = rows_of(EntryRevisions, EntryRevision, EntryRevisions.entry_id == entry_id)
        return self._list(EntryRevision, statement.order_by(EntryRevisions.revision.desc()))

    def _publish(self, entry: Entry) -> Entry:
        passage = PassageFields(
            title=entry.title,
            title_hinglish=entry.title_hinglish,
            text="\n".join(entry.content),
            hinglish="\n".join(entry.content_hinglish),
            questions=entry.questions,
            category=entry.category,
        )
        self._insert(
            EntryRevisions,
            {
                "entry_id": entry.id,
                "revision": entry.revision,
                "content_hash": digest(passage.text, passage.hinglish),
                "fields": fields_of(entry, _FIELDS),
                "created_at": self._now(),
            },
        )
        fresh = [passage] if entry.status == "active" else []
        self._swap(entry.company_id, entry.id, "entry", entry.revision, fresh)
        return entry


def _checked(new: EntryFields) -> None:
    if new.status not in _STATUSES:
        raise Invalid(f"an entry cannot be {new.status!r}", field="status")
    if not new.content or not all(line.strip() for line in new.content):
        raise Invalid("an entry needs at least one sentence, and no empty ones", field="content")
    if new.content_hinglish and len(new.content_hinglish) != len(new.content):
        raise Invalid("the Hinglish text needs one line for every English line", field="contentHinglish")
