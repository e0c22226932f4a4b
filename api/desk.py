"""The opened desk: everything that routes, commands and evaluation work with, made once in `api.wiring`."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.execution import Execution
from api.hub import Hub
from api.limits import Backoff, Limits
from api.metrics import Metrics
from api.models import ModelDesk
from api.open_streams import OpenStreams
from api.settings import Settings
from api.worker import Worker
from graph.ports import Chance, Clock, Ids
from store.database import Store

if TYPE_CHECKING:
    from api.durable import Checkpoints
    from graph.build import Graph
    from retrieval.index import Index

DRAIN_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One process' desk; `close` lets the turns in flight end first."""

    settings: Settings
    clock: Clock
    ids: Ids
    chance: Chance
    store: Store
    index: "Index"
    saver: "Checkpoints"
    graph: "Graph"
    hub: Hub
    execution: Execution
    worker: Worker
    limits: Limits
    backoff: Backoff
    streams: OpenStreams
    """Where messages wait to be taken, each company behind its own."""
    metrics: Metrics = field(default_factory=Metrics)
    background: tuple[asyncio.Task[None], ...] = ()
    """What runs beside the turns until the desk is closed."""
    models: ModelDesk | None = None
    warmed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once all that loads lazily is there: until then a first answer takes seconds."""

    async def close(self) -> None:
        """End streams, drain turns, let go of files."""
        self.hub.close()
        await self.worker.drain(DRAIN_SECONDS)
        for task in self.background:
            task.cancel()
        await asyncio.gather(*self.background, return_exceptions=True)
        if self.models is not None:
            await self.models.close()
        self.execution.tracing.close()
        self.index.close()
        await self.store.close()
        await self.saver.aclose()
