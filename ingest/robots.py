"""What a site's robots.txt allows: no such file allows everything, one that cannot be read allows nothing."""

from dataclasses import dataclass
from typing import Any

from ingest.fetch import Fetched, Fetcher
from ingest.limits import USER_AGENT, Limits
from ingest.urls import origin_of, tidy


@dataclass(frozen=True)
class Robots:
    """The rules of one origin."""

    rules: Any = None
    """Protego's; None allows everything."""
    refusal: str = ""
    """Why nothing of this origin may be read, or empty."""
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether we may fetch the address."""
        return not self.refusal and (self.rules is None or bool(self.rules.can_fetch(url, USER_AGENT)))


async def read_robots(fetcher: Fetcher, url: str, limits: Limits) -> Robots:
    """The rules for the origin of `url`; its crawl delay is given to the fetcher."""
    from protego import Protego

    place = f"{origin_of(url)}/robots.txt"
    answer = await fetcher.follow(place, limit=limits.robots_bytes)
    if not isinstance(answer, Fetched):
        if 400 <= answer.status < 500 and answer.status != 429:
            return Robots()
        return Robots(refusal=f"robots.txt cannot be read: {answer.reason}")
    if answer.content_type in ("text/html", "application/xhtml+xml"):
        return Robots()  # a page that says "not found" without saying so
    rules = Protego.parse(answer.body.decode("utf-8", "replace"))
    if delay := rules.crawl_delay(USER_AGENT):
        fetcher.slow_down(url, float(delay))
    found = (tidy(str(sitemap), place) for sitemap in rules.sitemaps)
    return Robots(rules, sitemaps=tuple(dict.fromkeys(address for address in found if address)))
