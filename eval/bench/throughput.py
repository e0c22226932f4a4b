"""Turns a second of the desk beside those of a bare graph on the same kind of saver, in the same run.

The bare graph has six nodes that count to six: what LangGraph and the saver cost, with every step durable.
Rounds of both alternate, so that a machine that gets slower meanwhile slows both.
"""

import asyncio
import time
from collections.abc import Sequence
from statistics import median
from typing import Any, TypedDict, cast

import httpx
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph

from eval.bench.load import Json, body, expect_ok
from eval.faults.stage import Stage

NODES = 6
ROUNDS = 5
WARM_UP = 16


class Count(TypedDict):
    """The state of the bare graph."""

    number: int


def bare_graph(saver: BaseCheckpointSaver[str]) -> Any:
    """Six nodes in a row."""

    async def step(state: Count) -> Count:
        return {"number": state["number"] + 1}

    builder = StateGraph(Count)
    names = [f"node_{number}" for number in range(NODES)]
    for name in names:
        builder.add_node(name, step)
    for here, there in zip([START, *names], [*names, END], strict=True):
        builder.add_edge(here, there)
    return builder.compile(checkpointer=saver)


async def throughput(
    stage: Stage, saver: BaseCheckpointSaver[str], *, requests: int, concurrency: int
) -> Json:
    """Medians over the rounds: turns a second of both, and what the desk makes of the bare graph's."""
    graph = bare_graph(saver)
    limits = httpx.Limits(max_connections=concurrency)
    async with httpx.AsyncClient(trust_env=False, timeout=120.0, limits=limits) as http:
        await _desk(stage, http, WARM_UP, concurrency)
        rounds = []
        for number in range(ROUNDS):
            bare = await _bare(graph, number, requests, concurrency)
            rounds.append((bare, await _desk(stage, http, requests, concurrency)))
    return {
        "processes": len(stage.servers),
        "concurrency": concurrency,
        "bareTurnsPerSecond": round(median(bare for bare, _ in rounds), 1),
        "turnsPerSecond": round(median(desk for _, desk in rounds), 1),
        "ratio": round(median(desk / bare for bare, desk in rounds), 2),
        "ratios": [round(desk / bare, 2) for bare, desk in rounds],
    }


async def _bare(graph: Any, round_: int, requests: int, concurrency: int) -> float:
    async def one(place: int) -> None:
        config = cast(RunnableConfig, {"configurable": {"thread_id": f"bare-{round_}-{place}"}})
        found = await graph.ainvoke({"number": 0}, config, durability="sync")
        assert found["number"] == NODES

    return await _rate(one, requests, concurrency)


async def _desk(stage: Stage, http: httpx.AsyncClient, requests: int, concurrency: int) -> float:
    urls = [server.url for server in stage.servers]
    headers = {"Authorization": f"Bearer {stage.key}"}

    async def one(place: int) -> None:
        url = f"{urls[place % len(urls)]}/api/run"
        expect_ok(await http.post(url, json=body(place), headers=headers))

    return await _rate(one, requests, concurrency)


async def _rate(one: Any, requests: int, concurrency: int) -> float:
    """How many a second, with so many at once."""
    queue = iter(range(requests))

    async def worker() -> None:
        for place in queue:
            await one(place)

    begun = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return requests / (time.perf_counter() - begun)


def memory_mb(pids: Sequence[int]) -> float:
    """Resident memory of the processes together, in megabytes."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/status") as told:
            total += int(next(line for line in told if line.startswith("VmRSS:")).split()[1])
    return round(total / 1024, 1)
