"""What open pages of the desk hear: that tickets of theirs moved, and who else looks at one."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sse_starlette import EventSourceResponse

from api.auth.callers import Reader, desk_of
from api.hub import Note
from api.routes.pages_frame import Reader as Member
from api.routes.pages_frame import name_of, scope_of
from api.streams import event_stream
from api.wire import Body, Reply
from store.unit import UnitOfWork

router = APIRouter(prefix="/api/desk", include_in_schema=False)

TOGETHER_SECONDS = 0.25
"""Changes that come close together are told once."""
PRESENT = timedelta(seconds=25)
"""Whoever has not been heard of for so long has left the page."""


class Presence(Body):
    """How far the page has shown the ticket, and whether its reader writes or leaves."""

    seen: Annotated[int, Query(ge=0)] = 0
    typing: bool = False
    leaving: bool = False


class Others(Reply):
    """Who else has the ticket open now."""

    others: list[str]


@router.get("/events", response_class=EventSourceResponse)
async def moved(request: Request, caller: Reader) -> EventSourceResponse:
    """Names of tickets of the caller's companies that moved, without end; nothing of what is in them."""
    desk = desk_of(request)

    async def notes() -> AsyncIterator[tuple[Note]]:
        with desk.hub.board() as board:
            yield (Note("ready", {}),)
            while not desk.hub.closed:
                tickets, unknown = await board.next()
                mine = await desk.store.read(caller.scope, partial(_among, sorted(tickets)))
                if mine or unknown:
                    yield (Note("moved", {"tickets": sorted(mine)}),)
                    await asyncio.sleep(TOGETHER_SECONDS)

    return event_stream(notes())


@router.post("/tickets/{ticket_id}/presence")
async def presence(request: Request, member: Member, ticket_id: str, body: Presence) -> Others:
    """The page is open (or goes away); the answer names who else has it open, and they are told too."""
    desk = desk_of(request)
    now = desk.clock.now()
    me = member.user.id

    def note(uow: UnitOfWork) -> tuple[bool, list[str]]:
        before = {user for user, _ in uow.desk_work.watchers(ticket_id, now - PRESENT)}
        uow.desk_work.read(ticket_id, me, body.seen)
        if body.leaving:
            uow.desk_work.left(ticket_id, me, now - PRESENT)
        there = uow.desk_work.watchers(ticket_id, now - PRESENT)
        return (me in before) == body.leaving, [name for user, name in there if user != me]

    changed, others = await desk.store.write(scope_of(member), note)
    if changed:
        desk.hub.pass_by(ticket_id, Note("presence", {}))
    if body.typing:
        desk.hub.pass_by(ticket_id, Note("typing", {"by": name_of(member)}))
    return Others(others=others)


def _among(tickets: list[str], uow: UnitOfWork) -> frozenset[str]:
    return uow.tickets.among(tickets)
