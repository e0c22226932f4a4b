"""Imports as pages: begin one, watch it, decide on what it held back, upload a file."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from api.auth.callers import desk_of
from api.auth.staff import StaffMember
from api.forms import Errors, as_errors, checked, read_form
from api.importing import NewImport, change_import, decide_on, import_of, start_import, upload_file
from api.routes.pages_frame import (
    Editor,
    PageRoute,
    Reader,
    caller_of,
    has_outbox,
    html,
    safe_target,
    scope_of,
    see_other,
    shell_of,
)
from graph.errors import SupportError
from ingest.limits import LARGEST_UPLOAD
from store.repositories.imports import KIND
from store.unit import UnitOfWork
from ui.views.forms import Form as FormShown
from ui.views.imports import (
    Imports,
    ImportShown,
    held_line,
    import_shown,
    job_line,
    night_line,
)

router = APIRouter(prefix="/imports", include_in_schema=False, route_class=PageRoute)
FRESH = {"max_pages": "500", "depth": "5"}
Word = Annotated[str, Query(max_length=100)]


@router.get("")
async def imports(request: Request, member: Reader, company: Word = "", said: Word = "") -> HTMLResponse:
    """The imports of a company."""
    return await _shown(request, member, company, said=said)


@router.post("")
async def start(request: Request, member: Editor) -> Response:
    """Begin one, or say what is wrong."""
    values = await read_form(request)
    body, errors = checked(NewImport, _body(values))
    if body is None:
        return await _shown(request, member, values.get("company", ""), values, errors)
    try:
        view = await start_import(desk_of(request), caller_of(member), body)
    except SupportError as error:
        return await _shown(request, member, values.get("company", ""), values, as_errors(error))
    return see_other(f"/imports/{view.id}")


@router.post("/uploads")
async def upload(
    request: Request,
    member: Editor,
    file: UploadFile,
    company: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Keep a file as knowledge, or say what is wrong with it."""
    body = await file.read(LARGEST_UPLOAD + 1)
    try:
        kept = await upload_file(desk_of(request), caller_of(member), company, file.filename or "", body)
    except SupportError as error:
        return await _shown(request, member, company, upload={"file": error.message})
    said = f"{kept.name}: {kept.passages} passages" + (f", {kept.held} held back" if kept.held else "")
    return await _shown(request, member, company, said=said)


@router.post("/held/{held_id}")
async def decide(request: Request, member: Editor, held_id: str) -> Response:
    """Let a held passage in, or keep it out."""
    values = await read_form(request)
    approve = values.get("decision") == "approve"
    await decide_on(desk_of(request), caller_of(member), held_id, approve=approve)
    return see_other(safe_target(values.get("back") or "/imports"))


@router.post("/schedules/{schedule_id}/delete")
async def unschedule(request: Request, member: Editor, schedule_id: str) -> Response:
    """Stop a nightly import."""
    values = await read_form(request)
    await desk_of(request).store.write(scope_of(member), lambda uow: uow.imports.unschedule(schedule_id))
    return see_other(safe_target(f"/imports?company={values.get('company', '')}"))


@router.get("/{job_id}")
async def one(request: Request, member: Reader, job_id: str, state: Word = "") -> HTMLResponse:
    """One import as it goes."""

    def read(uow: UnitOfWork) -> ImportShown:
        job = import_of(uow, job_id)
        owner = uow.companies.get(job.company_id or "")
        return import_shown(
            job,
            uow.imports.pages(job.id, limit=5000),
            uow.quarantine.waiting(owner.id),
            shell=shell_of(uow, member, "imports", outbox=has_outbox(request), company=owner.slug),
            company=(owner.slug, owner.name),
            state=state,
            may_change="content" in member.rights,
        )

    return html(await desk_of(request).store.read(scope_of(member), read))


@router.post("/{job_id}/cancel")
@router.post("/{job_id}/retry")
async def change(request: Request, member: Editor, job_id: str) -> Response:
    """Stop it, or try what failed again."""
    what = request.url.path.rpartition("/")[2]
    await change_import(desk_of(request), caller_of(member), job_id, what)
    return see_other(f"/imports/{job_id}")


async def _shown(
    request: Request,
    member: StaffMember,
    company: str,
    values: dict[str, str] | None = None,
    errors: Errors | None = None,
    *,
    upload: Errors | None = None,
    said: str = "",
) -> HTMLResponse:
    def read(uow: UnitOfWork) -> Imports:
        companies = uow.companies.all()
        chosen = next(
            (item for item in companies if item.slug == company), companies[0] if companies else None
        )
        slug, mine = (chosen.slug, chosen.id) if chosen else ("", "")
        jobs = [job_line(job) for job in uow.jobs.all(KIND) if job.company_id == mine]
        return Imports(
            shell=shell_of(uow, member, "imports", outbox=has_outbox(request), company=slug),
            company=slug,
            companies=tuple(
                (item.name, f"/imports?company={item.slug}", item.slug == slug) for item in companies
            ),
            jobs=tuple(jobs),
            held=tuple(held_line(each) for each in uow.quarantine.waiting(mine)),
            nights=tuple(night_line(each) for each in uow.imports.schedules() if each.company_id == mine),
            form=FormShown(values or FRESH, errors or {}),
            upload=FormShown({}, upload or {}),
            said=said,
            may_change="content" in member.rights,
        )

    view = await desk_of(request).store.read(scope_of(member), read)
    return html(view, 422 if errors or upload else 200)


def _body(values: dict[str, str]) -> dict[str, object]:
    return {
        "url": values.get("url", "").strip(),
        "company": values.get("company") or None,
        "prefix": values.get("prefix", "").strip(),
        "max_pages": _number(values.get("max_pages", "")),
        "depth": _number(values.get("depth", "")),
        "dry_run": values.get("dry_run") == "on",
        "schedule": "nightly" if values.get("nightly") == "on" else "",
    }


def _number(text: str) -> int | str:
    return int(text) if text.strip().isdigit() else text
