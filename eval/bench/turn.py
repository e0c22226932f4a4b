"""A whole turn over HTTP: from sending the message to having read the JSON reply."""

import asyncio
import time
from collections.abc import Mapping

import httpx

from eval.bench.load import WARM_UP, Json, drive, expect_ok, figures
from eval.bench.server import prepared, serving


def bench(environment: Mapping[str, str], *, requests: int = 400, concurrency: int = 1) -> Json:
    """Time turns of new conversations through `POST /api/run`."""
    with prepared(environment) as settings, serving(settings) as served:
        asyncio.run(drive(served, _turn, requests=WARM_UP, concurrency=1, warm_up=0))
        before = served.cpu_seconds
        times, elapsed = asyncio.run(
            drive(served, _turn, requests=requests, concurrency=concurrency, warm_up=0)
        )
        return {
            **figures("turn", times, elapsed, served.rss_mb),
            "concurrency": concurrency,
            "cpuMs": round(1000 * (served.cpu_seconds - before) / requests, 2),
        }


async def _turn(http: httpx.AsyncClient, body: Json) -> float:
    start = time.perf_counter()
    response = await http.post("/api/run", json=body)
    spent = time.perf_counter() - start
    expect_ok(response)
    return spent
