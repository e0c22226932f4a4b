"""Sends messages to a served desk and takes the time of each."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx

from eval.bench.server import Served
from eval.stats import quantile
from graph.errors import Unavailable

Json = dict[str, Any]
Exchange = Callable[[httpx.AsyncClient, Json], Awaitable[float]]
"""Sends one body and returns the seconds that count."""

WARM_UP = 20

QUESTIONS: tuple[tuple[str, str], ...] = (
    ("aipassportphoto", "How much does a photo cost?"),
    ("aipassportphoto", "photo kitne ki hai?"),
    ("aipassportphoto", "How long does it take to get my picture?"),
    ("aipassportphoto", "kya main chashma pehen ke photo le sakta hu?"),
    ("nodes-garden", "Which states can a deployment have?"),
    ("nodes-garden", "billing kaise hoti hai?"),
    ("nodes-garden", "How do I contact support?"),
    ("aipassportphoto", "Do you sell fishing rods?"),
)


def client(served: Served) -> httpx.AsyncClient:
    """A client with the desk's API key that keeps its connections open and ignores proxies."""
    return httpx.AsyncClient(
        base_url=served.url,
        headers={"Authorization": f"Bearer {served.key}"},
        timeout=30.0,
        trust_env=False,
    )


async def drive(
    served: Served, exchange: Exchange, *, requests: int, concurrency: int, warm_up: int = WARM_UP
) -> tuple[list[float], float]:
    """Run the exchange `requests` times, `concurrency` at once; returns the seconds of each and of all."""
    async with client(served) as http:
        for place in range(warm_up):
            await exchange(http, body(place))
        queue = iter(range(requests))

        async def worker() -> list[float]:
            return [await exchange(http, body(place)) for place in queue]

        start = time.perf_counter()
        parts = await asyncio.gather(*(worker() for _ in range(concurrency)))
        return [spent for part in parts for spent in part], time.perf_counter() - start


def body(place: int) -> Json:
    """The request of the n-th exchange: a new conversation with one of the questions."""
    company, message = QUESTIONS[place % len(QUESTIONS)]
    return {"company": company, "message": message}


def figures(name: str, times: Sequence[float], elapsed: float, rss_mb: float) -> Json:
    """What every benchmark reports."""
    return {
        "name": name,
        "n": len(times),
        "p50Ms": round(1000 * quantile(times, 0.5), 2),
        "p95Ms": round(1000 * quantile(times, 0.95), 2),
        "p99Ms": round(1000 * quantile(times, 0.99), 2),
        "perSecond": round(len(times) / elapsed, 1) if elapsed else 0.0,
        "rssMb": rss_mb,
    }


def expect_ok(response: httpx.Response) -> None:
    """Refuse to measure a desk that does not answer."""
    if response.status_code != 200:
        raise Unavailable(f"the desk answered {response.status_code} instead of 200")
