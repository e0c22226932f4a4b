"""A company's wait while another one writes a hundred times as much, against its wait beside an equal one.

Both write at the same rate first; then one sends a hundred messages for each of the other's, which is more
than the desk can answer: it refuses what would wait too long, and the other one must not notice.
"""

import asyncio
import json
import time
from urllib.parse import urlsplit

import httpx

from eval.bench.load import Json
from eval.faults.stage import Stage
from eval.stats import quantile

QUIET, LOUD = "nodes-garden", "aipassportphoto"
PAUSE_SECONDS = 1.0
TIMES = 100
WARM_UP = 8


async def neighbours(stage: Stage, *, turns: int = 12, rounds: int = 2) -> Json:
    """p95 of the quiet company's turns in both situations, in milliseconds."""
    usual: list[float] = []
    beside: list[float] = []
    refused = 0
    async with httpx.AsyncClient(trust_env=False, timeout=180.0) as http:
        await asyncio.gather(_quiet(stage, http, WARM_UP), _loud(stage, WARM_UP, 1))
        for _ in range(rounds):
            equal = asyncio.create_task(_loud(stage, turns, 1))
            usual += await _quiet(stage, http, turns)
            await equal
            loud = asyncio.create_task(_loud(stage, turns, TIMES))
            beside += await _quiet(stage, http, turns)
            refused += await loud
    slow, normal = quantile(beside, 0.95), quantile(usual, 0.95)
    return {
        "turns": len(usual),
        "times": TIMES,
        "p95Ms": round(1000 * normal, 1),
        "p95BesideMs": round(1000 * slow, 1),
        "ratio": round(slow / normal, 2),
        "refused": refused,
    }


async def _quiet(stage: Stage, http: httpx.AsyncClient, turns: int) -> list[float]:
    url, headers, body = _asked(stage, QUIET, "How do I contact support?")
    spent = []
    for _ in range(turns):
        begun = time.perf_counter()
        answer = await http.post(url, content=body, headers=headers)
        answer.raise_for_status()
        spent.append(time.perf_counter() - begun)
        await asyncio.sleep(PAUSE_SECONDS)
    return spent


async def _loud(stage: Stage, turns: int, times: int) -> int:
    """`times` messages for each turn of the other company, evenly; how many were not answered."""
    sending = []
    for _ in range(turns * times):
        sending.append(asyncio.create_task(_shout(stage)))
        await asyncio.sleep(PAUSE_SECONDS / times)
    return sum(status != 200 for status in await asyncio.gather(*sending))


async def _shout(stage: Stage) -> int:
    """One message over a socket of its own, read no further than its status: a client that costs nothing."""
    url, headers, body = _asked(stage, LOUD, "How much does a photo cost?")
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    named = {"Host": place.netloc, "Content-Length": len(body), "Connection": "close", **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    writer.write(f"POST {place.path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
    try:
        return int((await reader.readline()).split()[1])
    finally:
        writer.close()


def _asked(stage: Stage, company: str, message: str) -> tuple[str, dict[str, str], bytes]:
    """Address, headers and body of a message."""
    headers = {"Authorization": f"Bearer {stage.key}", "Content-Type": "application/json"}
    body = json.dumps({"company": company, "message": message}).encode()
    return f"{stage.servers[0].url}/api/run", headers, body
