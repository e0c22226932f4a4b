"""A recorded run's searches, ids and clock readings in the place of the real ones, and its settings."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graph.adapters.recorded import CUT_OFF, Recording, too_slow
from graph.errors import NotRecorded, RetrievalUnavailable, Unavailable
from graph.ports import Agent, Company, Rule, Search, ToolSpec
from graph.state import Hit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """The settings that a run was given."""

    company: Company
    agent: Agent
    rules: tuple[Rule, ...]
    tools: dict[str, ToolSpec]
    phrases: tuple[tuple[str, str], ...] = ()
    """(text, intent) that the company taught the classifier."""
    without_model: tuple[str, ...] = ()
    """Steps for which no model was set."""


@dataclass(frozen=True)
class RecordedRetriever:
    """Satisfies the `Retriever` port: a call is answered by the next one of its kind, if it is the same."""

    recording: Recording
    searches: deque[Json]
    lines_found: deque[Json]
    parts: Mapping[str, Json]

    @classmethod
    def of(cls, recording: Recording, calls: Json, parts: Mapping[str, Json]) -> "RecordedRetriever":
        """From a kept recording's calls and the parts that they name."""
        return cls(recording, deque(calls["searches"]), deque(calls["lines"]), parts)

    @property
    def unused(self) -> tuple[str, ...]:
        """The calls that were recorded and not made again."""
        return (*("search" for _ in self.searches), *("lines" for _ in self.lines_found))

    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search:
        """What was found then."""
        asked = {"query": query, "context": context, "limit": limit}
        found = self._next("search", self.searches, asked)
        hits = [{**hit, "passage": self._passage(hit["passage"])} for hit in found["hits"]]
        names = ("resolved", "answerable", "degraded", "reasons")
        return Search.model_validate(
            {
                "query": found["read"],
                "hits": hits,
                "near": found.get("near"),  # not noted before 30 November 2026
                **{name: found[name] for name in names},
            }
        )

    async def lines(self, query: str, hit: Hit, *, limit: int = 3) -> tuple[int, ...]:
        """The lines that were chosen then."""
        asked = {"query": query, "passage": hit.passage.id, "limit": limit}
        return tuple(self._next("lines", self.lines_found, asked)["found"])

    def _next(self, step: str, left: deque[Json], asked: Json) -> Json:
        found = left.popleft() if left else None
        if found is None or {name: found[name] for name in asked} != asked:
            then = {name: found[name] for name in asked} if found else None
            raise self.recording.refuse(step, asked, then)
        if fault := found.get("fault"):
            raise _error(fault)
        return found

    def _passage(self, digest: str) -> Json:
        if digest not in self.parts:
            raise NotRecorded("a passage of the recording is gone", field="search")
        return self.parts[digest]


@dataclass
class RecordedClock:
    """Satisfies the `Clock` port: the readings of then; asked more often, it stands still."""

    nows: deque[datetime]
    ticks: deque[float]

    @classmethod
    def of(cls, nows: Sequence[str], ticks: Sequence[float]) -> "RecordedClock":
        """From kept readings; there is at least one of each."""
        return cls(deque(datetime.fromisoformat(at) for at in nows), deque(ticks))

    def now(self) -> datetime:
        """The moment as it was read then."""
        return self.nows.popleft() if len(self.nows) > 1 else self.nows[0]

    def tick(self) -> float:
        """The monotonic reading of then."""
        return self.ticks.popleft() if len(self.ticks) > 1 else self.ticks[0]


@dataclass
class RecordedIds:
    """Satisfies the `Ids` port: the ids of then, in order."""

    recording: Recording
    left: deque[str] = field(default_factory=deque)

    @classmethod
    def of(cls, recording: Recording, ids: Sequence[str]) -> "RecordedIds":
        """From kept ids."""
        return cls(recording, deque(ids))

    def new(self, prefix: str) -> str:
        """The next id, which has to be of this kind."""
        found = self.left.popleft() if self.left else ""
        if not found.startswith(f"{prefix}_"):
            raise self.recording.refuse("id", {"prefix": prefix}, {"id": found} if found else None)
        return found


def _error(fault: Json) -> Exception:
    """The error in which a recorded call ended."""
    code, message = str(fault["code"]), str(fault["message"])
    if code == CUT_OFF:
        return too_slow()
    if code == RetrievalUnavailable.code:
        return RetrievalUnavailable(message)
    if code == Unavailable.code:
        return Unavailable(message)
    unknown: type[Exception] = type(code, (Exception,), {})
    return unknown(message)
