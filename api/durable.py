"""What several processes share: checkpoints where the settings keep them, and news of each other's events."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from api.hub import Hub
from api.settings import Settings
from api.worker import Worker
from store.database import Store
from store.engines import conninfo, is_sqlite, normalised
from store.notices import listen

if TYPE_CHECKING:
    from graph.adapters.checkpoints import InlineSqliteSaver
    from graph.adapters.shared_checkpoints import PooledPostgresSaver

    Checkpoints = InlineSqliteSaver | PooledPostgresSaver


async def open_checkpoints(settings: Settings) -> "Checkpoints":
    """A file of this machine, or PostgreSQL for all processes."""
    if is_sqlite(settings.checkpoints):
        from graph.adapters.checkpoints import open_saver

        path = Path(normalised(settings.checkpoints).database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        return open_saver(path)
    from graph.adapters.shared_checkpoints import open_pooled_saver

    return await open_pooled_saver(conninfo(settings.checkpoints), concurrency=settings.workers)


def hear_others(settings: Settings, store: Store, hub: Hub, worker: Worker) -> "asyncio.Task[None] | None":
    """Wake streams and check running turns when others write events; None where nobody else can."""
    if is_sqlite(settings.database):
        return None

    def tell(ticket_ids: frozenset[str] | None) -> None:
        hub.wake(ticket_ids)
        worker.look(ticket_ids)

    return asyncio.create_task(listen(conninfo(settings.database), store.name, tell))
