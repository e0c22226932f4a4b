"""Proof of isolation: a round of canaries every day, in a process of its own, for which nobody waits."""

import asyncio
import logging
import sys
from datetime import datetime, timedelta
from pathlib import Path

from graph.errors import Unavailable
from graph.ports import Clock
from store.database import Store
from store.values.scope import Scope

LOOK_SECONDS = 600.0
NAME = "canaries"
COMMAND = ("probe", "canaries", "--live")
log = logging.getLogger("supportgraph.canaries")


async def keep_probing(store: Store, clock: Clock, owner: str, every: timedelta) -> None:
    """A round whenever the last one is that old, in one process of all, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            if await store.hold(NAME, owner, 2 * LOOK_SECONDS) and await is_due(store, clock.now(), every):
                await run_apart()
        except (Unavailable, OSError) as error:
            log.warning("the canaries are asked later: %s", error)


async def is_due(store: Store, now: datetime, every: timedelta) -> bool:
    """Whether the last round is older than that, or there was none."""
    last = await store.read(Scope.operator(), lambda uow: uow.isolation.runs(limit=1))
    return not last or now - last[0].created_at >= every


async def run_apart() -> None:
    """One round in a process of its own; raises Unavailable when it could not be run."""
    program = Path(sys.executable).with_name("supportgraph")
    process = await asyncio.create_subprocess_exec(
        str(program), *COMMAND, "--json", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, told = await process.communicate()
    if process.returncode not in (0, 1):  # 1 says that something leaked, and is kept like any other round
        raise Unavailable(told.decode("utf-8", "replace").strip()[-200:] or "the round could not be run")
