"""What an import may reach: checked addresses only, whatever name, redirect or name service says."""

import asyncio
from collections.abc import Iterable

import httpcore
import pytest

from graph.errors import NotAllowed
from ingest.fetch import Fetched, Fetcher, Missed
from ingest.limits import Limits
from ingest.network import PinnedBackend, is_public
from tests.ingest.web import QUICK, Answer, Names, Web, page, pages, words

INSIDE = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:53aa:64c:0:fbff:80ff:fffe",
    "::7f00:1",
)


class Recording(httpcore.AsyncNetworkBackend):
    """Connects to nothing and notes where it should have."""

    def __init__(self) -> None:
        self.connected: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # as httpcore calls it
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.connected.append(f"{host}:{port}")
        return httpcore.AsyncMockStream([])


@pytest.mark.parametrize("address", INSIDE)
def test_that_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_that_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


async def test_that_a_name_is_looked_up_once_and_that_address_is_used() -> None:
    inner = Recording()
    names = Names({"rebound.test": [["93.184.216.34"], ["127.0.0.1"]]})
    backend = PinnedBackend(resolver=names, inner=inner)

    await backend.connect_tcp("rebound.test", 443)
    await backend.connect_tcp("rebound.test", 80)

    assert names.asked == ["rebound.test"]
    assert inner.connected == ["93.184.216.34:443", "93.184.216.34:80"]


@pytest.mark.parametrize(
    ("answer", "port", "reason"),
    [
        (["10.0.0.7"], 80, "private address 10.0.0.7"),
        (["93.184.216.34", "127.0.0.1"], 443, "private address 127.0.0.1"),
        (["93.184.216.34"], 6379, "only the ports 80 and 443"),
    ],
)
async def test_that_inner_hosts_are_refused(answer: list[str], port: int, reason: str) -> None:
    backend = PinnedBackend(resolver=Names({"inner.test": [answer]}), inner=Recording())

    with pytest.raises(NotAllowed, match=reason):
        await backend.connect_tcp("inner.test", port)


async def test_that_a_listed_host_may_be_anywhere() -> None:
    inner = Recording()
    backend = PinnedBackend(["intranet.test"], resolver=Names(), inner=inner)

    await backend.connect_tcp("intranet.test", 8080)

    assert inner.connected == ["127.0.0.1:8080"]


async def test_that_every_hop_of_a_redirect_is_checked() -> None:
    names = Names({"inner.test": [["192.168.0.1"]]})
    async with Web() as web, Fetcher(QUICK, listed=["shop.test"], resolver=names) as fetcher:
        web.sites["shop.test"] = pages(
            {"/away": Answer(status=302, headers=(("Location", "http://inner.test/"),))}
        )

        answer = await fetcher.follow(web.url("shop.test", "/away"), limit=1000)

    assert answer == Missed("inner.test is at the private address 192.168.0.1")


async def test_that_an_unknown_host_is_a_reason() -> None:
    async with Fetcher(QUICK, resolver=Names({"nowhere.test": [[]]})) as fetcher:
        answer = await fetcher.get("http://nowhere.test/")

    assert isinstance(answer, Missed)
    assert "has no address" in answer.reason or "not known" in answer.reason


async def test_that_hosts_that_nobody_vouched_for_are_asked_slowly() -> None:
    limits = Limits(delay=0.05)
    names = Names({"slow.test": [["10.0.0.1"]]})
    async with Fetcher(limits, resolver=names) as fetcher:
        loop = asyncio.get_running_loop()
        started = loop.time()
        await asyncio.gather(*(fetcher.get(f"http://slow.test/{n}") for n in range(4)))

    assert loop.time() - started >= 0.15


async def test_that_a_page_says_who_asks_and_keeps_its_host() -> None:
    asking = Fetcher(QUICK, listed=["shop.test"], contact="https://desk.example", resolver=Names())
    async with Web() as web, asking as fetcher:
        web.sites["shop.test"] = pages({"/": page("Shop", words("shop"))})
        answer = await fetcher.get(web.url("shop.test"))

    assert isinstance(answer, Fetched)
    assert web.asked[0].host == "shop.test"
    assert web.asked[0].headers["user-agent"] == "SupportGraph-Import/1.0 (+https://desk.example)"
    assert "cookie" not in web.asked[0].headers
