"""The files that browsers fetch: found by name, addressed with a digest of all of them.

Every file of one version stands under the same digest, so that the widget's modules find one another by
relative address and everything may be cached for ever.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    """A file's bytes and what they are."""

    body: bytes
    media_type: str

    @cached_property
    def packed(self) -> bytes:
        """The body for browsers that take gzip: all do."""
        return gzip.compress(self.body, 9, mtime=0)


@cache
def static_files() -> dict[str, Asset]:
    """All files of the desk's pages and of the chat in its frame, by name."""
    ui = files("ui")
    return _read(ui / "static") | _read(ui / "widget" / "app")


@cache
def version() -> str:
    """A digest that changes whenever any of the files does."""
    digest = hashlib.sha256()
    for name, asset in sorted(static_files().items()):
        digest.update(name.encode() + b"\0" + asset.body + b"\0")
    return digest.hexdigest()[:12]


@cache
def loader() -> Asset:
    """The script that a company puts on its pages."""
    return Asset((files("ui") / "widget" / "v1.js").read_bytes(), TYPES[".js"])


def url(name: str) -> str:
    """The address of a file; `KeyError` for a name that is not there, so that a typo fails in the tests."""
    if name not in static_files():
        raise KeyError(name)
    return f"/static/{version()}/{name}"


def _read(folder: Traversable) -> dict[str, Asset]:
    return {
        item.name: Asset(item.read_bytes(), TYPES[suffix])
        for item in folder.iterdir()
        if (suffix := f".{item.name.rpartition('.')[2]}") in TYPES
    }
