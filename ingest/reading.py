"""Everything that an import wants to know of one page: what it says, where it leads, whether it is a page."""

import re
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.extract import Document, decode, extract
from ingest.urls import tidy
from language.text import clean

Kind = Literal["page", "login", "cookies", "scripts", "frames", "empty"]
MOST_LINKS = 5000
FEW_WORDS = 25
SOON = 10
"""Seconds within which a page that renews itself counts as leading elsewhere."""
_REFRESH = re.compile(r"^\s*([\d.]+)\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'\s]+)", re.IGNORECASE)
_COOKIES = re.compile(r"\b(?:cookies?|consent|gdpr|privacy settings)\b", re.IGNORECASE)
_NEEDS_SCRIPTS = re.compile(r"\b(?:enable|requires?|turn on|without) javascript\b", re.IGNORECASE)


@dataclass(frozen=True)
class ReadPage:
    """One page, read."""

    document: Document
    kind: Kind
    links: tuple[str, ...]
    """Tidy addresses of all links and frames, in order, without repeats."""
    forwards: str = ""
    """Where the page itself sends its visitors at once, or empty."""
    canonical: str = ""
    noindex: bool = False
    nofollow: bool = False


def read_page(body: bytes, url: str, charset: str = "", robots: str = "") -> ReadPage:
    """Read a page's bytes; `robots` is the X-Robots-Tag header."""
    html = decode(body, charset)
    tree = LexborHTMLParser(html)
    wishes = robots + "," + ",".join(_wishes(tree))
    base = _base(tree, url)
    document = extract(html)
    nofollow = "nofollow" in wishes or "none" in re.split(r"[,\s]+", wishes)
    return ReadPage(
        document,
        _kind(tree, document),
        () if nofollow else _links(tree, base),
        _forwards(tree, base),
        tidy(document.canonical, base) if document.canonical else "",
        "noindex" in wishes or "none" in re.split(r"[,\s]+", wishes),
        nofollow,
    )


def _wishes(tree: LexborHTMLParser) -> list[str]:
    names = ("robots", "googlebot")
    return [
        (node.attributes.get("content") or "").lower()
        for node in tree.css("meta[name]")
        if (node.attributes.get("name") or "").lower() in names
    ]


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (tidy(node.attributes.get("href") or "", url) if node is not None else "") or url


def _links(tree: LexborHTMLParser, base: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for node in tree.css("a[href],area[href],frame[src]"):
        url = tidy(node.attributes.get("href") or node.attributes.get("src") or "", base)
        if url:
            found[url] = None
        if len(found) >= MOST_LINKS:
            break
    return tuple(found)


def _forwards(tree: LexborHTMLParser, base: str) -> str:
    for node in tree.css("meta[http-equiv]"):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh":
            found = _REFRESH.match(node.attributes.get("content") or "")
            if found and float(found[1].strip(".") or 0) <= SOON:
                to = tidy(found[2], base)
                return "" if to == tidy(base) else to
    return ""


def _kind(tree: LexborHTMLParser, document: Document) -> Kind:
    """What a page with hardly any text of its own is instead."""
    lines = [line for section in document.sections for line in section.lines]
    words = sum(len(line.split()) for line in lines)
    shown = _all_text(tree.body)
    if tree.css_first("input[type=password]") is not None and words < 4 * FEW_WORDS:
        return "login"
    if words >= FEW_WORDS or document.questions:
        return "cookies" if words < 3 * FEW_WORDS and _only_about_cookies(lines) else "page"
    if tree.css_first("frameset") is not None:
        return "frames"
    if _COOKIES.search(shown) and not _says_more(lines):
        return "cookies"
    scripts = tree.css("script")
    if scripts and (words < 5 or _NEEDS_SCRIPTS.search(shown)):
        return "scripts"
    return "page" if words else "empty"


def _only_about_cookies(lines: list[str]) -> bool:
    about = sum(bool(_COOKIES.search(line)) for line in lines)
    return about >= 2 and about * 2 >= len(lines)


def _says_more(lines: list[str]) -> bool:
    return any(len(line.split()) >= 4 and not _COOKIES.search(line) for line in lines)


def _all_text(node: LexborNode | None) -> str:
    return clean(node.text(separator=" ")) if node is not None else ""
