"""Imports of websites: begin one, watch it page by page, stop it, try again, decide on what it held back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from sse_starlette import EventSourceResponse

from api import errors
from api.auth.callers import Editor, Reader, desk_of
from api.importing import (
    HeldView,
    ImportView,
    NewImport,
    PageView,
    ScheduleView,
    State,
    UploadView,
    change_import,
    decide_on,
    follow_import,
    held_view,
    import_of,
    page_view,
    schedule_view,
    start_import,
    upload_file,
    view_of,
)
from api.wire import Id
from ingest.limits import LARGEST_UPLOAD
from store.repositories.imports import KIND
from store.unit import UnitOfWork

router = APIRouter(prefix="/api/imports", tags=["imports"], responses=errors.RESPONSES)


@router.post("", status_code=201)
async def start(request: Request, caller: Editor, body: NewImport) -> ImportView:
    """Queue an import; it begins within a second or two."""
    return await start_import(desk_of(request), caller, body)


@router.get("")
async def imports(
    request: Request, caller: Reader, company: Annotated[str | None, Query(max_length=100)] = None
) -> list[ImportView]:
    """The caller's imports, newest first."""

    def read(uow: UnitOfWork) -> list[ImportView]:
        slugs = {item.id: item.slug for item in uow.companies.all()}
        wanted = uow.companies.by_slug(company).id if company else None
        jobs = [job for job in uow.jobs.all(KIND) if wanted in (None, job.company_id)]
        return [view_of(job, slugs) for job in jobs]

    return await desk_of(request).store.read(caller.scope, read)


@router.post("/uploads", status_code=201)
async def upload(
    request: Request,
    caller: Editor,
    file: UploadFile,
    company: Annotated[str | None, Form(max_length=100)] = None,
) -> UploadView:
    """Keep a file as knowledge: Markdown, CSV with the columns question and answer, PDF or DOCX."""
    return await upload_file(
        desk_of(request), caller, company, file.filename or "", await file.read(LARGEST_UPLOAD + 1)
    )


@router.get("/held")
async def held(request: Request, caller: Reader) -> list[HeldView]:
    """Imported passages that read like orders to the bot and wait for a person."""

    def read(uow: UnitOfWork) -> list[HeldView]:
        slugs = {item.id: item.slug for item in uow.companies.all()}
        return [held_view(item, slugs) for item in uow.quarantine.waiting()]

    return await desk_of(request).store.read(caller.scope, read)


@router.post("/held/{held_id}/{decision}")
async def decide(
    request: Request, caller: Editor, held_id: Id, decision: Literal["approve", "reject"]
) -> HeldView:
    """Let a held passage be answered from, or keep it out for good."""
    return await decide_on(desk_of(request), caller, held_id, approve=decision == "approve")


@router.get("/schedules")
async def schedules(request: Request, caller: Reader) -> list[ScheduleView]:
    """What is imported every night."""

    def read(uow: UnitOfWork) -> list[ScheduleView]:
        slugs = {item.id: item.slug for item in uow.companies.all()}
        return [schedule_view(item, slugs) for item in uow.imports.schedules()]

    return await desk_of(request).store.read(caller.scope, read)


@router.delete("/schedules/{schedule_id}", status_code=204)
async def unschedule(request: Request, caller: Editor, schedule_id: Id) -> Response:
    """Do not import this site any more by itself."""
    await desk_of(request).store.write(caller.scope, lambda uow: uow.imports.unschedule(schedule_id))
    return Response(status_code=204)


@router.get("/{job_id}")
async def one(request: Request, caller: Reader, job_id: Id) -> ImportView:
    """One import."""

    def read(uow: UnitOfWork) -> ImportView:
        return view_of(import_of(uow, job_id), {item.id: item.slug for item in uow.companies.all()})

    return await desk_of(request).store.read(caller.scope, read)


@router.get("/{job_id}/pages")
async def pages(request: Request, caller: Reader, job_id: Id, state: State | None = None) -> list[PageView]:
    """Its pages in the order in which they were found, in one state if it is named."""

    def read(uow: UnitOfWork) -> list[PageView]:
        job = import_of(uow, job_id)
        return [page_view(page) for page in uow.imports.pages(job.id, state=state, limit=20_000)]

    return await desk_of(request).store.read(caller.scope, read)


@router.post("/{job_id}/cancel")
async def cancel(request: Request, caller: Editor, job_id: Id) -> ImportView:
    """Stop it after the pages that are being read; what was imported stays."""
    return await change_import(desk_of(request), caller, job_id, "cancel")


@router.post("/{job_id}/retry")
async def retry(request: Request, caller: Editor, job_id: Id) -> ImportView:
    """Try its failed pages again, and nothing else."""
    return await change_import(desk_of(request), caller, job_id, "retry")


@router.get("/{job_id}/events")
async def events(request: Request, caller: Reader, job_id: Id) -> Response:
    """The import as it goes (SSE): `progress` with the pages that changed, `done` at the end."""
    desk = desk_of(request)
    await desk.store.read(caller.scope, lambda uow: import_of(uow, job_id))
    return EventSourceResponse(follow_import(desk, caller, job_id), ping=15)
