"""Which machines an import may reach: a name is resolved once, its address checked, and that address used.

Checking a name and connecting to it later would ask the name system twice, and it may answer differently.
"""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Protocol

import httpcore

from graph.errors import NotAllowed, Unavailable

_TUNNELS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))
"""Addresses that carry another one inside; Python calls some of them global."""
OPEN_PORTS = frozenset({80, 443})


class Resolver(Protocol):
    """Turns a host name into addresses."""

    async def resolve(self, host: str, port: int) -> list[str]:
        """The addresses, best first; `Unavailable` when there are none."""
        ...


class SystemResolver:
    """Asks the machine's name service."""

    async def resolve(self, host: str, port: int) -> list[str]:
        """The addresses, best first; `Unavailable` when there are none."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Unavailable(f"the host {host} is not known") from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet: no private, local, reserved or tunnelled one."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif any(ip in tunnel for tunnel in _TUNNELS):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to checked addresses only; the host's name stays in TLS and in the Host header."""

    def __init__(
        self,
        private_hosts: Iterable[str] = (),
        *,
        resolver: Resolver | None = None,
        inner: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        """`private_hosts`: names that the operator lets imports reach wherever they are."""
        self._private = frozenset(private_hosts)
        self._resolver = resolver or SystemResolver()
        self._inner = inner or httpcore.AnyIOBackend()
        self._pins: dict[str, str] = {}

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # as httpcore calls it
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the host's pinned address; `NotAllowed` when that is not public."""
        address = await self._pin(host, port)
        return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)

    async def _pin(self, host: str, port: int) -> str:
        free = host in self._private
        if port not in OPEN_PORTS and not free:
            raise NotAllowed(f"only the ports 80 and 443 are read, not {port}")
        if host not in self._pins:
            addresses = await self._resolver.resolve(host, port)
            inside = [] if free else [address for address in addresses if not is_public(address)]
            if inside:  # one among several is enough
                raise NotAllowed(f"{host} is at the private address {inside[0]}")
            if not addresses:
                raise Unavailable(f"the host {host} has no address")
            self._pins[host] = addresses[0]
        return self._pins[host]
