"""Every route of the application, however deep its router lies, and ids to fill its path with."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """`(method, path)` of every route, pages and data alike."""
    found = [(method, path) for path, methods in _walk(app.routes) for method in sorted(methods)]
    return [pair for pair in found if pair[1] != "/openapi.json"]


def _walk(listed: Any) -> Iterator[tuple[str, set[str]]]:
    for route in listed:
        if hasattr(route, "endpoint"):
            yield route.path, set(route.methods) - {"HEAD"}
        elif hasattr(route, "original_router"):
            yield from _walk(route.original_router.routes)


def filled(path: str, ids: Mapping[str, str]) -> str:
    """The path with its names replaced; a name that `ids` lacks becomes `missing`."""
    parts = [ids.get(part[1:-1], "missing") if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)
