"""The scripted model on a local port: chat completions over HTTP, whole or streamed, and every way to fail.

Written on bare sockets, because a web framework would not let an answer break in the middle.
"""

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from graph.adapters.scripted.script import IN_WORDS, Script, read_script
from graph.adapters.scripted.wits import Asked, say
from graph.errors import Invalid

_TOKEN = re.compile(r"\s*\S{1,6}|\s+")
_DRIP_SECONDS = 0.05
Json = dict[str, Any]


class _Cut(Exception):
    """The connection ends here."""


@dataclass
class ScriptedServer:
    """One server for all scripted models: the script is in the name that a request asks for."""

    host: str = "127.0.0.1"
    port: int = 0
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    marks: dict[str, dict[str, float]] = field(default_factory=dict)
    """When the last answer to each task began, had its first sentence out, and ended; benchmarks read it."""
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> str:
        """Listen; the base URL for clients."""
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return f"http://{self.host}:{self.port}/v1"

    async def stop(self) -> None:
        """Let go of the port and of whoever still waits."""
        if self._server is not None:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        try:
            while (request := await _request(reader)) is not None:
                await self._answer(*request, writer)
        except (_Cut, ConnectionError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:  # the server stops; the connection task ends quietly
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, body: Json, writer: asyncio.StreamWriter) -> None:
        if path.endswith("/marks"):
            return await _json(writer, 200, dict(self.marks))
        try:
            script = read_script(str(body.get("model", "")))
        except Invalid as error:
            return await _json(
                writer, 404, {"error": {"message": error.message, "type": "invalid_request_error"}}
            )
        system, user = _texts(body)
        asked = Asked.read(system, user)
        failure = self._failure(str(body["model"]), script, asked.task)
        marks = self.marks[asked.task] = {"began": time.monotonic()}
        text = say(script.wit, failure, system, user)
        line = "" if failure in IN_WORDS else failure
        if await _fails_at_once(writer, line):
            return None
        await asyncio.sleep(script.ttft)
        if body.get("stream"):
            await self._stream(writer, body, script, marks, text, line)
            marks["ended"] = time.monotonic()
            return None
        await asyncio.sleep(len(_TOKEN.findall(text)) / script.rate if script.rate else 0)
        await _whole(writer, body, text, line)
        marks["ended"] = time.monotonic()
        return None

    def _failure(self, model: str, script: Script, task: str) -> str:
        if not script.fail or (script.at and script.at != task):
            return ""
        self.failures[model, task] += 1
        return script.fail if script.times is None or self.failures[model, task] <= script.times else ""

    async def _stream(
        self,
        writer: asyncio.StreamWriter,
        body: Json,
        script: Script,
        marks: dict[str, float],
        text: str,
        failure: str,
    ) -> None:
        closing = failure == "close"
        await _head(writer, 200, "text/event-stream", closing=closing)
        sent = ""
        async for token in _paced(text, script.rate):
            sent += token
            await _event(writer, _chunk(body, {"content": token}, None), closing=closing)
            if "]" in sent:
                marks.setdefault("sentence", time.monotonic())
            if failure in ("cut", "close", "half") and len(sent) * 2 >= len(text):
                if failure == "half":
                    await _raw(writer, b'data: {"id": "c1", "choices": [{"ind\n\n', closing=False)
                    await _raw(writer, b"", closing=False)
                raise _Cut
        if failure != "nofinish":
            finish = "length" if failure == "length" else "stop"
            await _event(writer, _chunk(body, {}, finish), closing=False)
            if (body.get("stream_options") or {}).get("include_usage"):
                await _event(
                    writer,
                    {**_chunk(body, {}, None), "choices": [], "usage": _usage(body, text)},
                    closing=False,
                )
            await _raw(writer, b"data: [DONE]\n\n", closing=False)
        await _raw(writer, b"", closing=False)


async def _request(reader: asyncio.StreamReader) -> tuple[str, Json] | None:
    """Path and body of the next request on this connection; None when there is none."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    length = re.search(r"content-length:\s*(\d+)", head, re.IGNORECASE)
    raw = await reader.readexactly(int(length[1])) if length else b""
    return head.split(" ", 2)[1], json.loads(raw or b"{}")


def _texts(body: Json) -> tuple[str, str]:
    """Instructions and the first user message; what follows (a repair) does not change the task."""
    by_role = [(message["role"], str(message["content"])) for message in body.get("messages", ())]
    system = next((text for role, text in by_role if role in ("system", "developer")), "")
    return system, next((text for role, text in by_role if role == "user"), "")


async def _fails_at_once(writer: asyncio.StreamWriter, failure: str) -> bool:
    """The failures that need no answer's text."""
    match failure:
        case "timeout":
            await asyncio.sleep(3600)
        case "drip":
            await _head(writer, 200, "text/event-stream")
            while True:
                await _raw(writer, b": keep-alive\n\n", closing=False)
                await asyncio.sleep(_DRIP_SECONDS)
        case "429" | "500" | "503" | "529":
            error = {"message": "scripted failure", "type": "server_error"}
            await _json(writer, int(failure), {"error": error})
        case "html":
            await _plain(writer, "<html><body>Bad gateway</body></html>", "text/html")
        case "empty":
            await _plain(writer, "", "application/json")
        case _:
            return False
    return True


async def _whole(writer: asyncio.StreamWriter, body: Json, text: str, failure: str) -> None:
    finish = {"nofinish": None, "length": "length"}.get(failure, "stop")
    message = {"role": "assistant", "content": text}
    answer = {
        "id": "c1", "object": "chat.completion", "created": 0, "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": _usage(body, text),
    }  # fmt: skip
    if failure in ("cut", "close", "half"):
        raw = json.dumps(answer).encode()
        await _send(writer, _head_of(200, "application/json", len(raw)) + raw[: len(raw) // 2])
        raise _Cut
    await _json(writer, 200, answer)


async def _paced(text: str, rate: float) -> AsyncIterator[str]:
    """The text in tokens at a steady rate, measured from the start so that small sleeps do not add up."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    for number, token in enumerate(_TOKEN.findall(text)):
        if rate and (wait := start + number / rate - loop.time()) > 0:
            await asyncio.sleep(wait)
        yield token


def _chunk(body: Json, delta: Json, finish: str | None) -> Json:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": body["model"],
        "choices": [choice],
    }


def _usage(body: Json, text: str) -> Json:
    read = sum(len(_TOKEN.findall(str(message["content"]))) for message in body["messages"])
    written = len(_TOKEN.findall(text))
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


async def _head(writer: asyncio.StreamWriter, status: int, kind: str, *, closing: bool = False) -> None:
    how = "Connection: close" if closing else "Transfer-Encoding: chunked"
    await _send(writer, f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\n{how}\r\n\r\n".encode())


async def _event(writer: asyncio.StreamWriter, event: Json, *, closing: bool) -> None:
    await _raw(writer, b"data: " + json.dumps(event).encode() + b"\n\n", closing=closing)


async def _raw(writer: asyncio.StreamWriter, data: bytes, *, closing: bool) -> None:
    """One chunk (an empty one is the last), or bare bytes where only the connection's end ends the body."""
    await _send(writer, data if closing else f"{len(data):x}\r\n".encode() + data + b"\r\n")


async def _json(writer: asyncio.StreamWriter, status: int, body: Json) -> None:
    await _plain(writer, json.dumps(body), "application/json", status)


async def _plain(writer: asyncio.StreamWriter, text: str, kind: str, status: int = 200) -> None:
    raw = text.encode()
    await _send(writer, _head_of(status, kind, len(raw)) + raw)


def _head_of(status: int, kind: str, length: int) -> bytes:
    return f"HTTP/1.1 {status} Scripted\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()
