"""`load`: what one desk bears on this machine, in one of the two profiles, client included."""

import asyncio
import os
from pathlib import Path
from typing import Any

from api.commands.faulting import PROFILES
from api.commands.output import as_json as print_json
from api.commands.output import note, pairs
from api.settings import Settings
from graph.adapters.clock import SystemClock
from graph.adapters.ids import UlidIds
from graph.errors import Invalid

PARTS = ("throughput", "streams", "neighbours")
SETTINGS = {"SUPPORTGRAPH_STREAMS_PER_ADDRESS": "0"}


def load(
    profile: str,
    *,
    parts: str,
    requests: int,
    concurrency: int,
    streams: int,
    seconds: float,
    rate: float,
    as_json: bool,
) -> None:
    """Measure the parts one after the other on a private desk; it stops by itself."""
    from api.wiring import model_cache
    from eval.faults.stage import staged

    chosen = next((known for known in PROFILES if known == profile), None)
    if chosen is None:
        raise Invalid(f"no profile {profile!r}; there are {', '.join(PROFILES)}", field="profile")
    wanted = [part.strip() for part in parts.split(",")]
    if unknown := sorted(set(wanted) - set(PARTS)):
        raise Invalid(f"no part {unknown[0]!r}; there are {', '.join(PARTS)}", field="parts")
    clock = SystemClock()
    with staged(
        chosen,
        {**os.environ, **SETTINGS},
        clock=clock,
        ids=UlidIds(clock),
        models=model_cache(Settings()),
        processes=1 if profile == "embedded" else 2,
    ) as stage:
        found = asyncio.run(_measure(stage, wanted, requests, concurrency, streams, seconds, rate))
    if as_json:
        print_json(found)
    else:
        for part, figures in found.items():
            note(f"{profile}: {part}")
            pairs(figures)


async def _measure(
    stage: Any,
    wanted: list[str],
    requests: int,
    concurrency: int,
    streams: int,
    seconds: float,
    rate: float,
) -> dict[str, Any]:
    from eval.bench.neighbours import neighbours
    from eval.bench.soak import soak
    from eval.bench.throughput import throughput
    from seeds.load import load_seeds

    await load_seeds(stage.store)
    await stage.ready()
    found: dict[str, Any] = {}
    if "throughput" in wanted:
        saver = await _saver(stage)
        found["throughput"] = await throughput(stage, saver, requests=requests, concurrency=concurrency)
        await saver.aclose()
    if "streams" in wanted:
        found["streams"] = await soak(stage, streams=streams, seconds=seconds, per_second=rate, say=note)
    if "neighbours" in wanted:
        found["neighbours"] = await neighbours(stage)
    return found


async def _saver(stage: Any) -> Any:
    """A saver of the stage's kind for the bare graph; on a file of its own beside the desk's."""
    from graph.adapters.checkpoints import open_saver
    from graph.adapters.shared_checkpoints import open_pooled_saver
    from store.engines import conninfo

    if stage.profile == "embedded":
        return open_saver(Path(stage.folder) / "bare.db")
    return await open_pooled_saver(conninfo(stage.database), concurrency=16)
