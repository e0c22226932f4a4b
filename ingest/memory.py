"""What an import remembers while it runs: what became of addresses, who said the same, what leads nowhere."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ingest.alike import nearly_same
from ingest.urls import shape_of
from store.values.imports import SETTLED, ImportPage
from store.values.knowledge import Source

GOOD = frozenset({"indexed", "unchanged", "quarantined"})
HAS_TEXT = GOOD | {"listed"}
THIN = 10
"""Pages of one shape without text of their own, after which others of that shape are not fetched."""


@dataclass(frozen=True)
class Done:
    """What became of an address."""

    state: str
    content_hash: str = ""
    fingerprint: str = ""


@dataclass
class Memory:
    """Kept in step with the rows of the job, and made again from them after an interruption."""

    sources: dict[str, Source] = field(default_factory=dict)
    """The company's pages as they are answered from now, by address."""
    earlier: dict[str, ImportPage] = field(default_factory=dict)
    """How they were when they were last imported."""
    seen: set[str] = field(default_factory=set)
    done: dict[str, Done] = field(default_factory=dict)
    hops: dict[str, int] = field(default_factory=dict)
    """Redirects that led to an address."""
    _texts: dict[str, str] = field(default_factory=dict)
    _variants: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _thin: Counter[str] = field(default_factory=Counter)
    _rich: set[str] = field(default_factory=set)

    def recall(self, pages: Iterable[ImportPage]) -> None:
        """Take up an interrupted job's pages."""
        for url, page in self.earlier.items():
            if self.unchanged(url) is not None:
                self._texts.setdefault(page.content_hash, url)
        for page in pages:
            self.seen.add(page.url)
            if page.state in SETTLED:
                self.settled(page.url, vars(page))

    def unchanged(self, url: str) -> ImportPage | None:
        """The page as it was, if that is what is still answered from."""
        source, page = self.sources.get(url), self.earlier.get(url)
        if source is None or page is None or source.status not in ("imported", "quarantined"):
            return None
        return page if source.content_hash == page.content_hash else None

    def twin(self, url: str, content_hash: str, fingerprint: str) -> str:
        """The address that says the same, or nearly the same under another query; else empty."""
        same = self._texts.setdefault(content_hash, url)
        if same != url:
            return same
        variants = self._variants.setdefault(urlsplit(url).path, [])
        for other, mark in variants:
            if other != url and nearly_same(mark, fingerprint):
                return other
        variants.append((url, fingerprint))
        return ""

    def is_same(self, url: str, content_hash: str, fingerprint: str) -> bool:
        """Whether the settled address has (nearly) this text."""
        done = self.done.get(url)
        if done is None or done.state not in HAS_TEXT:
            return False
        return done.content_hash == content_hash or nearly_same(done.fingerprint, fingerprint)

    def has_text(self) -> bool:
        """Whether any address gave text."""
        return any(done.state in HAS_TEXT for done in self.done.values())

    def claim(self, url: str, content_hash: str) -> None:
        """From now on this address is the one that says this."""
        self._texts[content_hash] = url

    def settled(self, url: str, values: dict[str, Any]) -> None:
        """Note what became of an address."""
        content, mark = str(values.get("content_hash", "")), str(values.get("fingerprint", ""))
        self.done[url] = Done(str(values["state"]), content, mark)
        shape = shape_of(url)
        if values["state"] in GOOD:
            self._rich.add(shape)
            if content:
                self._texts.setdefault(content, url)
        elif values["state"] == "skipped" and not values.get("canonical"):
            self.said_nothing_new(url)

    def said_nothing_new(self, url: str) -> None:
        """Count an address without text, or with a text that is known."""
        self._thin[shape_of(url)] += 1

    def is_barren(self, url: str) -> bool:
        """Whether many addresses that one template makes said nothing new, and none said anything."""
        shape = shape_of(url)
        templated = "0" in shape or not shape.endswith("?")
        return templated and shape not in self._rich and self._thin[shape] >= THIN
