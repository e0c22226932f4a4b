"""A search that is made once: the sieve asks what the run after it asks again."""

from dataclasses import dataclass, field
from typing import Any

from graph.ports import Retriever
from graph.state import Hit
from retrieval.passages import Search

MOST_KEPT = 64


@dataclass(frozen=True)
class OnceRetriever:
    """Keeps the newest answers of a retriever whose knowledge does not change."""

    retriever: Retriever
    _kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search:
        """The search, made or kept."""
        key = ("search", query, context, limit)
        if key not in self._kept:
            self._keep(key, await self.retriever.search(query, context=context, limit=limit))
        found: Search = self._kept[key]
        return found

    async def lines(self, query: str, hit: Hit, *, limit: int = 3) -> tuple[int, ...]:
        """The lines, chosen or kept."""
        key = ("lines", query, hit.passage.id, limit)
        if key not in self._kept:
            self._keep(key, await self.retriever.lines(query, hit, limit=limit))
        found: tuple[int, ...] = self._kept[key]
        return found

    def _keep(self, key: tuple[Any, ...], found: Any) -> None:
        while len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = found
