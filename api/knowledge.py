"""A company's passages as retrieval reads them, straight from the tables."""

from dataclasses import dataclass
from typing import Any

from retrieval.passages import Passage, gap_passage, limit_passage
from store.database import Store
from store.unit import UnitOfWork
from store.values.knowledge import PassageRow
from store.values.scope import Json, Scope


@dataclass(frozen=True)
class StoredPassages:
    """Satisfies `retrieval.passages.PassageSource`."""

    store: Store

    async def passages(self, company_id: str) -> list[Passage]:
        """All passages of the company that may be answered from, and what its profile says it does not do."""

        return await self.store.read(Scope.of(company_id), lambda uow: passages_of(uow, company_id))

    async def version(self, company_id: str) -> str:
        """Changes whenever `passages` would."""
        version = await self.store.read(Scope.of(company_id), lambda uow: uow.knowledge.version(company_id))
        return str(version)


@dataclass(frozen=True)
class TurnPassages(StoredPassages):
    """The passages for one turn, which has read their version already."""

    known: int = 0

    async def version(self, company_id: str) -> str:
        """The version as it was when the turn was loaded."""
        del company_id
        return str(self.known)


def passages_of(uow: UnitOfWork, company_id: str) -> list[Passage]:
    """The company's passages in this transaction, with what its profile says it does not do."""
    rows, profile = uow.knowledge.passages(company_id), uow.companies.get(company_id).profile
    return [*(passage_of(row) for row in rows), *_not_served(profile)]


def _not_served(profile: Json) -> list[Passage]:
    """What the company does not do, and the questions that it declared not covered."""
    limits = [limit_passage(limit) for limit in profile.get("cannot", ())]
    asked = tuple(profile.get("not_covered", ()))
    return [*limits, gap_passage(asked)] if asked else limits


def passage_of(row: PassageRow) -> Passage:
    """One row as retrieval knows it."""
    kind: Any = row.kind
    return Passage(
        id=row.id,
        source_id=row.source_id,
        kind=kind,
        title=row.title,
        title_hinglish=row.title_hinglish,
        url=row.url,
        heading=row.heading,
        text=row.text,
        hinglish=row.hinglish,
        questions=row.questions,
        category=row.category,
        content_hash=row.content_hash,
    )
