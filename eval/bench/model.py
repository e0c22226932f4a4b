"""What the desk adds to a language model: time over the bare calls, and from sentence end to the customer.

The scripted model speaks over HTTP from a process of its own and says when it began, when its first sentence
was out, and when it ended; all clocks are the machine's monotonic one. A bare call is what a plain HTTP
client waits: the model's own time and the wire's, measured with the same client on calls of its own.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from eval.bench.load import WARM_UP, Json, drive, expect_ok, figures
from eval.bench.server import prepared, serving, serving_models
from eval.stats import quantile
from graph.errors import Unavailable
from language.claims import Source, check_claim

MODEL = "scripted:echo?ttft=60&rate=150"
WIRE_CALLS = 40
CLAIMS = Path(__file__).parents[1] / "datasets" / "guard_tune.jsonl"


def bench(environment: Mapping[str, str], *, requests: int = 150, concurrency: int = 1) -> Json:
    """Time streamed turns with the scripted model; one at a time, since each reads the model's last marks."""
    if concurrency != 1:
        raise Unavailable("this benchmark asks one question at a time")
    overhead: list[float] = []
    sentence: list[float] = []

    with prepared(environment) as folder, serving_models(folder) as url:
        settings = {**folder, "SUPPORTGRAPH_LLM_MODEL": MODEL, "SUPPORTGRAPH_LLM_BASE_URL": url}

        async def turn(http: httpx.AsyncClient, body: Json) -> float:
            whole, first = await _turn(http, body)
            marks = (await http.get(f"{url}/marks")).json()
            if "ended" in marks.get("answer", {}) and marks["answer"]["began"] > time.monotonic() - whole:
                bare = sum(marks[task]["ended"] - marks[task]["began"] for task in ("triage", "answer"))
                overhead.append(whole - bare - 2 * wire)
                sentence.append(first - marks["answer"]["sentence"])
            return whole

        wire = asyncio.run(_wire(url))
        with serving(settings) as served:
            asyncio.run(drive(served, turn, requests=WARM_UP, concurrency=1, warm_up=0))
            overhead.clear()
            sentence.clear()
            before = served.cpu_seconds
            times, elapsed = asyncio.run(drive(served, turn, requests=requests, concurrency=1, warm_up=0))
            spent = round(1000 * (served.cpu_seconds - before) / requests, 2)
            found = figures("model", times, elapsed, served.rss_mb)
    checks = list(_checks())
    return {
        **found,
        "cpuMs": spent,
        "answered": len(overhead),
        "wireMs": _ms([wire], 0.5),
        "overheadP50Ms": _ms(overhead, 0.5),
        "overheadP95Ms": _ms(overhead, 0.95),
        "firstSentenceP50Ms": _ms(sentence, 0.5),
        "firstSentenceP95Ms": _ms(sentence, 0.95),
        "guardSentenceP50Ms": _ms(checks, 0.5),
        "guardSentenceP95Ms": _ms(checks, 0.95),
    }


async def _wire(url: str) -> float:
    """What a streamed call takes a plain client beyond the model's own time: the median, in seconds."""
    body = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": "Hello."}]}
    beyond: list[float] = []
    async with httpx.AsyncClient(base_url=url) as http:
        for _ in range(WIRE_CALLS):
            start = time.monotonic()
            async with http.stream("POST", "/chat/completions", json=body) as response:
                expect_ok(response)
                async for _line in response.aiter_lines():
                    pass
            whole = time.monotonic() - start
            marks = (await http.get("/marks")).json()[""]
            beyond.append(whole - (marks["ended"] - marks["began"]))
    return quantile(beyond, 0.5)


async def _turn(http: httpx.AsyncClient, body: Json) -> tuple[float, float]:
    """The seconds of the whole turn, and the moment of its first sentence."""
    start, first = time.monotonic(), 0.0
    async with http.stream(
        "POST", "/api/run", json=body, headers={"Accept": "text/event-stream"}
    ) as response:
        expect_ok(response)
        async for line in response.aiter_lines():
            if not first and line == "event: delta":
                first = time.monotonic()
    return time.monotonic() - start, first


def _checks() -> Iterator[float]:
    """The seconds that the guard's check of a sentence takes, over sentences nobody has checked before."""
    for line in CLAIMS.read_text("utf-8").splitlines():
        row = json.loads(line)
        source = Source("bench", str(row["context"]))
        start = time.perf_counter()
        check_claim(str(row["response"]), [source])
        yield time.perf_counter() - start


def _ms(seconds: list[float], part: float) -> float:
    return round(1000 * quantile(seconds, part), 2) if seconds else 0.0
