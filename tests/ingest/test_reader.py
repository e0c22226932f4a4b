"""Pages are read in a process of their own, which may die or hang without harm."""

from dataclasses import replace

import pytest

from graph.errors import Invalid
from ingest.limits import Limits
from ingest.reader import PageProcess
from ingest.reading import read_page
from tests.ingest.web import page, words

URL = "https://shop.test/a/page"
GOOD = page("Shop", words("shop"), links=("/b", "c?d=1#e", "https://shop.test/b")).encode()


async def test_that_the_process_reads_as_the_desk_would() -> None:
    async with PageProcess(Limits()) as reader:
        assert await reader.read(GOOD, URL) == read_page(GOOD, URL)


async def test_that_a_process_that_hangs_or_dies_is_replaced() -> None:
    deep = b"<details>" * 200_000
    async with PageProcess(replace(Limits(), parse=1.0)) as reader:
        with pytest.raises(Invalid):
            await reader.read(deep, URL)

        assert (await reader.read(GOOD, URL)).document.title == "Shop"


def test_that_links_are_resolved_and_named_once() -> None:
    assert read_page(GOOD, URL).links == ("https://shop.test/b", "https://shop.test/a/c?d=1")


def test_that_a_base_and_the_wish_not_to_be_followed_count() -> None:
    based = page("A", words("a"), head="<base href='/docs/'>", links=("x",)).encode()

    assert read_page(based, URL).links == ("https://shop.test/docs/x",)
    assert read_page(GOOD, URL, robots="nofollow").links == ()
