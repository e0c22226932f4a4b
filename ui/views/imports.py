"""Imports as people watch them: the list with its form, and one import page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from store.values.imports import HeldPassage, ImportPage, ImportSchedule
from store.values.work import Job
from ui.views.forms import Form
from ui.views.shell import Shell
from ui.views.words import Sign, stamp

FAMILIES = {
    "indexed": "done",
    "unchanged": "closed",
    "listed": "done",
    "skipped": "closed",
    "failed": "urgent",
    "gone": "waiting",
    "quarantined": "human",
    "queued": "waiting",
    "fetched": "active",
}
JOB_FAMILIES = {
    "queued": "waiting",
    "running": "active",
    "done": "done",
    "failed": "urgent",
    "cancelled": "closed",
}
OPEN = ("queued", "fetched")
Tab = tuple[str, str, bool]


@dataclass(frozen=True)
class JobLine:
    """An import in the list."""

    site: str
    url: str
    sign: Sign
    counts: str
    passages: int
    at: str
    error: str
    dry: bool


@dataclass(frozen=True)
class HeldLine:
    """A passage that waits for a person."""

    id: str
    title: str
    page: str
    text: str
    reason: str


@dataclass(frozen=True)
class NightLine:
    """A site that is imported every night."""

    id: str
    site: str
    next_run: str


@dataclass(frozen=True)
class Imports:
    """The imports of one company, and what waits for a decision."""

    template: ClassVar[str] = "imports.html"
    shell: Shell
    company: str
    companies: tuple[Tab, ...]
    jobs: tuple[JobLine, ...]
    held: tuple[HeldLine, ...]
    nights: tuple[NightLine, ...]
    form: Form
    upload: Form
    said: str = ""
    may_change: bool = True


@dataclass(frozen=True)
class PageLine:
    """An address of an import."""

    url: str
    title: str
    sign: Sign
    reason: str
    passages: int


@dataclass(frozen=True)
class ImportShown:
    """One import as it goes."""

    template: ClassVar[str] = "import.html"
    shell: Shell
    id: str
    site: str
    company: str
    sign: Sign
    done: int
    total: int
    counts: str
    passages: int
    error: str
    notes: tuple[str, ...]
    pages: tuple[PageLine, ...]
    states: tuple[Tab, ...]
    back: str
    live: bool
    dry: bool
    may_cancel: bool
    may_retry: bool
    held: tuple[HeldLine, ...] = ()


def job_line(job: Job) -> JobLine:
    """A job in the list."""
    return JobLine(
        site=str(job.arguments.get("url", "")),
        url=f"/imports/{job.id}",
        sign=Sign(JOB_FAMILIES.get(job.status, "closed"), job.status.capitalize()),
        counts=counts_of(job.progress),
        passages=int(job.progress.get("passages", 0)),
        at=stamp(job.created_at),
        error=job.error,
        dry=bool(job.arguments.get("dry_run")),
    )


def counts_of(progress: Mapping[str, object]) -> str:
    """`31 indexed, 2 failed`."""
    return ", ".join(f"{progress[name]} {name}" for name in FAMILIES if progress.get(name))


def page_line(page: ImportPage) -> PageLine:
    """An address in the table."""
    sign = Sign(FAMILIES.get(page.state, "closed"), page.state)
    return PageLine(page.url, page.title, sign, page.reason, page.passages)


def held_line(held: HeldPassage) -> HeldLine:
    """A held passage with its text."""
    passage = held.passage
    title = " › ".join(part for part in (passage.title, passage.heading) if part)
    return HeldLine(held.id, title, passage.url, passage.text, held.reason)


def night_line(schedule: ImportSchedule) -> NightLine:
    """A nightly import."""
    return NightLine(schedule.id, schedule.url, stamp(schedule.next_run))


def import_shown(
    job: Job,
    pages: Sequence[ImportPage],
    held: Sequence[HeldPassage],
    *,
    shell: Shell,
    company: tuple[str, str],
    state: str,
    may_change: bool,
) -> ImportShown:
    """One import; `company` is (slug, name), `state` shows the pages in one state only."""
    slug, name = company
    progress = {key: value for key, value in job.progress.items() if isinstance(value, int)}
    total = sum(count for key, count in progress.items() if key != "passages")
    waiting = sum(progress.get(key, 0) for key in OPEN)
    live = job.status in ("queued", "running")
    path = f"/imports/{job.id}"
    found = [key for key in FAMILIES if progress.get(key)]
    states = [("All", path, not state)]
    states += [(f"{key} {progress[key]}", f"{path}?state={key}", key == state) for key in found]
    urls = {page.url for page in pages}
    return ImportShown(
        shell=shell,
        id=job.id,
        site=str(job.arguments.get("url", "")),
        company=name,
        sign=Sign(JOB_FAMILIES.get(job.status, "closed"), job.status.capitalize()),
        done=total - waiting,
        total=total,
        counts=counts_of(progress),
        passages=progress.get("passages", 0),
        error=job.error,
        notes=tuple(str(note) for note in job.progress.get("notes", ())),
        pages=tuple(page_line(page) for page in pages if state in ("", page.state)),
        states=tuple(states),
        back=f"/imports?company={slug}",
        live=live,
        dry=bool(job.arguments.get("dry_run")),
        may_cancel=may_change and live and not job.cancel_asked,
        may_retry=may_change and not live and bool(progress.get("failed")),
        held=tuple(held_line(each) for each in held if each.passage.url in urls) if may_change else (),
    )
