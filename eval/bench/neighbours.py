"""A company's wait while another one writes a hundred times as much, against its wait beside an equal one.

Both write at the same rate first; then one sends a hundred messages for each of the other's.
"""

import asyncio
import time

import httpx

from eval.bench.load import Json
from eval.faults.stage import Stage
from eval.stats import quantile

QUIET, LOUD = "nodes-garden", "aipassportphoto"
PAUSE_SECONDS = 0.5
TIMES = 100


async def neighbours(stage: Stage, *, turns: int = 12, rounds: int = 2) -> Json:
    """p95 of the quiet company's turns in both situations, in milliseconds."""
    usual: list[float] = []
    beside: list[float] = []
    refused = 0
    async with _client() as http, _client() as theirs:  # nobody waits for another one's connection
        await _quiet(stage, http, 3)
        for _ in range(rounds):
            equal = asyncio.create_task(_loud(stage, theirs, turns, 1))
            usual += await _quiet(stage, http, turns)
            await equal
            loud = asyncio.create_task(_loud(stage, theirs, turns, TIMES))
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


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False, timeout=180.0, limits=httpx.Limits(max_connections=None))


async def _quiet(stage: Stage, http: httpx.AsyncClient, turns: int) -> list[float]:
    spent = []
    for _ in range(turns):
        begun = time.perf_counter()
        answer = await _run(stage, http, QUIET, "How do I contact support?")
        answer.raise_for_status()
        spent.append(time.perf_counter() - begun)
        await asyncio.sleep(PAUSE_SECONDS)
    return spent


async def _loud(stage: Stage, http: httpx.AsyncClient, turns: int, times: int) -> int:
    """`times` messages for each turn of the other company; how many were refused."""
    sending = []
    for _ in range(turns):
        sending += [
            asyncio.create_task(_run(stage, http, LOUD, "How much does a photo cost?")) for _ in range(times)
        ]
        await asyncio.sleep(PAUSE_SECONDS)
    answers = await asyncio.gather(*sending, return_exceptions=True)
    return sum(getattr(answer, "status_code", 0) != 200 for answer in answers)


async def _run(stage: Stage, http: httpx.AsyncClient, company: str, message: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {stage.key}"}
    body = {"company": company, "message": message}
    return await http.post(f"{stage.servers[0].url}/api/run", json=body, headers=headers)
