"""The files that browsers fetch, and the script that companies put on their pages."""

from fastapi import APIRouter, Response

from graph.errors import NotFound
from ui import assets

router = APIRouter(include_in_schema=False)

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"


@router.get("/static/{version}/{name}")
async def static_file(version: str, name: str) -> Response:
    """A stylesheet or module; under the present digest it may be kept for ever."""
    asset = assets.static_files().get(name)
    if asset is None:
        raise NotFound("There is no such file.")
    keep = FOR_EVER if version == assets.version() else "no-cache"
    return Response(asset.body, media_type=asset.media_type, headers={"Cache-Control": keep})


@router.get("/widget/v1.js")
async def loader() -> Response:
    """The launcher; its address never changes, so it is asked for again every few minutes."""
    asset = assets.loader()
    headers = {"Cache-Control": FOR_A_WHILE, "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(asset.body, media_type=asset.media_type, headers=headers)
