"""Waiting until nothing runs."""

import asyncio
import time

from eval.faults.stage import Stage

SETTLE_SECONDS = 60.0


async def settled(stage: Stage) -> None:
    """Wait until no turn is open; one that stays open is found by the checker."""
    end = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < end:
        if not await stage.store.waiting() and not await stage.store.open_turns():
            return
        await asyncio.sleep(0.2)
