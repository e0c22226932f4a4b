"""Notes what a turn is given besides models and tools: searches, ids, clock readings, settings.

With the exchanges that the journal keeps, this is all that a turn can know of the world; so the turn can be
run again from it. Nothing here is written before the turn completes.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from api.deps import Loaded
from api.edition import edition
from graph.adapters.recorded import CUT_OFF
from graph.adapters.recorded_ports import RunContext
from graph.errors import SupportError
from graph.ports import Clock, Deps, Ids, Retriever
from graph.state import Hit
from retrieval.passages import Passage, Search
from store.values.recordings import Recording
from store.values.scope import Json
from store.values.turns import Claim

MOST_CONTEXTS = 64
_CONTEXT = TypeAdapter(RunContext)


@dataclass
class TurnRecorder:
    """What one run was given so far."""

    searches: list[Json] = field(default_factory=list)
    lines: list[Json] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    nows: list[str] = field(default_factory=list)
    ticks: list[float] = field(default_factory=list)
    parts: dict[str, Json] = field(default_factory=dict)

    def wrap(self, deps: Deps) -> Deps:
        """The same ports, each noting what it gives."""
        return replace(
            deps,
            retriever=NotingRetriever(deps.retriever, self),
            clock=NotingClock(deps.clock, self),
            ids=NotingIds(deps.ids, self),
        )

    def made(
        self, claim: Claim, loaded: Loaded, deps: Deps, context: tuple[str, Json], resumed: int
    ) -> Recording:
        """The recording of the finished run."""
        digest, settings = context
        run = {
            "mode": deps.mode,
            "threshold": deps.threshold,
            "model": deps.model is not None,
            "customer": deps.caller.customer_id,
            "verified": deps.caller.verified,
            "restricted": deps.caller.restricted,
            "edition": edition(),
        }
        calls = {
            "searches": self.searches,
            "lines": self.lines,
            "ids": self.ids,
            "nows": self.nows,
            "ticks": self.ticks,
            "run": run,
        }
        return Recording(
            turn_id=claim.turn_id,
            company_id=claim.company_id,
            attempt=claim.attempt,
            resumed=resumed,
            context=digest,
            knowledge_version=loaded.company.knowledge_version,
            calls=calls,
            parts={**self.parts, digest: settings},
        )


@dataclass(frozen=True)
class NotingRetriever:
    """Searches with their results noted. Phrasings are left out of hits: only an index needs them."""

    retriever: Retriever
    recorder: TurnRecorder

    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search:
        """The search, and into the notes."""
        entry: Json = {"query": query, "context": context, "limit": limit}
        self.recorder.searches.append(entry)
        try:
            found = await self.retriever.search(query, context=context, limit=limit)
        except (Exception, asyncio.CancelledError) as error:
            entry["fault"] = fault_of(error)
            raise
        found = found.model_copy(update={"hits": tuple(slim(hit) for hit in found.hits)})
        entry |= found.model_dump(mode="json", exclude={"query", "hits"})
        entry |= {"read": found.query, "hits": [self._hit(hit) for hit in found.hits]}
        return found

    async def lines(self, query: str, hit: Hit, *, limit: int = 3) -> tuple[int, ...]:
        """The lines, and into the notes."""
        entry: Json = {"query": query, "passage": hit.passage.id, "limit": limit}
        self.recorder.lines.append(entry)
        try:
            found = await self.retriever.lines(query, hit, limit=limit)
        except (Exception, asyncio.CancelledError) as error:
            entry["fault"] = fault_of(error)
            raise
        entry["found"] = list(found)
        return found

    def _hit(self, hit: Hit) -> Json:
        digest, part = part_of(hit.passage)
        self.recorder.parts[digest] = part
        return {**hit.model_dump(exclude={"passage"}), "passage": digest}


@dataclass(frozen=True)
class NotingClock:
    """The clock with its readings noted."""

    clock: Clock
    recorder: TurnRecorder

    def now(self) -> datetime:
        """The present moment."""
        found = self.clock.now()
        self.recorder.nows.append(found.isoformat())
        return found

    def tick(self) -> float:
        """A monotonic reading."""
        found = self.clock.tick()
        self.recorder.ticks.append(found)
        return found


@dataclass(frozen=True)
class NotingIds:
    """Ids noted in the order of asking."""

    ids: Ids
    recorder: TurnRecorder

    def new(self, prefix: str) -> str:
        """A fresh id."""
        found = self.ids.new(prefix)
        self.recorder.ids.append(found)
        return found


@dataclass
class Contexts:
    """The settings of runs as parts of recordings; those that many turns share are made once."""

    _made: dict[Any, tuple[str, Json]] = field(default_factory=dict)

    def of(self, loaded: Loaded, deps: Deps, without_model: tuple[str, ...]) -> tuple[str, Json]:
        """(digest, settings) of a run."""
        key = (
            (loaded.company.id, loaded.company.updated_at, loaded.agent.id, loaded.agent.updated_at),
            tuple((rule.id, rule.updated_at) for rule in loaded.rules),
            tuple(phrase.id for phrase in loaded.phrases),
            tuple(sorted(deps.toolbox.offered())),
            tuple((row.id, row.updated_at) for row, _ in loaded.remote),
            without_model,
        )
        if key not in self._made:
            while len(self._made) >= MOST_CONTEXTS:
                self._made.pop(next(iter(self._made)))
            self._made[key] = _settings(loaded, deps, without_model)
        return self._made[key]


def _settings(loaded: Loaded, deps: Deps, without_model: tuple[str, ...]) -> tuple[str, Json]:
    phrases = tuple((phrase.text, phrase.intent) for phrase in loaded.phrases)
    context = RunContext(
        company=deps.company,
        agent=deps.agent,
        rules=deps.rules,
        tools=dict(deps.toolbox.offered()),
        phrases=phrases,
        without_model=without_model,
    )
    data: Json = _CONTEXT.dump_python(context, mode="json")
    return digest_of(data), data


def slim(hit: Hit) -> Hit:
    """A hit without the phrasings of its passage."""
    if not hit.passage.questions:
        return hit
    return hit.model_copy(update={"passage": hit.passage.model_copy(update={"questions": ()})})


def part_of(passage: Passage) -> tuple[str, Json]:
    """(digest, passage) as a part of a recording."""
    data: Json = passage.model_dump(mode="json")
    return digest_of(data), data


def digest_of(data: Mapping[str, Any]) -> str:
    """What a part is called."""
    return hashlib.blake2b(json.dumps(data, sort_keys=True).encode(), digest_size=16).hexdigest()


def fault_of(error: BaseException) -> Json:
    """A failed call as it is noted."""
    if isinstance(error, SupportError):
        return {"code": error.code, "message": error.message}
    cut_off = isinstance(error, asyncio.CancelledError)
    return {"code": CUT_OFF if cut_off else type(error).__name__, "message": ""}
