"""What an import was asked to do, as it is kept with its job."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from graph.errors import Invalid
from ingest.urls import Site, ascii_host

MOST_PAGES = 20_000
DEEPEST = 50


@dataclass(frozen=True, kw_only=True)
class Order:
    """One import of a site."""

    url: str
    max_pages: int = 500
    depth: int = 5
    """Links from the start page to the farthest one; 0 reads the start page only."""
    prefix: str = ""
    """Paths outside of it are left alone."""
    dry_run: bool = False
    """List what would be imported, and keep nothing."""
    allow_private: tuple[str, ...] = ()
    """Hosts that the operator vouches for: they may be private, on any port, and need no pauses."""

    def checked(self) -> "Order":
        """The order in its one spelling; Invalid names the field that is wrong."""
        if not 1 <= self.max_pages <= MOST_PAGES:
            raise Invalid(f"between 1 and {MOST_PAGES} pages can be imported", field="maxPages")
        if not 0 <= self.depth <= DEEPEST:
            raise Invalid(f"the depth is between 0 and {DEEPEST}", field="depth")
        try:
            hosts = tuple(ascii_host(host.strip()) for host in self.allow_private)
        except ValueError as error:
            raise Invalid(str(error), field="allowPrivate") from error
        site = Site.at(self.url, prefix=self.prefix, depth=self.depth)
        return Order(**{**asdict(self), "url": site.start, "allow_private": hosts})

    @property
    def site(self) -> Site:
        """What belongs to the import."""
        return Site.at(self.url, prefix=self.prefix, depth=self.depth)

    def as_json(self) -> dict[str, Any]:
        """As a job keeps it."""
        return asdict(self) | {"allow_private": list(self.allow_private)}

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> "Order":
        """The order that a job keeps."""
        known = {field.name: arguments[field.name] for field in fields(cls) if field.name in arguments}
        return cls(**known | {"allow_private": tuple(known.get("allow_private", ()))})
