"""How much one import may take: of time, of memory, of another's server."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of one import; times in seconds, sizes in bytes."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 20.0
    """For one address, all of its redirects and its body."""
    page_bytes: int = 2_000_000
    """Of one page, unpacked."""
    robots_bytes: int = 500_000
    sitemap_bytes: int = 10_000_000
    sitemaps: int = 50
    sitemap_urls: int = 50_000
    redirects: int = 5
    delay: float = 1.0
    """Between two requests to a host that the operator did not list."""
    longest_delay: float = 30.0
    """What robots.txt may ask for at most."""
    at_once: int = 2
    at_once_listed: int = 6
    """For hosts that the operator listed, which have no delay either."""
    attempts: int = 2
    dead_after: int = 10
    """Failures in a row after which the site counts as down."""
    parse: float = 10.0
    parser_memory: int = 1_000_000_000


USER_AGENT = "SupportGraph-Import"
"""What robots.txt calls us."""
LARGEST_UPLOAD = 20_000_000
"""Bytes of one file."""
