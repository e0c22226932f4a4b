"""Exact replay of a ticket, for staff and servers."""

from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request

from api import errors
from api.auth.callers import Reader
from api.replaying import Replayer, replay_json

router = APIRouter(prefix="/api/tickets", tags=["tickets"], responses=errors.RESPONSES)


@router.get("/{ticket_id}/replay")
async def replay(
    request: Request,
    caller: Reader,
    ticket_id: str,
    turn: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, Any]:
    """Run the recorded turns again, or one of them: the first step that differs, if any; writes nothing."""
    return replay_json(await replayer_of(request.app).ticket(caller.scope, ticket_id, turn))


def replayer_of(app: FastAPI) -> Replayer:
    """The app's one replayer, made when it is first asked for."""
    from api.taught import TaughtClassifiers

    found: Replayer | None = getattr(app.state, "replayer", None)
    if found is None:
        desk = app.state.desk
        classifiers = TaughtClassifiers(desk.execution.builder.classifier)
        found = app.state.replayer = Replayer(desk.store, classifiers)
    return found
