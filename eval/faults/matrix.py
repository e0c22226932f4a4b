"""The fault matrix: each row is played on its own, and after each the checker holds every promise."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from eval.faults.check import violations
from eval.faults.rows import clients, database, kills, models, operation, outside
from eval.faults.scene import Scene
from eval.faults.settling import settled
from eval.faults.stage import Stage
from graph.errors import Invalid

Json = dict[str, Any]
Say = Callable[[str], None]
Row = Callable[[Scene], Awaitable[None]]
"""Plays a row on a ready stage and notes in the scene what went otherwise than promised."""
ROW_SECONDS = 900.0

ROWS: Mapping[str, Row] = {
    **{number: kills.steps(number) for number in kills.STEPS},
    "8": kills.unseen,
    "9": kills.effect_unrecorded,
    "10": kills.drained,
    "11": database.full,
    "12": database.busy,
    "13": database.broken,
    "14": database.long_reader,
    "15": models.away,
    "16": models.refusing,
    "17": models.hanging,
    "18": models.cut_off,
    "19": models.nonsense,
    "20": models.lying,
    "21": outside.services,
    "22": outside.vectors,
    "23": clients.duplicates,
    "24": clients.burst,
    "25": clients.slow_clients,
    "26": clients.crowd,
    "27": clients.last_event_ids,
    "28": clients.clocks,
    "29": clients.garbage,
    "30": outside.websites,
    "31": operation.deployed,
    "32": operation.restored,
    "33": operation.exhausted,
    "34": operation.loud,
    "35": operation.staff,
}


async def play(stage: Stage, rows: str, *, say: Say) -> Json:
    """Play the rows (numbers with commas, or `all`) one after the other on a seeded stage."""
    wanted = list(ROWS) if rows == "all" else [part.strip() for part in rows.split(",")]
    for number in wanted:
        if number not in ROWS:
            raise Invalid(f"no row {number!r}; there are {', '.join(ROWS)}", field="rows")
    found: list[str] = []
    for number in wanted:
        begun = time.monotonic()
        broken = await _played(stage, number)
        said = f"row {number}: {'broken' if broken else 'kept'} ({time.monotonic() - begun:.0f} s)"
        say("\n  ".join([said, *broken]))
        found += broken
    return {"profile": stage.profile, "rows": len(wanted), "violations": found}


async def _played(stage: Stage, number: str) -> list[str]:
    """One row, and then the checker over everything that is stored."""
    async with httpx.AsyncClient(trust_env=False, timeout=60.0) as http:
        scene = Scene(stage, http, number)
        try:
            await stage.ready()
            async with asyncio.timeout(ROW_SECONDS):
                await ROWS[number](scene)
            await stage.ready()
        except Exception as error:  # a row that cannot be played to its end is a finding, not the end of all
            scene.expect(False, f"{type(error).__name__}: {error}")
            for server in stage.servers:
                await asyncio.to_thread(server.kill)
            await stage.ready()
    await settled(stage)
    logs = [server.log for server in stage.servers]
    kept = await asyncio.to_thread(violations, stage.database, scene.tickets, logs)
    return scene.broken + [f"row {number}: {line}" for line in kept]
