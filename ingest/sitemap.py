"""Addresses that a site lists for search engines: sitemaps, indexes of sitemaps, packed or not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from graph.errors import Invalid, SupportError
from ingest.bodies import gunzip
from ingest.fetch import Fetched, Fetcher
from ingest.limits import Limits
from ingest.urls import Site, origin_of, tidy


@dataclass
class Listing:
    """What the sitemaps of a site list, and what was wrong with them."""

    urls: dict[str, None] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


async def read_sitemaps(fetcher: Fetcher, site: Site, named: Iterable[str], limits: Limits) -> Listing:
    """The site's own addresses in all of its sitemaps: those that robots.txt names, else /sitemap.xml."""
    listing = Listing()
    given = list(named)
    waiting = given or [f"{origin_of(site.start)}/sitemap.xml"]
    seen: set[str] = set()
    while waiting and len(seen) < limits.sitemaps and len(listing.urls) < limits.sitemap_urls:
        place = waiting.pop(0)
        if place in seen:
            continue
        seen.add(place)
        answer = await fetcher.follow(place, limit=limits.sitemap_bytes)
        if not isinstance(answer, Fetched):
            if given or not answer.gone:
                listing.problems.append(f"sitemap {place}: {answer.reason}")
            continue
        try:
            root = parse_sitemap(answer.body, limits.sitemap_bytes)
        except SupportError as error:
            if given or "html" not in answer.content_type:
                listing.problems.append(f"sitemap {place}: {error.message}")
            continue
        found = _locations(root, place)
        if root.tag.rpartition("}")[2] == "sitemapindex":
            waiting += [url for url in found if origin_of(url) == origin_of(place)]
        else:
            room = limits.sitemap_urls - len(listing.urls)
            listing.urls |= dict.fromkeys([url for url in found if site.holds(url)][:room])
    return listing


def parse_sitemap(body: bytes, limit: int) -> Element:
    """The root of a sitemap; Invalid or TooLarge for what is none, or would grow without end."""
    try:
        return fromstring(gunzip(body, limit))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Invalid(f"not a valid sitemap ({type(error).__name__})") from error


def _locations(root: Element, base: str) -> list[str]:
    found = (tidy(node.text or "", base) for node in root.iter() if node.tag.rpartition("}")[2] == "loc")
    return [url for url in found if url]
