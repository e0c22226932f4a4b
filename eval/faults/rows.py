"""Rows of the fault matrix that need more than a kill: each is played on its own and named by its number."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from eval.faults.stage import Stage
from graph.errors import Invalid
from seeds.load import load_seeds

Json = dict[str, Any]
Say = Callable[[str], None]
Row = Callable[[Stage, httpx.AsyncClient], Awaitable[list[str]]]
"""Plays a row on a ready stage and returns what went otherwise than promised."""
SLUG = "aipassportphoto"
QUESTION = "How much does a photo cost?"


async def play(stage: Stage, rows: str, *, say: Say) -> Json:
    """Play the rows (numbers with commas, or `all`) one after the other."""
    wanted = list(ROWS) if rows == "all" else [part.strip() for part in rows.split(",")]
    for name in wanted:
        if name not in ROWS:
            raise Invalid(f"no row {name!r}; there are {', '.join(ROWS)}", field="rows")
    await load_seeds(stage.store)
    found: list[str] = []
    async with httpx.AsyncClient(trust_env=False, timeout=30.0) as http:
        for name in wanted:
            for server in stage.servers:
                if server.process is None:
                    server.start()
            await asyncio.gather(*(asyncio.to_thread(server.wait) for server in stage.servers))
            broken = [f"row {name}: {line}" for line in await ROWS[name](stage, http)]
            say(f"row {name}: {'broken' if broken else 'kept'}")
            found += broken
    return {"profile": stage.profile, "rows": wanted, "violations": found}


async def session(stage: Stage, http: httpx.AsyncClient, place: int = 0) -> tuple[str, dict[str, str]]:
    """The widget's address at one process, and the headers of a new session."""
    base = f"{stage.servers[place % len(stage.servers)].url}/api/widget/{SLUG}"
    opened = await http.post(f"{base}/sessions", json={})
    return base, {"Authorization": f"Bearer {opened.json()['sessionToken']}"}


async def drained(stage: Stage, http: httpx.AsyncClient) -> list[str]:
    """10: SIGTERM ends a process within 20 s, and what it had accepted is answered by the next one."""
    base, headers = await session(stage, http)
    body = {"message": QUESTION, "clientMessageId": "row10"}
    taken = (await http.post(f"{base}/tickets", json=body, headers=headers)).json()
    seconds = await asyncio.to_thread(stage.servers[0].stop)
    broken = [] if seconds < 25 else [f"it took {seconds:.0f} s to end"]
    stage.servers[0].start()
    await asyncio.to_thread(stage.servers[0].wait)
    snapshot = await _answered(http, base, headers, taken["ticketId"])
    roles = [message["role"] for message in snapshot["messages"]]
    return broken + ([] if roles == ["user", "assistant"] else [f"the messages are {roles}"])


async def duplicates(stage: Stage, http: httpx.AsyncClient) -> list[str]:
    """23: the same message twenty times at once, at every process, is one message and one turn."""
    base, headers = await session(stage, http)
    body = {"message": QUESTION, "clientMessageId": "row23"}
    bases = [f"{server.url}/api/widget/{SLUG}" for server in stage.servers]
    first = await http.post(f"{base}/tickets", json=body, headers=headers)
    ticket = first.json()["ticketId"]
    body = {"message": "photo kitne ki hai?", "clientMessageId": "row23b"}
    answers = await asyncio.gather(
        *(
            http.post(f"{bases[place % len(bases)]}/tickets/{ticket}/messages", json=body, headers=headers)
            for place in range(20)
        )
    )
    kinds = {(answer.status_code, answer.text) for answer in answers}
    return [] if len(kinds) == 1 and answers[0].status_code == 202 else [f"the answers differ: {kinds}"]


async def burst(stage: Stage, http: httpx.AsyncClient) -> list[str]:
    """24: five messages in a moment are answered in order, and no two replies overlap."""
    base, headers = await session(stage, http)
    ticket = ""
    for number in range(5):
        where = f"tickets/{ticket}/messages" if ticket else "tickets"
        body = {"message": f"{QUESTION} {number}", "clientMessageId": f"row24-{number}"}
        ticket = (await http.post(f"{base}/{where}", json=body, headers=headers)).json()["ticketId"]
    snapshot = await _answered(http, base, headers, ticket)
    replies = [message for message in snapshot["messages"] if message["role"] == "assistant"]
    return [] if 1 <= len(replies) <= 5 else [f"{len(replies)} replies to 5 messages"]


async def last_event_ids(stage: Stage, http: httpx.AsyncClient) -> list[str]:
    """27: a number that a ticket never gave out gets a snapshot; a stranger finds no ticket."""
    base, headers = await session(stage, http)
    body = {"message": QUESTION, "clientMessageId": "row27"}
    ticket = (await http.post(f"{base}/tickets", json=body, headers=headers)).json()["ticketId"]
    await _answered(http, base, headers, ticket)
    broken: list[str] = []
    for wrong in ("99999999", "garbage", "-1"):
        url = f"{base}/tickets/{ticket}/events"
        async with http.stream("GET", url, headers={**headers, "Last-Event-ID": wrong}) as response:
            lines = response.aiter_lines()
            if response.status_code != 200 or "reset" not in await anext(lines) + await anext(lines):
                broken.append(f"Last-Event-ID {wrong!r} is not reset")
    _, stranger = await session(stage, http)
    answer = await http.get(f"{base}/tickets/{ticket}", headers=stranger)
    return broken + ([] if answer.status_code == 404 else [f"a stranger gets {answer.status_code}"])


async def garbage(stage: Stage, http: httpx.AsyncClient) -> list[str]:
    """29: whatever is sent, the answer is a normal turn or a refusal that names a field, never a 5xx."""
    base, headers = await session(stage, http)
    texts = (
        "",
        " ",
        "\u200b\u200c",
        "👨‍👩‍👧‍👦" * 400,
        "\u202eabc",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤" * 20,
        "a\x00b",
        "1 2 3",
        "{{7*7}} '; DROP TABLE x;--",
    )
    broken = []
    for number, text in enumerate(texts):
        body = {"message": text, "clientMessageId": f"row29-{number}"}
        answer = await http.post(f"{base}/tickets", json=body, headers=headers)
        if answer.status_code not in (202, 400, 422):
            broken.append(f"text {number} gets {answer.status_code}")
    for raw in (
        b'{"message": NaN}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"message":"\\ud800","clientMessageId":"x"}',
    ):
        sent = {**headers, "Content-Type": "application/json"}
        answer = await http.post(f"{base}/tickets", content=raw, headers=sent)
        if not 400 <= answer.status_code < 500:
            broken.append(f"{raw[:20]!r} gets {answer.status_code}")
    return broken


async def _answered(http: httpx.AsyncClient, base: str, headers: Mapping[str, str], ticket: str) -> Json:
    """The conversation once every message of it has been answered, or after half a minute."""
    for _ in range(150):
        try:
            response = await http.get(f"{base}/tickets/{ticket}", headers=dict(headers))
            snapshot: Json = response.json()
            if response.status_code == 200 and snapshot["messages"][-1]["role"] != "user":
                return snapshot
        except httpx.HTTPError:
            pass
        await asyncio.sleep(0.2)
    return snapshot


ROWS: Mapping[str, Row] = {
    "10": drained,
    "23": duplicates,
    "24": burst,
    "27": last_event_ids,
    "29": garbage,
}
