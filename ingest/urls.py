"""Addresses of pages: one spelling for each, and which of them belong to the site that is imported."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

import idna

from graph.errors import Invalid

PORTS = {"http": 80, "https": 443}
LONGEST = 2000
DEEPEST_PATH = 16
_PLAIN = "!$&'()*+,;=:@~-._"
_NOISE = re.compile(
    r"^(?:utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|igshid|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken"
    r"|sid|session_?id|sessid|zenid|oscsid)$",
    re.IGNORECASE,
)
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_NO_PAGES = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|svg|ico|css|m?js|json|xml|rss|atom|woff2?|ttf|eot|mp[34]|webm|ogg|wav|avi|mov"
    r"|zip|gz|tgz|bz2|xz|7z|rar|exe|dmg|msi|deb|rpm|apk|iso|pdf|docx?|xlsx?|pptx?|csv|txt|epub)$",
    re.IGNORECASE,
)


def tidy(url: str, base: str = "") -> str:
    """The one spelling of a page's address, or an empty string for what is none (mailto:, javascript: ...).

    Without fragment, tracking and session parameters, default port and dot segments; host in ASCII.
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()) if base else url.strip())
        host = ascii_host(parts.hostname or "")
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in PORTS or not host or "@" in parts.netloc or len(url) > LONGEST:
        return ""
    bracketed = f"[{host}]" if ":" in host else host
    place = bracketed if port in (None, PORTS[parts.scheme]) else f"{bracketed}:{port}"
    path = _path(parts.path)
    kept = [(key, value) for key, value in parse_qsl(parts.query, True) if not _NOISE.match(key)]
    return urlunsplit((parts.scheme, place, path, urlencode(kept), ""))


def ascii_host(host: str) -> str:
    """The host as the name system has it; ValueError when it cannot be one."""
    if host.isascii():
        return host.lower().rstrip(".")
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"not a host name: {host!r}") from error


def host_of(url: str) -> str:
    """The host of a tidy address."""
    return urlsplit(url).hostname or ""


def origin_of(url: str) -> str:
    """Scheme, host and port of a tidy address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_file(url: str) -> bool:
    """Whether the address names a file that is no page (an image, a download)."""
    return _NO_PAGES.search(urlsplit(url).path) is not None


def shape_of(url: str) -> str:
    """The address without numbers and values: addresses that one template makes have the same shape."""
    parts = urlsplit(url)
    keys = "&".join(sorted({key for key, _ in parse_qsl(parts.query, True)}))
    return f"{re.sub(r'[0-9]+', '0', parts.path)}?{keys}"


@dataclass(frozen=True)
class Site:
    """What one import may read: a host (with or without www), below a path, so many links deep."""

    start: str
    prefix: str = "/"
    depth: int = 5

    @classmethod
    def at(cls, url: str, *, prefix: str = "", depth: int = 5) -> "Site":
        """The site around a start page; Invalid when that is not a web address."""
        start = tidy(url)
        if not start:
            raise Invalid("an import starts at an http or https address", field="url")
        if prefix and not prefix.startswith("/"):
            raise Invalid("a prefix is a path such as /docs/", field="prefix")
        return cls(start, prefix or "/", depth)

    def holds(self, url: str) -> bool:
        """Whether a tidy address belongs to the site and may be a page."""
        parts = urlsplit(url)
        mine = urlsplit(self.start)
        if _bare(parts.hostname or "") != _bare(mine.hostname or ""):
            return False
        if not _same_port(parts.port, mine.port) or parts.path.count("/") > DEEPEST_PATH:
            return False
        return parts.path.startswith(self.prefix) and not is_file(url) and not _repeats(parts.path)


def _same_port(one: int | None, other: int | None) -> bool:
    """A site may move from http to https, not to another service of the same host."""
    return one == other


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _path(path: str) -> str:
    decoded = _PATH_SESSION.sub("", path) or "/"
    segments: list[str] = []
    for segment in decoded.split("/")[1:]:
        if segment == "..":
            del segments[-1:]
        elif segment != ".":
            segments.append(
                quote(
                    unquote(segment, errors="surrogateescape"),
                    safe="!$&'()*+,;=:@~-._",
                    errors="surrogateescape",
                )
            )
    trailing = decoded.endswith(("/.", "/.."))
    return "/" + "/".join(segments) + ("/" if trailing and segments else "")


def _segment(segment: str) -> str:
    """One spelling of percent-encoding; bytes that are no UTF-8 stay what they are."""
    return quote(unquote(segment, errors="surrogateescape"), safe=_PLAIN, errors="surrogateescape")


def _repeats(path: str) -> bool:
    """Whether a segment comes three times: links that are relative by mistake (/a/a/a/...)."""
    segments = [segment for segment in path.split("/") if segment]
    return any(segments.count(segment) >= 3 for segment in segments)
