"""What customers asked and nothing answered, grouped by meaning across both languages."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from api.auth.callers import Caller
from api.desk import Desk
from graph.errors import Invalid, NotFound, RetrievalUnavailable
from language.normalise import normalise
from store.unit import UnitOfWork
from store.values.knowledge import Entry, EntryFields, Gap

ALIKE = 0.7
"""Cosine of two questions from which they ask the same."""
SHARED = 0.6
"""Share of common words from which they do, whatever the vectors say."""
MOST_PHRASINGS = 12
Matrix: TypeAlias = NDArray[np.float32]
PLACEHOLDER = "Write the answer here."
_SMALL = 3


@dataclass(frozen=True)
class Cluster:
    """Questions that ask the same; the most asked one leads."""

    gaps: tuple[Gap, ...]

    @property
    def question(self) -> str:
        """The wording that was used most."""
        return self.gaps[0].question

    @property
    def count(self) -> int:
        """How often it was asked, in all wordings."""
        return sum(gap.count for gap in self.gaps)

    @property
    def languages(self) -> dict[str, int]:
        """How often in which language."""
        found: Counter[str] = Counter()
        for gap in self.gaps:
            found[gap.language or "other"] += gap.count
        return dict(found.most_common())

    @property
    def examples(self) -> tuple[Gap, ...]:
        """The other wordings, one of each language first."""
        seen = {self.gaps[0].language}
        first = []
        for gap in self.gaps[1:]:
            if gap.language not in seen:
                seen.add(gap.language)
                first.append(gap)
        return (*first, *(gap for gap in self.gaps[1:] if gap not in first))


async def clusters_of(desk: Desk, gaps: Sequence[Gap]) -> list[Cluster]:
    """The gaps in groups, most asked first; the same gaps give the same groups."""
    return await asyncio.to_thread(_clustered, desk, gaps)


async def draft_entry(desk: Desk, caller: Caller, ids: Sequence[str]) -> Entry:
    """Begin an entry with the wordings of these gaps, and take them off the list."""

    def write(uow: UnitOfWork) -> Entry:
        gaps = _known(uow, ids)
        fields = EntryFields(
            title=gaps[0].question,
            content=(PLACEHOLDER,),
            questions=tuple(dict.fromkeys(gap.question for gap in gaps[1 : MOST_PHRASINGS + 1])),
            status="draft",
        )
        entry = uow.knowledge.create_entry(gaps[0].company_id, fields)
        _settle(uow, caller, gaps, "drafted")
        return entry

    return await desk.store.write(caller.scope, write)


async def dismiss_gaps(desk: Desk, caller: Caller, ids: Sequence[str]) -> None:
    """Say that these questions are none that the company wants answered."""
    await desk.store.write(caller.scope, lambda uow: _settle(uow, caller, _known(uow, ids), "not_covered"))


def _known(uow: UnitOfWork, ids: Sequence[str]) -> list[Gap]:
    mine = {gap.id: gap for gap in uow.knowledge.gaps()}
    found = [mine[gap_id] for gap_id in dict.fromkeys(ids) if gap_id in mine]
    if not found:
        raise NotFound("no such gap", field="ids")
    if len({gap.company_id for gap in found}) > 1:
        raise Invalid("these gaps belong to several companies", field="ids")
    return found


def _settle(uow: UnitOfWork, caller: Caller, gaps: Sequence[Gap], status: str) -> None:
    for gap in gaps:
        uow.knowledge.settle_gap(gap.id, status)
        uow.audit.add(caller.id, f"gap.{status}", gap.id, company_id=gap.company_id)


def _clustered(desk: Desk, gaps: Sequence[Gap]) -> list[Cluster]:
    ordered = sorted(gaps, key=lambda gap: (-gap.count, gap.created_at, gap.id))
    english = [normalise(gap.question).english for gap in ordered]
    words = [frozenset(word for word in text.lower().split() if len(word) > _SMALL) for text in english]
    try:
        vectors = desk.index.embedder.embed(english)
    except RetrievalUnavailable:
        vectors = np.zeros((len(ordered), 1), np.float32)
    groups: list[list[int]] = []
    for at in range(len(ordered)):
        group = next((group for group in groups if _same(at, group[0], vectors, words)), None)
        if group is None:
            groups.append([at])
        else:
            group.append(at)
    made = [Cluster(tuple(ordered[at] for at in group)) for group in groups]
    return sorted(made, key=lambda cluster: (-cluster.count, cluster.question))


def _same(one: int, other: int, vectors: Matrix, words: Sequence[frozenset[str]]) -> bool:
    if float(vectors[one] @ vectors[other]) >= ALIKE:
        return True
    union = words[one] | words[other]
    return bool(union) and len(words[one] & words[other]) / len(union) >= SHARED
