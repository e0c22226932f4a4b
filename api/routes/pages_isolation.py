"""The operator's page of isolation: what the canary rounds came to, and a way to ask now."""

import asyncio
import logging
from datetime import datetime

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.canary_watch import run_apart
from api.routes.pages_frame import (
    Administrator,
    PageRoute,
    Reader,
    has_outbox,
    html,
    scope_of,
    see_other,
    shell_of,
)
from graph.errors import NotAllowed, Unavailable
from store.unit import UnitOfWork
from store.values.isolation import CanaryRun
from ui.views.isolation import IsolationPage, leak_lines, round_line
from ui.views.words import counted, span

router = APIRouter(prefix="/isolation", include_in_schema=False, route_class=PageRoute)
log = logging.getLogger("supportgraph.canaries")


@router.get("")
async def isolation(request: Request, member: Reader) -> HTMLResponse:
    """How many probes there were, how many leaked, and when the last round was."""
    _operators_only(member)
    desk = desk_of(request)

    def read(uow: UnitOfWork) -> IsolationPage:
        runs = uow.isolation.runs()
        headline, detail, family = told_of(runs, *uow.isolation.totals(), now=desk.clock.now())
        return IsolationPage(
            shell=shell_of(uow, member, "isolation", outbox=has_outbox(request)),
            headline=headline,
            detail=detail,
            family=family,
            surfaces=tuple(sorted(runs[0].surfaces.items(), key=lambda item: (-item[1], item[0])))
            if runs
            else (),
            rounds=tuple(map(round_line, runs)),
            leaks=leak_lines(runs),
            running=_is_running(request.app),
            may_run="admin" in member.rights,
        )

    return html(await desk.store.read(scope_of(member), read))


@router.post("")
async def ask_now(request: Request, member: Administrator) -> Response:
    """Begin a round, unless one is running."""
    _operators_only(member)
    if not _is_running(request.app):
        request.app.state.canary_round = asyncio.create_task(_round())
    return see_other("/isolation")


def told_of(runs: tuple[CanaryRun, ...], probes: int, leaks: int, now: datetime) -> tuple[str, str, str]:
    """The headline, what stands below it, and the family of its sign."""
    if not runs:
        return "Not asked yet", "The first round runs within a day, or when you ask now.", "waiting"
    ago = span(now - runs[0].created_at)
    when = "just now" if ago == "now" else f"{ago} ago"
    headline = f"{counted(leaks, 'leak')} in {counted(probes, 'probe')}, last {when}"
    blind = runs[0].companies - runs[0].found
    if leaks:
        return headline, "A fact of one company could be read at another. Find the surface below.", "urgent"
    if blind:
        words = f"{counted(blind, 'company', 'companies')} did not find the own fact: the round proves less."
        return headline, words, "waiting"
    return headline, "Every company found its own fact, and no other company did.", "done"


async def _round() -> None:
    try:
        await run_apart()
    except (Unavailable, OSError) as error:
        log.warning("the canaries were not asked: %s", error)


def _is_running(app: FastAPI) -> bool:
    task: asyncio.Task[None] | None = getattr(app.state, "canary_round", None)
    return task is not None and not task.done()


def _operators_only(member: StaffMember) -> None:
    if member.companies is not None:
        raise NotAllowed("This page names all companies; it is for those who work for all of them.")
