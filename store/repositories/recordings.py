"""What turns were given, kept for exact replay; large values that many turns share are kept once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from graph.errors import NotFound
from store.models.recordings import RecordedParts, Recordings
from store.repositories.base import Repository, fields_of
from store.repositories.prepared import Prepared
from store.values.recordings import Recording
from store.values.scope import Json

_FIELDS = ("turn_id", "company_id", "attempt", "resumed", "context", "knowledge_version", "calls")
_KNOWN = Prepared(
    lambda within: select(RecordedParts.digest).where(
        RecordedParts.digest.in_(bindparam("digests", expanding=True)), *within(RecordedParts)
    )
)


class RecordingRepository(Repository):
    """Recordings of the caller's companies."""

    def keep(self, made: Recording) -> None:
        """Keep it and those of its parts that are not there yet."""
        self._check(made.company_id)
        now = self._now()
        self._insert(Recordings, {**fields_of(made, _FIELDS), "created_at": now})
        if not made.parts:
            return
        known = set(self._run(_KNOWN, digests=sorted(made.parts)).scalars())
        owner = {"company_id": made.company_id, "created_at": now}
        self._insert(
            RecordedParts,
            [
                {**owner, "digest": digest, "data": data}
                for digest, data in made.parts.items()
                if digest not in known
            ],
        )

    def of_turn(self, turn_id: str) -> Recording:
        """The turn's recording without its parts; `NotFound` when none is kept (any more)."""
        columns = [getattr(Recordings, name) for name in _FIELDS]
        where = (Recordings.turn_id == turn_id, *self._within(Recordings))
        row = self._db.execute(select(*columns).where(*where)).first()
        if row is None:
            raise NotFound("nothing is recorded of this turn", field="turn")
        return Recording(**row._mapping)

    def whole(self, turn_id: str) -> Recording:
        """The turn's recording with all its parts."""
        found = self.of_turn(turn_id)
        wanted = {found.context, *(digest for search in found.calls["searches"] for digest in _parts(search))}
        return replace(found, parts=self.parts(found.company_id, wanted))

    def parts(self, company_id: str, digests: Iterable[str]) -> dict[str, Json]:
        """Parts of a company by digest."""
        statement = select(RecordedParts.digest, RecordedParts.data).where(
            RecordedParts.company_id == company_id,
            RecordedParts.digest.in_(sorted(digests)),
            *self._within(RecordedParts),
        )
        return {row.digest: row.data for row in self._db.execute(statement)}

    def forget(self, before: datetime) -> int:
        """Remove recordings that were made before that moment; returns how many."""
        statement = delete(Recordings).where(Recordings.created_at < before, *self._within(Recordings))
        return int(self._db.execute(statement).rowcount)


def _parts(search: Json) -> list[str]:
    return [hit["passage"] for hit in search.get("hits", ())]
