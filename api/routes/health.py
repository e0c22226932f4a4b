"""Is the process alive, can it work, and what has it done."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api import errors
from api.auth.callers import Admin, desk_of
from api.housekeeping import figures
from api.strain import alarms_of
from api.wire import Reply
from graph.errors import NotAllowed, Unavailable

router = APIRouter(tags=["operation"])


class Health(Reply):
    """The state in a word."""

    status: str


class Ready(Health):
    """Ready to work, and whether all that loads lazily is there: until then a first answer takes seconds."""

    warm: bool


@router.get("/healthz")
async def healthz() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"description": "Not ready"}})
async def readyz(request: Request) -> Ready:
    """The database answers and the process is not going down."""
    desk = desk_of(request)
    if desk.hub.closed:
        raise Unavailable("The process is going down.")
    await desk.store.ping()
    return Ready(status="ready", warm=desk.warmed.is_set())


@router.get("/api/health", responses=errors.RESPONSES)
async def health(request: Request, caller: Admin) -> JSONResponse:
    """Queue, size, streams, breakers and index of the whole desk, for the operator."""
    if caller.companies is not None:
        raise NotAllowed("This is the operator's.")
    found = await figures(desk_of(request))
    return JSONResponse({**found, "alarms": alarms_of(found)})


@router.get("/metrics", response_class=Response, responses=errors.RESPONSES)
async def metrics(request: Request, caller: Admin) -> Response:
    """What happened in this process, for Prometheus: the operator's, over all companies."""
    if caller.companies is not None:
        raise NotAllowed("This is the operator's.")
    return Response(desk_of(request).metrics.text(), media_type="text/plain; version=0.0.4")
