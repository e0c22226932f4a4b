"""One visit of one address: asked for politely, fetched, read, and judged, with a reason at every exit."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from graph.errors import Invalid
from ingest.fetch import Fetched, Fetcher, Missed, Moved
from ingest.judge import Judged, body_hash, is_page, judge
from ingest.limits import Limits
from ingest.memory import Memory
from ingest.reader import Reader
from ingest.reading import ReadPage
from ingest.robots import Robots
from ingest.urls import Site
from store.values.imports import ImportPage


@dataclass(frozen=True)
class Outcome:
    """What became of an address that gave no new text."""

    state: str
    reason: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    transient: bool = False
    """Whether trying again may help."""
    retires: bool = False
    """Whether the page is no more, so that its text must not be answered from."""


@dataclass(frozen=True)
class Text:
    """A page with text of its own, or the address (`twin`) that seems to say the same."""

    judged: Judged
    twin: str = ""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Visits the pages of one import."""

    site: Site
    fetcher: Fetcher
    reader: Reader
    limits: Limits
    memory: Memory
    robots: Callable[[str], Awaitable[Robots]]
    """The rules of an address' origin."""
    found: Callable[[ImportPage, Iterable[str], int, bool], Awaitable[None]]
    """Puts addresses on the list, so many links deep, and notes whether the page itself was fetched."""

    async def visit(self, page: ImportPage) -> Outcome | Text:
        """What the address holds."""
        if refusal := await self._refusal(page.url):
            return Outcome("skipped", refusal)
        was = self.memory.unchanged(page.url)
        answer = await self.fetcher.get(
            page.url, etag=was.etag if was else "", last_modified=was.last_modified if was else ""
        )
        match answer:
            case Moved():
                return await self._moved(page, answer.to, answer.status, "redirects")
            case Missed():
                state = "gone" if answer.gone else "failed"
                values = {"http_status": answer.status}
                return Outcome(state, answer.reason, values, answer.transient, answer.gone)
        if was is not None and (answer.status == 304 or body_hash(answer.body) == was.body_hash):
            return Outcome("unchanged", values=_as_it_was(was, answer))
        return await self._read(page, answer)

    async def _refusal(self, url: str) -> str:
        robots = await self.robots(url)
        if not robots.allows(url):
            return robots.refusal or "robots.txt does not allow it"
        if self.memory.is_barren(url):
            return "many addresses like this one said nothing new, so it was not fetched"
        return ""

    async def _moved(self, page: ImportPage, to: str, status: int, how: str) -> Outcome:
        values = {"http_status": status, "canonical": to}
        hops = self.memory.hops.get(page.url, 0) + 1
        if to == page.url:
            return Outcome("failed", f"it {how} to itself; it may insist on cookies", values)
        if hops > self.limits.redirects:
            return Outcome("failed", f"more than {self.limits.redirects} redirects", values)
        if not self.site.holds(to):
            return Outcome("skipped", f"it {how} to {to}, which is outside of this import", values)
        self.memory.hops[to] = max(hops, self.memory.hops.get(to, 0))
        await self.found(page, [to], page.depth, False)
        return Outcome("skipped", f"it {how} to {to}", values)

    async def _read(self, page: ImportPage, fetched: Fetched) -> Outcome | Text:
        values = {"http_status": fetched.status}
        if no_page := is_page(fetched):
            return Outcome("skipped", no_page, values)
        try:
            read = await self.reader.read(fetched.body, page.url, fetched.charset, fetched.robots)
        except Invalid as error:
            return Outcome("failed", error.message, values)
        if read.forwards:
            return await self._moved(page, read.forwards, fetched.status, "forwards")
        judged = "the page asks not to be indexed" if read.noindex else judge(page, fetched, read)
        await self.found(page, self._leads(page, read), page.depth + 1, not isinstance(judged, str))
        if isinstance(judged, str):
            title = read.document.title
            return Outcome("skipped", judged, values | {"title": title}, retires=read.noindex)
        return Text(judged, self._twin(page, judged))

    def _leads(self, page: ImportPage, read: ReadPage) -> list[str]:
        deep = page.depth >= self.site.depth
        links = [] if deep else [url for url in read.links if self.site.holds(url)]
        return [*links, *([read.canonical] if self._other(page, read) else [])]

    def _twin(self, page: ImportPage, judged: Judged) -> str:
        if self._other(page, judged.read):
            return judged.read.canonical
        return self.memory.twin(page.url, judged.content_hash, judged.fingerprint)

    def _other(self, page: ImportPage, read: ReadPage) -> bool:
        """Whether the page says that it is really another page of the site."""
        return bool(read.canonical) and read.canonical != page.url and self.site.holds(read.canonical)


def _as_it_was(was: ImportPage, answer: Fetched) -> dict[str, Any]:
    names = ("title", "content_hash", "body_hash", "fingerprint", "passages")
    kept = {name: getattr(was, name) for name in names}
    tags = {"etag": answer.etag or was.etag, "last_modified": answer.last_modified or was.last_modified}
    return kept | tags | {"http_status": answer.status}
