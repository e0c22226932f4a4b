"""Where a request comes from, as far as that can be believed."""

from starlette.requests import HTTPConnection

from api.settings import Settings


def client_address(connection: HTTPConnection, settings: Settings) -> str:
    """The peer's address; behind a trusted proxy the nearest untrusted hop that it names."""
    peer = connection.client.host if connection.client else "unknown"
    trusted = {item.strip() for item in settings.trusted_proxies.split(",") if item.strip()}
    if peer not in trusted:
        return peer
    hops = [hop.strip() for hop in connection.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    return next((hop for hop in reversed(hops) if hop not in trusted), peer)


def is_https(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether the browser speaks HTTPS, possibly to a proxy in front of us."""
    return connection.url.scheme == "https" or settings.public_url.startswith("https://")
