"""The opened desk: everything that routes, commands and evaluation work with, made once in `api.wiring`."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.execution import Execution
from api.hub import Hub
from api.limits import Backoff, Limits
from api.metrics import Metrics
from api.settings import Settings
from api.worker import Worker
from graph.ports import Clock, Ids
from store.database import Store

if TYPE_CHECKING:
    from graph.adapters.checkpoints import InlineSqliteSaver
    from graph.build import Graph
    from retrieval.index import Index

DRAIN_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One process' desk; `close` lets the turns in flight end first."""

    settings: Settings
    clock: Clock
    ids: Ids
    store: Store
    index: "Index"
    saver: "InlineSqliteSaver"
    graph: "Graph"
    hub: Hub
    execution: Execution
    worker: Worker
    limits: Limits
    backoff: Backoff
    metrics: Metrics = field(default_factory=Metrics)

    async def close(self) -> None:
        """End streams, drain turns, let go of files."""
        self.hub.close()
        await self.worker.drain(DRAIN_SECONDS)
        self.index.close()
        await self.store.close()
        self.saver.conn.close()
