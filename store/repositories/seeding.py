"""What seeding wrote last for each of its keys."""

from sqlalchemy import insert, select, update

from store.models.desk import SeedMarks
from store.repositories.base import Repository


class SeedMarkRepository(Repository):
    """Marks of the operator's seeding; nobody else reads or writes them."""

    def get(self, key: str) -> tuple[str, str] | None:
        """(row id, digest of what was written) of a seed key."""
        self._check(None)
        row = self._db.execute(select(SeedMarks.row_id, SeedMarks.digest).where(SeedMarks.key == key)).first()
        return None if row is None else (str(row.row_id), str(row.digest))

    def set(self, key: str, row_id: str, digest: str) -> None:
        """Remember what was written."""
        self._check(None)
        changed = self._db.execute(
            update(SeedMarks).where(SeedMarks.key == key).values(row_id=row_id, digest=digest)
        )
        if not changed.rowcount:
            self._db.execute(insert(SeedMarks), {"key": key, "row_id": row_id, "digest": digest})
