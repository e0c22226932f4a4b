"""Fetch one address politely and within bounds; whatever goes wrong comes back as a reason in plain words."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from typing import Any, Self

import httpcore

from graph.errors import Invalid, NotAllowed, SupportError, TooLarge
from ingest.bodies import Inflater
from ingest.limits import USER_AGENT, Limits
from ingest.network import PinnedBackend, Resolver
from ingest.urls import host_of, tidy

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_STATUS = {
    401: "the server asks for a sign-in (HTTP 401)",
    403: "the server refuses access (HTTP 403)",
    404: "the page does not exist (HTTP 404)",
    410: "the page is gone (HTTP 410)",
    429: "the server asks to slow down (HTTP 429)",
}
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Fetched:
    """A page as the server sent it; `status` is 200, or 304 when it did not change (no body then)."""

    url: str
    status: int
    body: bytes
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    robots: str = ""
    """The X-Robots-Tag header, in lower case."""


@dataclass(frozen=True)
class Moved:
    """The server names another address."""

    to: str
    status: int


@dataclass(frozen=True)
class Missed:
    """Nothing came: why, and whether a later try may help (`transient`) or the page is no more (`gone`)."""

    reason: str
    status: int = 0
    transient: bool = False

    @property
    def gone(self) -> bool:
        """Whether the server says that there is no such page."""
        return self.status in (404, 410)


class Fetcher:
    """Requests of one import; use it as a context manager."""

    def __init__(
        self,
        limits: Limits,
        *,
        listed: Iterable[str] = (),
        contact: str = "",
        resolver: Resolver | None = None,
    ) -> None:
        """`listed`: hosts that the operator vouches for; they may be private and have no delay."""
        self._limits = limits
        self._listed = frozenset(listed)
        self._agent = f"{USER_AGENT}/1.0" + (f" (+{contact})" if contact else "")
        self._backend = PinnedBackend(self._listed, resolver=resolver)
        self._turns: dict[str, asyncio.Lock] = {}
        self._next: dict[str, float] = {}
        self._delays: dict[str, float] = {}

    async def __aenter__(self) -> Self:
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=self._limits.at_once_listed + 2,
            keepalive_expiry=10.0,
            network_backend=self._backend,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.aclose()

    def is_listed(self, url: str) -> bool:
        """Whether the operator listed the address' host."""
        return host_of(url) in self._listed

    def slow_down(self, url: str, delay: float) -> None:
        """Wait so many seconds between two requests to the address' host, as its robots.txt asks."""
        if not self.is_listed(url):
            self._delays[host_of(url)] = max(self._limits.delay, min(delay, self._limits.longest_delay))

    async def get(
        self, url: str, *, etag: str = "", last_modified: str = "", limit: int | None = None
    ) -> Fetched | Moved | Missed:
        """One request, no redirects followed; with `etag` or `last_modified` the answer may be a 304."""
        headers = {"User-Agent": self._agent, "Accept": "text/html,application/xhtml+xml,*/*;q=0.5"}
        headers |= {"Accept-Encoding": "gzip", "Host": url.split("/")[2]}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        await self._wait(host_of(url))
        try:
            async with asyncio.timeout(self._limits.total):
                return await self._request(url, headers, limit or self._limits.page_bytes)
        except (TimeoutError, httpcore.TimeoutException):
            return Missed("it took too long to answer", transient=True)
        except (NotAllowed, TooLarge, Invalid) as error:
            return Missed(error.message)
        except SupportError as error:
            return Missed(error.message, transient=True)
        except httpcore.ProtocolError:
            return Missed("the server's answer is not valid HTTP, or its headers are too large")
        except (httpcore.NetworkError, OSError) as error:
            return Missed(f"no connection: {_short(error)}", transient=True)

    async def follow(self, url: str, *, limit: int) -> Fetched | Missed:
        """As `get`, with redirects followed; each of their addresses is checked anew."""
        seen = {url}
        for _ in range(self._limits.redirects + 1):
            answer = await self.get(url, limit=limit)
            if not isinstance(answer, Moved):
                return answer
            if answer.to in seen:
                return Missed("it redirects to itself", answer.status)
            seen.add(url := answer.to)
        return Missed(f"more than {self._limits.redirects} redirects")

    async def _request(self, url: str, headers: dict[str, str], limit: int) -> Fetched | Moved | Missed:
        timeouts = {"connect": self._limits.connect, "read": self._limits.read, "pool": self._limits.total}
        async with self._pool.stream(
            "GET", url, headers=list(headers.items()), extensions={"timeout": timeouts}
        ) as response:
            given = _headers(response.headers)
            if response.status in _REDIRECTS:
                return _moved(url, response.status, given["location"] or "")
            if response.status not in (200, 304):
                return _missed(response.status)
            body = b"" if response.status == 304 else await _body(response, given, limit)
            return Fetched(
                url,
                response.status,
                body,
                given.get_content_type() if given["content-type"] else "",
                given.get_content_charset() or "",
                given["etag"] or "",
                given["last-modified"] or "",
                (given["x-robots-tag"] or "").lower(),
            )

    async def _wait(self, host: str) -> None:
        """One request after the other to hosts that nobody vouches for."""
        if host in self._listed:
            return
        async with self._turns.setdefault(host, asyncio.Lock()):
            now = asyncio.get_running_loop().time()
            await asyncio.sleep(max(0.0, self._next.get(host, now) - now))
            delay = self._delays.get(host, self._limits.delay)
            self._next[host] = asyncio.get_running_loop().time() + delay


def _headers(raw: list[tuple[bytes, bytes]]) -> Message:
    headers = Message()
    for name, value in raw:
        headers[name.decode("latin-1")] = value.decode("latin-1")
    return headers


async def _body(response: httpcore.Response, headers: Message, limit: int) -> bytes:
    inflater = Inflater(headers["content-encoding"] or "", limit)
    stream: Any = response.aiter_stream()
    return b"".join([inflater.feed(chunk) async for chunk in stream])


def _moved(url: str, status: int, location: str) -> Moved | Missed:
    to = tidy(location.encode("latin-1", "replace").decode("utf-8", "replace"), url)
    if not to:
        return Missed("it redirects to something that is no web page", status)
    if url.startswith("https:") and to.startswith("http:"):
        return Missed("it redirects from https to http", status)
    return Moved(to, status)


def _missed(status: int) -> Missed:
    reason = _STATUS.get(status, f"the server answers HTTP {status}")
    return Missed(reason, status, transient=status in _TRANSIENT)


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120] or type(error).__name__
