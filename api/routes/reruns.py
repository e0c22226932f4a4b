"""Drafts tried on past tickets: `/api/reruns`; publishing goes through what came of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api import errors
from api.auth.callers import Editor, Reader, desk_of
from api.reruns import USUAL, rerun_json, reruns_of
from api.shadow.compare import MOST_TICKETS
from api.shadow.drafts import Draft
from api.wire import Body, Line, Reply
from store.unit import UnitOfWork

router = APIRouter(prefix="/api/reruns", tags=["reruns"], responses=errors.RESPONSES)


class NewRerun(Body):
    """A draft, and on how many of the company's last answered tickets it is tried."""

    draft: Draft
    company: Line | None = None
    last: Annotated[int, Field(ge=1, le=MOST_TICKETS)] = USUAL


class Publish(Body):
    """`anyway` publishes although cases of the company fail under the draft."""

    anyway: bool = False


class Published(Reply):
    """What was changed."""

    id: str
    title: str


@router.post("", status_code=202)
async def start(request: Request, caller: Editor, body: NewRerun) -> dict[str, Any]:
    """Try a draft; tools answer from recordings, and nothing but the outcome is kept."""
    made = await reruns_of(request.app).start(caller, body.draft, body.company, body.last)
    return await _told(request, caller, made.id)


@router.get("")
async def reruns(
    request: Request, caller: Reader, company: Annotated[str | None, Query(max_length=100)] = None
) -> list[dict[str, Any]]:
    """The trials, newest first, without what changed."""

    def read(uow: UnitOfWork) -> list[dict[str, Any]]:
        owner = uow.companies.by_slug(company).id if company else None
        return [
            {
                "id": item.id,
                "title": item.title,
                "status": uow.jobs.get(item.job_id).status,
                "summary": dict(item.summary),
                "createdAt": item.created_at.isoformat(),
                "publishedAt": item.published_at.isoformat() if item.published_at else None,
            }
            for item in uow.reruns.all(owner)
        ]

    return await desk_of(request).store.read(caller.scope, read)


@router.get("/{rerun_id}")
async def rerun(request: Request, caller: Reader, rerun_id: str) -> dict[str, Any]:
    """One trial with what changed; `status` and `progress` say how far it is."""
    return await _told(request, caller, rerun_id)


@router.post("/{rerun_id}/stop")
async def stop(request: Request, caller: Editor, rerun_id: str) -> dict[str, Any]:
    """Ask it to stop."""

    def ask(uow: UnitOfWork) -> None:
        uow.jobs.cancel(uow.reruns.get(rerun_id).job_id)

    await desk_of(request).store.write(caller.scope, ask)
    return await _told(request, caller, rerun_id)


@router.post("/{rerun_id}/publish")
async def publish(request: Request, caller: Editor, rerun_id: str, body: Publish) -> Published:
    """Make the change that was tried; 409 where it has changed since, or the company's gate fails."""
    done = await reruns_of(request.app).publish(caller, rerun_id, anyway=body.anyway)
    return Published(id=done.id, title=done.title)


async def _told(request: Request, caller: Any, rerun_id: str) -> dict[str, Any]:
    def read(uow: UnitOfWork) -> dict[str, Any]:
        found = uow.reruns.get(rerun_id)
        return rerun_json(found, uow.jobs.get(found.job_id))

    return await desk_of(request).store.read(caller.scope, read)
