"""What every response carries and every browser request has to show: security headers, same origin.

There are no CORS headers on purpose: the widget is an iframe on our own origin, so no page of another origin
ever has to read an answer of ours.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import from_support_error
from graph.errors import NotAllowed

FrameOrigins = Callable[[str], Awaitable[Sequence[str]]]
"""Gives who may frame the widget of a company (by slug): origins and `'self'`; nobody for an unknown one."""

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "object-src 'none'"
)
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
WIDGET_PAGE = re.compile(r"/widget/([a-z0-9-]+)/?")
LOADER = re.compile(r"/widget/[a-z0-9./-]+\.js")
COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class SecurityHeaders:
    """ASGI middleware: a strict policy for content, who may frame the page, no caching of what is private.

    A response that sets Cache-Control or a policy itself keeps it.
    """

    def __init__(self, app: ASGIApp, frame_origins: FrameOrigins) -> None:
        self._app = app
        self._frame_origins = frame_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the start of the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        ancestors = await self._ancestors(path)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in COMMON.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", f"{PAGE_POLICY}; frame-ancestors {ancestors}")
                shared = LOADER.fullmatch(path) is not None
                headers.setdefault(
                    "Cross-Origin-Resource-Policy", "cross-origin" if shared else "same-origin"
                )
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)

    async def _ancestors(self, path: str) -> str:
        page = WIDGET_PAGE.fullmatch(path)
        if page is None or path.endswith(".js"):
            return "'none'"
        origins = await self._frame_origins(page[1])
        return (
            " ".join(origin for origin in origins if origin == "'self'" or ORIGIN.fullmatch(origin))
            or "'none'"
        )


class SameOrigin:
    """ASGI middleware: a browser may only change something from a page of ours.

    Requests with an Authorization header carry no ambient rights and pass. Otherwise `Sec-Fetch-Site`
    decides, or `Origin` for browsers that do not send it; clients that are no browsers send neither.
    """

    def __init__(self, app: ASGIApp, public_url: str = "") -> None:
        self._app = app
        self._public = urlsplit(public_url).netloc.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a cross-site change with 403."""
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            headers = Headers(scope=scope)
            if "authorization" not in headers and not self._is_ours(headers):
                refusal = NotAllowed("This request has to come from a page of this site.")
                await from_support_error(refusal)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = headers.get("origin")
        if origin is None:
            return True
        return urlsplit(origin).netloc.lower() in {headers.get("host", "").lower(), self._public} - {""}
