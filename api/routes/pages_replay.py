"""Exact replay as a page."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.replaying import replay_json
from api.routes.pages_frame import PageRoute, Reader, has_outbox, html, scope_of, shell_of
from api.routes.replay import replayer_of
from store.unit import UnitOfWork
from ui.views.replay import ReplayPage, build_replay

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/tickets/{ticket_id}/replay")
async def replay(
    request: Request,
    member: Reader,
    ticket_id: str,
    turn: Annotated[str | None, Query(max_length=64)] = None,
) -> HTMLResponse:
    """The ticket's recorded turns, run again with the present code."""
    done = await replayer_of(request.app).ticket(scope_of(member), ticket_id, turn)

    def read(uow: UnitOfWork) -> ReplayPage:
        return build_replay(
            replay_json(done),
            {each.turn.id: each.turn.question for each in done.turns},
            shell=shell_of(uow, member, "inbox", outbox=has_outbox(request), compact=True),
            subject=done.ticket.subject or "No words yet",
        )

    return html(await desk_of(request).store.read(scope_of(member), read))
