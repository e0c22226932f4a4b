"""Calls a company's own service: pinned address, bounded answer, its secret, and a breaker per tool.

The host is one that the operator vouches for (`SUPPORTGRAPH_TOOL_HOSTS`) or one of the company's own domains,
which then has to be public and reached over TLS. There are no redirects, and nothing of the answer but the
exposed fields leaves this module.
"""

import asyncio
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from api.settings import Settings
from graph.adapters.breaker import Breaker
from graph.errors import Invalid, NotAllowed, ToolFailed, Unavailable
from graph.ports import Clock
from ingest.network import PinnedBackend
from store.values.companies import Company
from store.values.outside import HttpToolRow
from tools.remote import RemoteConfig
from tools.values import ToolSpec

LARGEST_ANSWER = 64 * 1024
SECRET_PREFIX = "SUPPORTGRAPH_TOOL_SECRET_"
NOTHING_THERE = frozenset({404, 410})
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


def check_host(config: RemoteConfig, company: Company, settings: Settings) -> None:
    """Raise `Invalid` unless the host is on the operator's list, or the company's domain over TLS."""
    parts = urlsplit(config.url)
    host = parts.hostname or ""
    if {host, config.host} & settings.allowed_tool_hosts:
        return
    own = any(host == domain or host.endswith(f".{domain}") for domain in company.domains)
    if not own:
        raise Invalid(
            "This host is neither one of the company's domains nor one of the operator's.", field="url"
        )
    if parts.scheme != "https":
        raise Invalid("A company's own domain is called over https.", field="url")


def own_specs(rows: Iterable[HttpToolRow]) -> dict[str, ToolSpec]:
    """A company's own tools as the desk knows tools, by name; one that is not valid any more is left out."""
    found = {}
    for row in rows:
        try:
            found[row.name] = RemoteConfig.model_validate(row.config).spec()
        except ValidationError:
            continue
    return found


@dataclass
class Breakers:
    """One breaker per tool, for all turns of the process."""

    clock: Clock
    _of: dict[str, Breaker] = field(default_factory=dict)

    def of(self, tool_id: str) -> Breaker:
        """The tool's breaker."""
        return self._of.setdefault(tool_id, Breaker(self.clock))


@dataclass(frozen=True)
class HttpRemote:
    """One configured tool; satisfies `tools.remote.Remote`."""

    config: RemoteConfig
    secret: str
    private_hosts: frozenset[str]
    breaker: Breaker

    async def call(self, arguments: Mapping[str, str], key: str) -> Mapping[str, str] | None:
        """Call the service once; `ToolFailed` says whether another try may help."""
        if not self.breaker.enter():
            raise ToolFailed("the service is resting after failures")
        try:
            async with asyncio.timeout(self.config.timeout_seconds):
                status, body = await self._exchange(arguments, key)
        except (TimeoutError, Unavailable, OSError) as error:
            self.breaker.failed()
            raise ToolFailed("the service did not answer", transient=True) from error
        except NotAllowed as error:
            self.breaker.abandoned()
            raise ToolFailed("the service's address is not allowed") from error
        if status in AGAIN:
            self.breaker.failed()
            raise ToolFailed(f"the service answered {status}", transient=True)
        self.breaker.succeeded()
        return self._facts(status, body)

    def _facts(self, status: int, body: bytes) -> Mapping[str, str] | None:
        if status in NOTHING_THERE:
            return None
        if not 200 <= status < 300:
            raise ToolFailed(f"the service answered {status}")
        if not body.strip() and self.config.kind == "write":
            return {}
        try:
            found = self.config.facts(json.loads(body))
        except (ValueError, RecursionError) as error:
            raise ToolFailed("the service's answer is not JSON") from error
        if not found and self.config.kind == "read":
            raise ToolFailed("the service's answer has none of the fields")
        return found

    async def _exchange(self, arguments: Mapping[str, str], key: str) -> tuple[int, bytes]:
        import httpcore

        url, body = self.config.filled(arguments)
        headers = {"Accept": "application/json", "Host": urlsplit(url).netloc, "Idempotency-Key": key}
        if self.secret:
            headers[self.config.secret_header] = f"{self.config.secret_prefix}{self.secret}"
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
            headers["Content-Length"] = str(len(content))
        backend = PinnedBackend(self.private_hosts)
        try:
            async with (
                httpcore.AsyncConnectionPool(network_backend=backend) as pool,
                pool.stream(
                    self.config.method, url, headers=list(headers.items()), content=content
                ) as answer,
            ):
                return answer.status, await _bounded(answer)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise Unavailable("the service cannot be reached") from error


async def _bounded(answer: Any) -> bytes:
    """The body; `ToolFailed` for one that is too large or compressed (which could be a bomb)."""
    if any(name.lower() == b"content-encoding" and value != b"identity" for name, value in answer.headers):
        raise ToolFailed("the service's answer is compressed")
    pieces, size = [], 0
    async for piece in answer.aiter_stream():
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise ToolFailed("the service's answer is too large")
        pieces.append(piece)
    return b"".join(pieces)


def remote_of(
    config: RemoteConfig, stored: str | None, company: Company, settings: Settings, breaker: Breaker
) -> HttpRemote:
    """The tool, ready; `Invalid` where its host is no longer allowed."""
    check_host(config, company, settings)
    named = os.environ.get(f"{SECRET_PREFIX}{config.secret_env}", "") if config.secret_env else ""
    hosts = {host.partition(":")[0] for host in settings.allowed_tool_hosts}
    return HttpRemote(config, stored or named, frozenset(hosts), breaker)
