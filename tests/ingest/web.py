"""A web server for tests whose pages may misbehave in any way that a socket allows; one port, many hosts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from graph.errors import Unavailable
from ingest.limits import Limits

QUICK = Limits(connect=0.5, read=0.4, total=0.7, delay=0.0, at_once=6, attempts=1, page_bytes=300_000)
"""Short enough for tests."""


@dataclass(frozen=True)
class Request:
    """What was asked for."""

    host: str
    path: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What is sent, as it stands."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    pause: float = 0.0
    drip: float = 0.0
    """Seconds between bytes of the body."""
    raw: bytes = b""
    """Sent instead of all else."""

    def head(self) -> bytes:
        """Status line and headers."""
        lines = [f"HTTP/1.1 {self.status} Status", f"Content-Length: {len(self.body)}"]
        lines += [f"Content-Type: {self.kind}"] if self.kind else []
        lines += [f"{name}: {value}" for name, value in self.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


Site = Callable[[Request], Answer]
MISSING = Answer(b"<h1>Not found</h1>", status=404)


@dataclass
class Web:
    """Sites by host name; `asked` tells who was asked for what."""

    sites: dict[str, Site] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def url(self, host: str, path: str = "/") -> str:
        """The address of a page."""
        return f"http://{host}:{self.port}{path}"

    def paths(self, host: str) -> list[str]:
        """What a host was asked for, in order."""
        return [request.path for request in self.asked if request.host == host]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while (request := await _request(reader)) is not None:
                self.asked.append(request)
                site = self.sites.get(request.host)
                await _send(writer, site(request) if site is not None else MISSING)
        except (ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(task)
            writer.close()


@dataclass
class Names:
    """A name service: all hosts are this machine, but for those that are told otherwise."""

    known: dict[str, list[list[str]]] = field(default_factory=dict)
    """For a host its answers, one after the other; the last one stays."""
    asked: list[str] = field(default_factory=list)

    async def resolve(self, host: str, port: int) -> list[str]:
        """The next answer for the host."""
        del port
        self.asked.append(host)
        answers = self.known.get(host, [["127.0.0.1"]])
        if not answers:
            raise Unavailable(f"the host {host} is not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]


def pages(found: dict[str, Answer | str], *, robots: str = "") -> Site:
    """A site of fixed pages, by path with query; a text stands for a simple page."""

    def site(request: Request) -> Answer:
        if request.path == "/robots.txt":
            return Answer(robots.encode(), kind="text/plain") if robots else MISSING
        answer = found.get(request.path, MISSING)
        return Answer(answer.encode()) if isinstance(answer, str) else answer

    return site


def page(title: str, *lines: str, links: tuple[str, ...] = (), head: str = "") -> str:
    """A simple page: a heading, a paragraph per line, links."""
    said = "".join(f"<p>{line}</p>" for line in lines)
    leads = "".join(f'<p><a href="{link}">Read about {link}</a></p>' for link in links)
    return f"<!doctype html><title>{title}</title>{head}<main><h1>{title}</h1>{said}{leads}</main>"


def words(topic: str, count: int = 40) -> str:
    """Sentences about a topic, different for each topic."""
    return " ".join(f"The {topic} number {n} takes {n + 3} days." for n in range(count // 7 + 1))


async def _request(reader: asyncio.StreamReader) -> Request | None:
    first = (await reader.readline()).decode("latin-1").split(" ")
    if len(first) < 3:
        return None
    headers: dict[str, str] = {}
    while line := (await reader.readline()).decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Request(headers.get("host", "").partition(":")[0], first[1], headers)


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    await asyncio.sleep(answer.pause)
    if answer.raw:
        writer.write(answer.raw)
        await writer.drain()
        writer.close()
        return
    writer.write(answer.head())
    if not answer.drip:
        writer.write(answer.body)
    else:
        for byte in answer.body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(answer.drip)
    await writer.drain()
