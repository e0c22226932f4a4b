"""Open streams while customers write: how late an event arrives, and how many turns a second end."""

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import datetime

import httpx

from eval.bench.load import QUESTIONS, Json, figures
from eval.bench.server import Served, prepared, serving
from eval.stats import quantile

STREAMS = 1000
TICKETS = 20
"""The streams are spread over so many conversations; every event goes to all that follow its own."""


def bench(
    environment: Mapping[str, str], *, requests: int = 200, concurrency: int = 16, streams: int = STREAMS
) -> Json:
    """Send `requests` messages, `concurrency` at once, to a desk with open streams."""
    with prepared({**environment, "SUPPORTGRAPH_RATE_FACTOR": "0"}) as settings:
        settings |= {"SUPPORTGRAPH_RATE_FACTOR": "0", "SUPPORTGRAPH_STREAMS_PER_ADDRESS": "0"}
        with serving(settings) as served:
            return asyncio.run(_measure(served, requests, concurrency, streams))


async def _measure(served: Served, requests: int, concurrency: int, streams: int) -> Json:
    limits = httpx.Limits(max_connections=streams + concurrency + 10)
    lags: list[float] = []
    async with httpx.AsyncClient(trust_env=False, timeout=60.0, limits=limits) as http:
        talks = [await _talk(served, http, place) for place in range(TICKETS)]
        await asyncio.sleep(1.0)
        opened = asyncio.Semaphore(0)
        following = [
            asyncio.create_task(_follow(http, *talks[place % TICKETS], opened, lags))
            for place in range(streams)
        ]
        for _ in range(streams):
            await opened.acquire()
        before, start = served.cpu_seconds, time.perf_counter()
        times = await _turns(served, http, talks, requests, concurrency)
        elapsed = time.perf_counter() - start
        await asyncio.sleep(1.0)
        broken = sum(task.done() for task in following)
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
    return {
        **figures("load", times, elapsed, served.rss_mb),
        "concurrency": concurrency,
        "streams": streams,
        "streamsBroken": broken,
        "events": len(lags),
        "eventLagP50Ms": round(1000 * quantile(lags, 0.5), 2),
        "eventLagP95Ms": round(1000 * quantile(lags, 0.95), 2),
        "cpuMsPerTurn": round(1000 * (served.cpu_seconds - before) / requests, 2),
    }


async def _talk(served: Served, http: httpx.AsyncClient, place: int) -> tuple[str, dict[str, str]]:
    """A conversation of its own: its stream's address and its session's headers."""
    company, message = QUESTIONS[place % len(QUESTIONS)]
    base = f"{served.url}/api/widget/{company}"
    session = (await http.post(f"{base}/sessions", json={})).json()["sessionToken"]
    headers = {"Authorization": f"Bearer {session}"}
    body = {"message": message, "clientMessageId": f"load-{place}"}
    ticket = (await http.post(f"{base}/tickets", json=body, headers=headers)).json()["ticketId"]
    return f"{base}/tickets/{ticket}", headers


async def _follow(
    http: httpx.AsyncClient,
    url: str,
    headers: Mapping[str, str],
    opened: asyncio.Semaphore,
    lags: list[float],
) -> None:
    """Note how old each message is when it arrives; what was there before the run does not count."""
    begun = time.time()
    async with http.stream("GET", f"{url}/events", headers=dict(headers)) as response:
        opened.release()
        name = ""
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: ") and name == "message":
                made = datetime.fromisoformat(json.loads(line[6:])["createdAt"]).timestamp()
                if made > begun:
                    lags.append(time.time() - made)


async def _turns(
    served: Served,
    http: httpx.AsyncClient,
    talks: list[tuple[str, dict[str, str]]],
    requests: int,
    concurrency: int,
) -> list[float]:
    """Whole turns over `/api/run`, and beside every fourth a message to a conversation that is followed."""
    queue = iter(range(requests))
    headers = {"Authorization": f"Bearer {served.key}"}

    async def one(place: int) -> float:
        company, message = QUESTIONS[place % len(QUESTIONS)]
        if place % 4 == 0:
            url, own = talks[(place // 4) % len(talks)]
            body = {"message": message, "clientMessageId": f"more-{place}"}
            (await http.post(f"{url}/messages", json=body, headers=own)).raise_for_status()
        start = time.perf_counter()
        body = {"company": company, "message": message}
        (await http.post(f"{served.url}/api/run", json=body, headers=headers)).raise_for_status()
        return time.perf_counter() - start

    async def worker() -> list[float]:
        return [await one(place) for place in queue]

    parts = await asyncio.gather(*(worker() for _ in range(concurrency)))
    return [spent for part in parts for spent in part]
