"""Questions that nothing answered; completion counts them, content owners settle them."""

from sqlalchemy import update

from graph.errors import NotFound
from store.models.knowledge import Gaps as GapTable
from store.repositories.base import Repository, rows_of
from store.values.knowledge import Gap


class Gaps(Repository):
    """Knowledge gaps of a company."""

    def gaps(self, company_id: str | None = None, *, status: str = "open") -> tuple[Gap, ...]:
        """The gaps in this state, most asked first."""
        where = [GapTable.status == status, *self._within(GapTable)]
        if company_id is not None:
            where.append(GapTable.company_id == company_id)
        statement = rows_of(GapTable, Gap, *where)
        return self._list(Gap, statement.order_by(GapTable.count.desc(), GapTable.updated_at.desc()))

    def settle_gap(self, gap_id: str, status: str) -> Gap:
        """Mark a gap as answered or dismissed (or open again)."""
        self._db.execute(
            update(GapTable)
            .where(GapTable.id == gap_id, *self._within(GapTable))
            .values(status=status, updated_at=self._now())
        )
        found = self._find(Gap, rows_of(GapTable, Gap, GapTable.id == gap_id, *self._within(GapTable)))
        if found is None:
            raise NotFound("no such gap", field="id")
        return found
