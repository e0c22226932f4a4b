"""The files that browsers fetch, and the script that companies put on their pages."""

from fastapi import APIRouter, Request, Response

from graph.errors import NotFound
from ui import assets

router = APIRouter(include_in_schema=False)

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"


@router.get("/static/{version}/{name}")
async def static_file(request: Request, version: str, name: str) -> Response:
    """A stylesheet or module; under the present digest it may be kept for ever."""
    asset = assets.static_files().get(name)
    if asset is None:
        raise NotFound("There is no such file.")
    keep = FOR_EVER if version == assets.version() else "no-cache"
    return _sent(request, asset, {"Cache-Control": keep})


@router.get("/widget/v1.js")
async def loader(request: Request) -> Response:
    """The launcher; its address never changes, so it is asked for again every few minutes."""
    asset = assets.loader()
    headers = {"Cache-Control": FOR_A_WHILE, "Cross-Origin-Resource-Policy": "cross-origin"}
    return _sent(request, asset, headers)


def _sent(request: Request, asset: assets.Asset, headers: dict[str, str]) -> Response:
    """The file, packed where the browser takes it; pages are not, their size would tell of what they hold."""
    headers |= {"Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(asset.body, media_type=asset.media_type, headers=headers)
    headers |= {"Content-Encoding": "gzip"}
    return Response(asset.packed, media_type=asset.media_type, headers=headers)
