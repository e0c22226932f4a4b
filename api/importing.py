"""Imports as people see and change them: bodies, views, and what each change does."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from api.auth.callers import Caller, company_of
from api.desk import Desk
from api.imports import schedule_nightly
from api.knowledge import StoredPassages
from api.wire import Body, Line, Reply
from graph.errors import NotFound
from ingest.order import Order
from store.repositories.imports import KIND
from store.unit import UnitOfWork
from store.values.imports import HeldPassage, ImportPage, ImportSchedule
from store.values.work import Job

LOOK_SECONDS = 0.5
ENDED = frozenset({"done", "failed", "cancelled"})
State = Literal[
    "queued", "fetched", "indexed", "unchanged", "skipped", "failed", "gone", "quarantined", "listed"
]


class NewImport(Body):
    """What to import; private hosts are the operator's to allow, never a request's."""

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    company: Line | None = None
    max_pages: int = 500
    depth: int = 5
    prefix: Annotated[str, Field(max_length=500)] = ""
    dry_run: bool = False
    schedule: Literal["", "nightly"] = ""

    @property
    def order(self) -> Order:
        """Checked; Invalid names the field."""
        return Order(
            url=self.url,
            max_pages=self.max_pages,
            depth=self.depth,
            prefix=self.prefix,
            dry_run=self.dry_run,
        ).checked()


class PageView(Reply):
    """An address and what became of it."""

    url: str
    state: State
    reason: str
    title: str
    http_status: int
    depth: int
    passages: int
    updated_at: datetime


class ImportView(Reply):
    """An import as it stands; `counts` has how many pages are in which state."""

    id: str
    company: str
    url: str
    dry_run: bool
    status: str
    error: str
    counts: dict[str, int]
    passages: int
    notes: list[str]
    created_at: datetime
    finished_at: datetime | None


class HeldView(Reply):
    """A passage that waits for a person."""

    id: str
    company: str
    url: str
    title: str
    text: str
    reason: str
    status: str


class ScheduleView(Reply):
    """A site that is imported again every night."""

    id: str
    company: str
    url: str
    next_run: datetime


class UploadView(Reply):
    """What became of a file."""

    source: str
    name: str
    passages: int
    held: int
    unchanged: bool


async def upload_file(desk: Desk, caller: Caller, company: str | None, name: str, body: bytes) -> UploadView:
    """Read a file and keep it as knowledge; an error names the file and the row."""
    from ingest.keep import keep_upload
    from ingest.uploads import read_upload

    owner = await desk.store.read(caller.scope, lambda uow: company_of(uow, caller, company))
    upload = await read_upload(name, body)
    kept = await keep_upload(desk.store, desk.index, desk.ids, owner.id, upload)
    source = kept.source.id
    await desk.store.write(
        caller.scope, lambda uow: uow.audit.add(caller.id, "import.upload", source, company_id=owner.id)
    )
    return UploadView(
        source=source, name=upload.name, passages=kept.passages, held=kept.held, unchanged=kept.unchanged
    )


async def start_import(desk: Desk, caller: Caller, body: NewImport) -> ImportView:
    """Queue what the body asks for, and its schedule."""
    order, now = body.order, desk.clock.now()

    def write(uow: UnitOfWork) -> ImportView:
        owner = company_of(uow, caller, body.company)
        job = uow.imports.start(owner.id, order.as_json())
        if body.schedule:
            schedule_nightly(uow, owner.id, order.as_json(), now)
        uow.audit.add(caller.id, "import.start", job.id, company_id=owner.id)
        return view_of(job, {owner.id: owner.slug})

    return await desk.store.write(caller.scope, write)


async def change_import(desk: Desk, caller: Caller, job_id: str, what: str) -> ImportView:
    """Cancel it, or open its failed pages again."""

    def write(uow: UnitOfWork) -> ImportView:
        job = import_of(uow, job_id)
        changed = uow.jobs.cancel(job.id) if what == "cancel" else uow.imports.reopen(job.id)
        uow.audit.add(caller.id, f"import.{what}", job.id, company_id=job.company_id)
        return view_of(changed, {item.id: item.slug for item in uow.companies.all()})

    return await desk.store.write(caller.scope, write)


async def decide_on(desk: Desk, caller: Caller, held_id: str, *, approve: bool) -> HeldView:
    """Decide on a held passage; one that is let in is found from now on."""

    def write(uow: UnitOfWork) -> tuple[str, HeldView]:
        item = uow.quarantine.decide(held_id, approve=approve, by=caller.id)
        uow.audit.add(caller.id, "import.decide", held_id, company_id=item.company_id)
        return item.company_id, held_view(item, {each.id: each.slug for each in uow.companies.all()})

    company_id, view = await desk.store.write(caller.scope, write)
    if approve:
        await desk.index.upsert(company_id, await StoredPassages(desk.store).passages(company_id))
    return view


def import_of(uow: UnitOfWork, job_id: str) -> Job:
    """The import, or NotFound (also for a job of another kind)."""
    job = uow.jobs.get(job_id)
    if job.kind != KIND:
        raise NotFound("no such import", field="id")
    return job


def view_of(job: Job, slugs: dict[str, str]) -> ImportView:
    """An import as it goes over the wire."""
    progress = dict(job.progress)
    notes, passages = progress.pop("notes", []), progress.pop("passages", 0)
    return ImportView(
        id=job.id,
        company=slugs.get(job.company_id or "", ""),
        url=str(job.arguments.get("url", "")),
        dry_run=bool(job.arguments.get("dry_run")),
        status=job.status,
        error=job.error,
        counts=progress,
        passages=passages,
        notes=notes,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )


def page_view(page: ImportPage) -> PageView:
    """A page as it goes over the wire."""
    return PageView.model_validate(page, from_attributes=True)


def schedule_view(schedule: ImportSchedule, slugs: dict[str, str]) -> ScheduleView:
    """A schedule as it goes over the wire."""
    company = slugs.get(schedule.company_id, "")
    return ScheduleView(id=schedule.id, company=company, url=schedule.url, next_run=schedule.next_run)


def held_view(item: HeldPassage, slugs: dict[str, str]) -> HeldView:
    """A held passage as it goes over the wire."""
    passage = item.passage
    return HeldView(
        id=item.id,
        company=slugs.get(item.company_id, ""),
        url=passage.url,
        title=" › ".join(part for part in (passage.title, passage.heading) if part),
        text=passage.text,
        reason=item.reason,
        status=item.status,
    )


async def follow_import(desk: Desk, caller: Caller, job_id: str) -> AsyncIterator[dict[str, str]]:
    """Server-sent events: what changed, until the import has ended."""
    since: datetime | None = None
    while True:
        job, changed = await desk.store.read(caller.scope, partial(_news, job_id=job_id, since=since))
        since = max((page.updated_at for page in changed), default=since)
        data = {
            "import": view_of(job, {}).model_dump(mode="json"),
            "pages": [page_view(page).model_dump(mode="json") for page in changed],
        }
        over = job.status in ENDED
        yield {"event": "done" if over else "progress", "data": json.dumps(data, ensure_ascii=False)}
        if over:
            return
        await asyncio.sleep(LOOK_SECONDS)


def _news(uow: UnitOfWork, job_id: str, since: datetime | None) -> tuple[Job, tuple[ImportPage, ...]]:
    return import_of(uow, job_id), uow.imports.pages(job_id, since=since, limit=500)
