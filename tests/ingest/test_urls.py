"""One spelling for each address, and the bounds of a site."""

import pytest

from graph.errors import Invalid
from ingest.urls import Site, tidy

BASE = "https://shop.test/docs/a"


@pytest.mark.parametrize(
    ("written", "tidied"),
    [
        ("HTTPS://Shop.TEST:443/x", "https://shop.test/x"),
        ("b", "https://shop.test/docs/b"),
        ("../c/./d/../e", "https://shop.test/c/e"),
        ("/a#part", "https://shop.test/a"),
        ("?b=2&utm_source=x&a=1", "https://shop.test/docs/a?b=2&a=1"),
        ("/p;jsessionid=9?sid=8", "https://shop.test/p"),
        ("/caf\u00e9 x", "https://shop.test/caf%C3%A9%20x"),
        ("/caf%c3%a9", "https://shop.test/caf%C3%A9"),
        ("//b\u00fccher.test/", "https://xn--bcher-kva.test/"),
        ("http://shop.test:8080/", "http://shop.test:8080/"),
        ("mailto:a@b.co", ""),
        ("javascript:void(0)", ""),
        ("https://user:pw@shop.test/", ""),
        ("https://shop.test:99999/", ""),
        ("https://[broken/", ""),
        ("https://\u2024\u2024/", ""),
        ("/" + "a" * 3000, ""),
    ],
)
def test_that_each_address_has_one_spelling(written: str, tidied: str) -> None:
    assert tidy(written, BASE) == tidied


@pytest.mark.parametrize(
    ("url", "held"),
    [
        ("https://shop.test/docs/x", True),
        ("https://www.shop.test/docs/x", True),
        ("https://shop.test/other", False),
        ("https://evil-shop.test/docs/", False),
        ("https://shop.test.evil.test/docs/", False),
        ("https://shop.test:8443/docs/", False),
        ("https://shop.test/docs/a.pdf", False),
        ("https://shop.test/docs/a/a/a/", False),
    ],
)
def test_that_a_site_has_bounds(url: str, held: bool) -> None:
    assert Site.at("https://shop.test/docs/", prefix="/docs/").holds(url) is held


def test_that_a_start_has_to_be_a_web_address() -> None:
    with pytest.raises(Invalid):
        Site.at("file:///etc/passwd")
