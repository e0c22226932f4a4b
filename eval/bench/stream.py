"""The first event of a streamed turn, which is what the customer sees first, and the time of its last one."""

import asyncio
import time
from collections.abc import Mapping

import httpx

from eval.bench.load import Json, drive, expect_ok, figures
from eval.bench.server import prepared, serving
from eval.stats import quantile
from graph.errors import Unavailable


def bench(environment: Mapping[str, str], *, requests: int = 300, concurrency: int = 1) -> Json:
    """Time the first server-sent event of new conversations through `POST /api/run`."""
    whole: list[float] = []

    async def first_event(http: httpx.AsyncClient, body: Json) -> float:
        start = time.perf_counter()
        first: float | None = None
        headers = {"Accept": "text/event-stream"}
        async with http.stream("POST", "/api/run", json=body, headers=headers) as response:
            expect_ok(response)
            async for line in response.aiter_lines():
                if first is None and line.startswith("event:"):
                    first = time.perf_counter() - start
        if first is None:
            raise Unavailable("the stream ended without an event")
        whole.append(time.perf_counter() - start)
        return first

    with prepared(environment) as settings, serving(settings) as served:
        times, elapsed = asyncio.run(drive(served, first_event, requests=requests, concurrency=concurrency))
        done = [round(1000 * quantile(whole, part), 2) for part in (0.5, 0.99)]
        return {
            **figures("stream", times, elapsed, served.rss_mb),
            "concurrency": concurrency,
            "doneP50Ms": done[0],
            "doneP99Ms": done[1],
        }
