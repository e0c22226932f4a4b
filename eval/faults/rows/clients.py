"""Rows 23 to 29: customers who send twice, in bursts, too slowly, too many, or what nobody should send."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterator

import httpx

from eval.faults.scene import QUESTION, Scene, Talk

STREAMS = 200
"""A short crowd; the load benchmark has the large and long one."""
DEAF = 40


async def duplicates(scene: Scene) -> None:
    """23: the same message twenty times at once, at every process, is one message and one turn."""
    talk = await scene.talk()
    await talk.ask()
    body = {"message": "photo kitne ki hai?", "clientMessageId": "row23-twenty"}
    bases = [f"{server.url}/api/widget/{talk.customer.ticket.company}" for server in scene.stage.servers]
    answers = await asyncio.gather(
        *(
            scene.http.post(
                f"{bases[place % len(bases)]}/tickets/{talk.ticket_id}/messages",
                json=body,
                headers=talk.headers,
            )
            for place in range(20)
        )
    )
    kinds = {(answer.status_code, answer.text) for answer in answers}
    scene.expect(len(kinds) == 1 and answers[0].status_code == 202, f"the answers differ: {kinds}")
    await talk.replies()


async def burst(scene: Scene) -> None:
    """24: five messages in a moment are answered in order, and no two replies overlap."""
    talk = await scene.talk()
    for number in range(5):
        await talk.say(f"{QUESTION} {number}")
    replies = await talk.replies()
    scene.expect(1 <= len(replies) <= 5, f"{len(replies)} replies to 5 messages")


async def slow_clients(scene: Scene) -> None:
    """25: who reads nothing keeps nobody waiting and costs no memory, and goes on from what was read."""
    talk = await scene.talk()
    await scene.warmed()
    await talk.ask()
    before = _memory(scene)
    with contextlib.ExitStack() as held:
        for _ in range(DEAF):
            held.enter_context(_deaf(scene, talk))
        for number in range(6):
            begun = time.monotonic()
            await talk.ask(f"{QUESTION} {number}")
            scene.expect(time.monotonic() - begun < 20, "a slow client keeps others waiting")
        grown = _memory(scene) - before
        scene.expect(grown < 80, f"{DEAF} clients that do not read cost {grown:.0f} MB")
    listening = asyncio.create_task(talk.customer.listen())
    until = time.monotonic() + 20
    while (seen := _turns_seen(talk)) < 7 and time.monotonic() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    listening.cancel()
    scene.expect(seen == 7, f"who comes back sees {seen} of 7 turns")


def _turns_seen(talk: Talk) -> int:
    return [name for name, _ in talk.customer.ticket.events.values()].count("done")


@contextlib.contextmanager
def _deaf(scene: Scene, talk: Talk) -> Iterator[None]:
    """A stream that is opened and never read."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.connect(("127.0.0.1", scene.stage.servers[0].port))
        path = f"/api/widget/{talk.customer.ticket.company}/tickets/{talk.ticket_id}/events"
        head = f"GET {path} HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {talk.customer.token}\r\n\r\n"
        client.sendall(head.encode())
        yield


def _memory(scene: Scene) -> float:
    """Megabytes of the first process."""
    process = scene.stage.servers[0].process
    if process is None:
        return 0.0
    with open(f"/proc/{process.pid}/status") as told:
        line = next(line for line in told if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


async def crowd(scene: Scene) -> None:
    """26: many open streams and a message every moment: no error, and every stream sees the reply."""
    talk = await scene.talk()
    await talk.ask()
    seen = [0] * STREAMS
    opened = asyncio.Semaphore(0)
    async with httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=STREAMS)) as http:
        url = f"{talk.base}/tickets/{talk.ticket_id}/events"

        async def follow(place: int) -> None:
            async with http.stream("GET", url, headers=talk.headers, timeout=60.0) as response:
                response.raise_for_status()
                opened.release()
                async for line in response.aiter_lines():
                    seen[place] += line == "event: done"

        following = [asyncio.create_task(follow(place)) for place in range(STREAMS)]
        for _ in range(STREAMS):
            await asyncio.wait_for(opened.acquire(), 60)
        for number in range(5):
            await talk.ask(f"{QUESTION} {number}")
        for _ in range(100):
            if min(seen) >= 6:
                break
            await asyncio.sleep(0.1)
        broken = sum(task.done() for task in following)
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
    scene.expect(broken == 0, f"{broken} of {STREAMS} streams broke")
    scene.expect(min(seen) == max(seen) == 6, f"streams saw {min(seen)} to {max(seen)} of 6 turns")


async def last_event_ids(scene: Scene) -> None:
    """27: a number that a ticket never gave out gets a snapshot; a stranger finds no ticket."""
    talk = await scene.talk()
    await talk.ask()
    for wrong in ("99999999", "garbage", "-1"):
        url = f"{talk.base}/tickets/{talk.ticket_id}/events"
        headers = {**talk.headers, "Last-Event-ID": wrong}
        async with scene.http.stream("GET", url, headers=headers) as response:
            lines = response.aiter_lines()
            good = response.status_code == 200 and "reset" in await anext(lines) + await anext(lines)
            scene.expect(good, f"Last-Event-ID {wrong!r} is not reset")
    stranger = await scene.talk()
    answer = await scene.http.get(f"{talk.base}/tickets/{talk.ticket_id}", headers=stranger.headers)
    scene.expect(answer.status_code == 404, f"a stranger gets {answer.status_code}")


async def clocks(scene: Scene) -> None:
    """28: the clock jumps an hour on, and two back, while turns run: nothing is lost, doubled or stuck."""
    file = scene.stage.folder / "clock"
    file.write_text("0")
    await scene.restart(f"clock={file},kill=write:40")
    for off in (3600, -3600, 0):
        talk = await scene.talk()
        await talk.say()
        file.write_text(str(off))
        replies = await talk.replies()
        scene.expect(len(replies) == 1, f"{off:+} s: {len(replies)} replies")
        await talk.ask("How long does it take?")
    file.write_text("3600")
    talk = await scene.talk()
    doomed = scene.stage.servers[0]
    doomed.arm()
    await talk.once()
    await asyncio.to_thread(doomed.dies, 10.0)
    await asyncio.to_thread(doomed.kill)
    file.write_text("0")
    doomed.start(f"clock={file}")
    await asyncio.to_thread(doomed.wait)
    await talk.ask("Still there?")
    await scene.restart()


async def garbage(scene: Scene) -> None:
    """29: whatever is sent, the answer is a normal turn or a refusal that names a field, never a 5xx."""
    for text in TEXTS:
        talk = await scene.talk()
        answer = await talk.once(text)
        status = answer.status_code if answer is not None else 0
        scene.expect(status in (202, 400, 422), f"{text[:20]!r} gets {status}")
    for raw in RAW:
        sent = {**talk.headers, "Content-Type": "application/json"}
        answer = await scene.http.post(f"{talk.base}/tickets", content=raw, headers=sent)
        scene.expect(400 <= answer.status_code < 500, f"{raw[:20]!r} gets {answer.status_code}")


TEXTS = (
    "",
    " ",
    "\u200b\u200c",
    "👨‍👩‍👧‍👦" * 400,
    "\u202eabc",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤" * 20,
    "a\x00b",
    "1 2 3",
    "{{7*7}} '; DROP TABLE x;-- <script>alert(1)</script>",
    "नमस्ते, فوٹو, 照片, фото, φωτο",
)
RAW = (
    b'{"message": NaN}',
    b'{"message": 1e999}',
    b"[" * 100_000,
    b"\xff\xfe",
    b'{"message":"\\ud800","clientMessageId":"x"}',
    b'{"message":"' + b"a" * 10_000_000 + b'"}',
)
