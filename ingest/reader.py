"""Reads pages in a process of its own: what is hostile there can neither hang nor fill the desk.

The child gets bytes and gives JSON; it has no environment, bounded memory, and is killed when it is too slow.
"""

import asyncio
import contextlib
import json
import resource
import sys
from typing import Protocol, Self

from pydantic import TypeAdapter, ValidationError

from graph.errors import Invalid
from ingest.limits import Limits
from ingest.reading import ReadPage, read_page

_PROGRAM = "from ingest.reader import serve; serve()"
_LONGEST_ANSWER = 64_000_000
START = 30.0
"""Seconds that a new process may take to be ready; the time of a page begins after it."""
_PAGES: TypeAdapter[ReadPage] = TypeAdapter(ReadPage)


class Reader(Protocol):
    """Reads one page."""

    async def read(self, body: bytes, url: str, charset: str = "", robots: str = "") -> ReadPage:
        """What the page says; Invalid with the reason when it cannot be read."""
        ...


class PageProcess:
    """One child process that reads page after page; use it as a context manager."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: asyncio.subprocess.Process | None = None
        self._busy = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def read(self, body: bytes, url: str, charset: str = "", robots: str = "") -> ReadPage:
        """What the page says; Invalid when reading it takes too long or too much memory."""
        ask = {"url": url, "charset": charset, "robots": robots, "size": len(body)}
        async with self._busy:
            try:
                child = self._child or await self._start()
                async with asyncio.timeout(self._limits.parse):
                    line = await _exchange(child, json.dumps(ask).encode() + b"\n" + body)
            except TimeoutError:
                await self._stop()
                raise Invalid("reading the page took too long") from None
            except asyncio.CancelledError:
                await self._stop()
                raise
            except (ConnectionError, ValueError, asyncio.IncompleteReadError):
                line = b""
            if not line:
                await self._stop()
                raise Invalid("the page could not be read: it is broken, or takes too much memory")
        try:
            return _PAGES.validate_json(line)
        except ValidationError as error:
            raise Invalid("the page could not be read") from error

    async def _start(self) -> asyncio.subprocess.Process:
        child = self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-c",
            _PROGRAM,
            str(self._limits.parser_memory),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LONGEST_ANSWER,
            env={},
        )
        async with asyncio.timeout(START):
            await _line_of(child)
        return child

    async def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()


async def _exchange(child: asyncio.subprocess.Process, request: bytes) -> bytes:
    assert child.stdin is not None
    child.stdin.write(request)
    await child.stdin.drain()
    return await _line_of(child)


async def _line_of(child: asyncio.subprocess.Process) -> bytes:
    assert child.stdout is not None
    return await child.stdout.readline()


class PageReader:
    """Reads pages in this process: for sites that are ours, and for tests."""

    async def read(self, body: bytes, url: str, charset: str = "", robots: str = "") -> ReadPage:
        """What the page says."""
        return read_page(body, url, charset, robots)


def serve() -> None:
    """The child's loop: an empty line when ready; then a line and a body in, a line out, until the end."""
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(b"\n")
    answers.flush()
    while line := asked.readline():
        ask = json.loads(line)
        page = read_page(asked.read(ask["size"]), ask["url"], ask["charset"], ask["robots"])
        answers.write(_PAGES.dump_json(page) + b"\n")
        answers.flush()
