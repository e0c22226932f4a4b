"""What a request body may be before any route sees it: bounded, UTF-8, sane JSON.

Python's JSON reader takes NaN, 1e999, lone surrogates, NUL and any depth, and each of them fails later
somewhere worse: in the database, in the encoder, in the stack.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import from_support_error
from api.wire import joined
from graph.errors import Invalid, SupportError, TooLarge

LARGEST_BODY = 256 * 1024
DEEPEST = 32
SURROGATE = re.compile("[\ud800-\udfff]")


class MalformedError(SupportError):
    """The body is not JSON at all."""

    status = 400
    code = "malformed"


class BodyGuard:
    """ASGI middleware: reads the body up to a limit and refuses what is not sane."""

    def __init__(self, app: ASGIApp, limits: Mapping[str, int] | None = None) -> None:
        """`limits` gives path prefixes that may take more bytes than the default."""
        self._app = app
        self._limits = limits or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request; a refused one never reaches the app."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        try:
            body = await self._read(scope, receive)
            if _is_json(scope) and body:
                check_json(body)
        except SupportError as error:
            await from_support_error(error)(scope, receive, send)
            return
        await self._app(scope, replay(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        limit = next(
            (size for prefix, size in self._limits.items() if scope["path"].startswith(prefix)), LARGEST_BODY
        )
        declared = _header(scope, b"content-length")
        if declared.isdigit() and int(declared[:12]) > limit:
            raise TooLarge(f"The body may have {limit} bytes.", field="body")
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            body += message.get("body", b"")
            if len(body) > limit:
                raise TooLarge(f"The body may have {limit} bytes.", field="body")
            more = message.get("more_body", False)
        return bytes(body)


def check_json(raw: bytes) -> None:
    """Raises MalformedError (400) for what is not JSON, Invalid (422) naming an unusable field."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("The body is not valid UTF-8.", field="body") from error
    try:
        value = json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise MalformedError("The body is not valid JSON.", field="body") from error
    for path, leaf in _leaves(value):
        problem = _what_is_wrong(leaf)
        if problem:
            raise Invalid(problem, field=joined(path) or "body")


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _leaves(value: object) -> Iterator[tuple[tuple[str | int, ...], object]]:
    waiting: list[tuple[tuple[str | int, ...], object]] = [((), value)]
    while waiting:
        path, item = waiting.pop()
        if len(path) > DEEPEST:
            raise MalformedError(f"The body is nested deeper than {DEEPEST}.", field="body")
        if isinstance(item, dict):
            for key, below in item.items():
                yield (*path, "key"), key
                waiting.append(((*path, key), below))
        elif isinstance(item, list):
            waiting.extend(((*path, index), below) for index, below in enumerate(item))
        else:
            yield path, item


def _what_is_wrong(leaf: object) -> str:
    if isinstance(leaf, float) and not math.isfinite(leaf):
        return "has to be a finite number"
    if isinstance(leaf, str):
        if "\0" in leaf:
            return "may not contain a NUL character"
        if not leaf.isascii() and SURROGATE.search(leaf):
            return "contains half a character (a lone surrogate)"
    return ""


def _is_json(scope: Scope) -> bool:
    kind = _header(scope, b"content-type").split(b";")[0].strip().lower()
    return kind == b"application/json" or kind.endswith(b"+json")


def _header(scope: Scope, name: bytes) -> bytes:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    return next((value for key, value in headers if key == name), b"")


def replay(body: bytes, receive: Receive) -> Receive:
    """`receive` that gives a body that was read already, and then what else comes."""
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
