"""`import`: read a site into a company's knowledge, here or in the process that serves the desk."""

import asyncio
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.commands.output import as_json as print_json
from api.commands.output import note, say, table
from api.imports import open_imports, schedule_nightly
from api.settings import Settings
from api.wiring import open_index, open_store
from graph.adapters.clock import SystemClock
from graph.adapters.ids import UlidIds
from graph.errors import NotFound
from ingest.order import Order
from store.database import Store
from store.unit import UnitOfWork
from store.values.imports import ImportPage
from store.values.scope import Scope
from store.values.work import Job

LOOK_SECONDS = 0.5
SHOWN = ("indexed", "unchanged", "listed", "quarantined", "skipped", "failed", "gone")


@dataclass(frozen=True)
class Ended:
    """An import and what it took."""

    job: Job
    pages: tuple[ImportPage, ...]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        passages = self.job.progress.get("passages", 0)
        return {
            "id": self.job.id,
            "status": self.job.status,
            "error": self.job.error,
            "seconds": round(self.seconds, 2),
            "passages": passages,
            "perSecond": round(passages / max(self.seconds, 1e-9), 1),
            "rssMb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "counts": {name: self.job.progress[name] for name in SHOWN if name in self.job.progress},
            "notes": self.job.progress.get("notes", []),
            "pages": [
                {"url": page.url, "state": page.state, "reason": page.reason, "passages": page.passages}
                for page in self.pages
            ],
        }


def import_site(order: Order, *, company: str, retry: bool, nightly: bool, as_json: bool) -> None:
    """Import a site; exits with 1 when nothing could be imported or it was cancelled."""
    ended = asyncio.run(_import(order.checked(), company, retry=retry, nightly=nightly))
    if as_json:
        print_json(ended.as_json())
    else:
        _tell(ended, listed=order.dry_run)
    sys.exit(0 if ended.job.status == "done" else 1)


async def _import(order: Order, company: str, *, retry: bool, nightly: bool) -> Ended:
    settings = Settings()
    store = await open_store(settings)
    try:
        job = await _queue(store, order, company, retry=retry, nightly=nightly)
        started = time.perf_counter()
        following = asyncio.create_task(_follow(store, job.id))
        if not _is_served(settings):
            await _run_here(settings, store, job.id)
        job = await following
        pages = await store.read(Scope.operator(), lambda uow: uow.imports.pages(job.id, limit=100_000))
        return Ended(job, pages, time.perf_counter() - started)
    finally:
        await store.close()


async def _queue(store: Store, order: Order, company: str, *, retry: bool, nightly: bool) -> Job:
    now = SystemClock().now()

    def write(uow: UnitOfWork) -> Job:
        owner = uow.companies.by_slug(company)
        if nightly:
            schedule_nightly(uow, owner.id, order.as_json(), now)
        if not retry:
            return uow.imports.start(owner.id, order.as_json())
        mine = (job for job in uow.jobs.all("import", limit=1000) if job.company_id == owner.id)
        last = next((job for job in mine if job.arguments.get("url") == order.url), None)
        if last is None:
            raise NotFound("this site was not imported yet", field="url")
        return uow.imports.reopen(last.id)

    return await store.write(Scope.operator(), write)


def _is_served(settings: Settings) -> bool:
    """Whether another process owns the embedded index; that one runs the import then."""
    from retrieval.chroma import is_owned

    return not settings.chroma_url and is_owned(Path(settings.data_dir) / "chroma")


async def _run_here(settings: Settings, store: Store, job_id: str) -> None:
    index = open_index(settings)
    try:
        await open_imports(settings, store, index, UlidIds(SystemClock())).run_next(job_id)
    finally:
        index.close()


async def _follow(store: Store, job_id: str) -> Job:
    """Say on stderr how far it is, until it has ended."""
    shown = ""
    while True:
        job = await store.read(Scope.operator(), lambda uow: uow.jobs.get(job_id))
        counts = ", ".join(f"{job.progress[name]} {name}" for name in SHOWN if job.progress.get(name))
        if counts and counts != shown:
            waiting = job.progress.get("queued", 0) + job.progress.get("fetched", 0)
            note(f"{counts}; {waiting} to go; {job.progress.get('passages', 0)} passages")
            shown = counts
        if job.finished_at is not None:
            return job
        await asyncio.sleep(LOOK_SECONDS)


def _tell(ended: Ended, *, listed: bool) -> None:
    shown = ended.pages if listed else [page for page in ended.pages if page.reason]
    if shown:
        table(("state", "address", "reason"), [(page.state, page.url, page.reason) for page in shown])
    for remark in ended.job.progress.get("notes", []):
        note(str(remark))
    counts = ended.as_json()["counts"]
    said = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing"
    passages = ended.job.progress.get("passages", 0)
    say(f"{ended.job.status}: {said}; {passages} passages in {ended.seconds:.1f} s")
    if ended.job.error:
        note(ended.job.error)
