"""Open streams for long: how late events arrive, whether memory grows, and whether anything breaks.

Customers write at a steady rate that the machine can keep up with; each message and each event of its reply
goes to all streams that follow its ticket. Lag is the age of a message when a client has read it.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from urllib.parse import urlsplit

import httpx

from eval.bench.load import QUESTIONS, Json
from eval.bench.throughput import memory_mb
from eval.faults.stage import Stage
from eval.stats import quantile
from graph.errors import Unavailable

TICKETS = 20
SAMPLE_SECONDS = 10.0
Say = Callable[[str], None]
Talk = tuple[str, dict[str, str]]
"""The ticket's address and the headers of its session."""


@dataclass
class Seen:
    """What the clients have seen."""

    lags: list[float] = field(default_factory=list)
    broken: int = 0
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    messages: int = 0


async def soak(stage: Stage, *, streams: int, seconds: float, per_second: float, say: Say) -> Json:
    """Hold the streams open for so long while so many messages a second are written."""
    seen = Seen()
    limits = httpx.Limits(max_connections=streams + 50)
    async with httpx.AsyncClient(trust_env=False, timeout=60.0, limits=limits) as http:
        talks = [await _talk(stage, http, place) for place in range(TICKETS)]
        await asyncio.sleep(2.0)
        opened = asyncio.Semaphore(0)
        following = [
            asyncio.create_task(_follow(*talks[place % TICKETS], opened, seen)) for place in range(streams)
        ]
        for _ in range(streams):
            await opened.acquire()
        say(f"{streams} streams are open")
        await asyncio.sleep(1.0)
        seen.lags.clear()
        await _write(stage, http, talks, seen, seconds, per_second, say)
        await asyncio.sleep(3.0)
        seen.broken = sum(task.done() for task in following)
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
    return _report(streams, seconds, seen)


async def _talk(stage: Stage, http: httpx.AsyncClient, place: int) -> Talk:
    company, message = QUESTIONS[place % len(QUESTIONS)]
    base = f"{stage.servers[place % len(stage.servers)].url}/api/widget/{company}"
    session = (await http.post(f"{base}/sessions", json={})).json()["sessionToken"]
    headers = {"Authorization": f"Bearer {session}"}
    body = {"message": message, "clientMessageId": f"soak-{place}"}
    ticket = (await http.post(f"{base}/tickets", json=body, headers=headers)).json()["ticketId"]
    return f"{base}/tickets/{ticket}", headers


async def _follow(url: str, headers: dict[str, str], opened: asyncio.Semaphore, seen: Seen) -> None:
    """Read one stream from its socket: a thousand of a client library's would take longer than the desk."""
    begun, place = time.time(), urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    asked = {"Host": place.netloc, "Accept": "text/event-stream", **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
    writer.write(f"GET {place.path}/events HTTP/1.1\r\n{lines}\r\n".encode())
    try:
        if b" 200 " not in await reader.readline():
            raise Unavailable("a stream was refused")
        opened.release()
        name = b""
        async for line in reader:
            if line.startswith(b"event: "):
                name = line[7:].strip()
            elif name == b"message" and line.startswith(b"data: "):
                now = time.time()
                made = datetime.fromisoformat(json.loads(line[6:])["createdAt"]).timestamp()
                if made > begun:
                    seen.lags.append(now - made)
    finally:
        writer.close()


async def _write(
    stage: Stage,
    http: httpx.AsyncClient,
    talks: list[Talk],
    seen: Seen,
    seconds: float,
    per_second: float,
    say: Say,
) -> None:
    """Messages at a steady rate; memory is noted every ten seconds."""
    begun = noted = time.monotonic()
    sending: set[asyncio.Task[None]] = set()
    for number in count():
        now = time.monotonic()
        if now - begun > seconds:
            break
        if now - noted > SAMPLE_SECONDS:
            noted = now
            pids = [one.process.pid for one in stage.servers if one.process is not None]
            seen.memory.append(memory_mb(pids))
            say(f"{now - begun:.0f} s, {seen.messages} messages, {seen.memory[-1]} MB")
        task = asyncio.create_task(_send(http, *talks[number % len(talks)], number, seen))
        sending.add(task)
        task.add_done_callback(sending.discard)
        await asyncio.sleep(max(0.0, begun + (number + 1) / per_second - time.monotonic()))
    await asyncio.gather(*sending)


async def _send(http: httpx.AsyncClient, url: str, headers: dict[str, str], number: int, seen: Seen) -> None:
    _, message = QUESTIONS[number % len(QUESTIONS)]
    body = {"message": message, "clientMessageId": f"soak-more-{number}"}
    try:
        answer = await http.post(f"{url}/messages", json=body, headers=headers)
    except httpx.HTTPError as error:
        seen.errors.append(type(error).__name__)
        return
    seen.messages += 1
    if answer.status_code != 202:
        seen.errors.append(str(answer.status_code))


def _report(streams: int, seconds: float, seen: Seen) -> Json:
    third = max(1, len(seen.memory) // 3)
    first, last = seen.memory[third : 2 * third], seen.memory[-third:]
    grown = sum(last) / len(last) - sum(first) / len(first) if first and last else 0.0
    return {
        "streams": streams,
        "seconds": seconds,
        "messages": seen.messages,
        "events": len(seen.lags),
        "streamsBroken": seen.broken,
        "errors": len(seen.errors),
        "kindsOfErrors": sorted(set(seen.errors)),
        "eventLagP50Ms": round(1000 * quantile(seen.lags, 0.5), 1) if seen.lags else None,
        "eventLagP95Ms": round(1000 * quantile(seen.lags, 0.95), 1) if seen.lags else None,
        "memoryMb": seen.memory[-1] if seen.memory else None,
        "memoryGrownMb": round(grown, 1),
    }
