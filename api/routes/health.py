"""Is the process alive, can it work, and what has it done."""

from fastapi import APIRouter, Request, Response

from api.auth.callers import desk_of
from api.wire import Reply
from graph.errors import Unavailable

router = APIRouter(tags=["operation"])


class Health(Reply):
    """The state in a word."""

    status: str


@router.get("/healthz")
async def healthz() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"description": "Not ready"}})
async def readyz(request: Request) -> Health:
    """The database answers and the process is not going down."""
    desk = desk_of(request)
    if desk.hub.closed:
        raise Unavailable("The process is going down.")
    await desk.store.ping()
    return Health(status="ready")


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Counters and gauges for Prometheus."""
    desk = desk_of(request)
    gauges = {"streams_open": desk.hub.watching, "turns_running": len(desk.worker.running)}
    return Response(desk.metrics.text(gauges), media_type="text/plain; version=0.0.4")
