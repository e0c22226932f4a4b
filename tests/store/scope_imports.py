"""Every method of imports and quarantine, as the test of tenant isolation calls it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from store.unit import UnitOfWork

SOON = timedelta(minutes=5)

IMPORT_CALLS: dict[str, Callable[[UnitOfWork, Any], object]] = {
    "imports.start": lambda u, k: u.imports.start(k.company, {"url": "https://a.example/"}),
    "imports.reopen": lambda u, k: u.imports.reopen(k.job.id),
    "imports.add_pages": lambda u, k: u.imports.add_pages(k.job, [("https://a.example/", 0)], 9),
    "imports.waiting": lambda u, k: u.imports.waiting(),
    "imports.open_pages": lambda u, k: u.imports.open_pages(k.job.id),
    "imports.pages": lambda u, k: u.imports.pages(k.job.id),
    "imports.settle": lambda u, k: u.imports.settle(k.job, k.page, state="failed"),
    "imports.abandon": lambda u, k: u.imports.abandon(k.job, "x"),
    "imports.tally": lambda u, k: {n: c for n, c in u.imports.tally(k.job.id).items() if c},
    "imports.earlier": lambda u, k: u.imports.earlier(k.company, "job_other"),
    "imports.schedule": lambda u, k: u.imports.schedule(
        k.company, "https://b.example/", {}, k.session.created_at
    ),
    "imports.schedules": lambda u, k: u.imports.schedules(),
    "imports.postpone": lambda u, k: u.imports.postpone(k.schedule, k.session.created_at + SOON),
    "imports.unschedule": lambda u, k: u.imports.unschedule(k.schedule.id),
    "quarantine.decisions": lambda u, k: u.quarantine.decisions(k.source),
    "quarantine.hold": lambda u, k: u.quarantine.hold(k.company, k.source, ()),
    "quarantine.waiting": lambda u, k: u.quarantine.waiting(),
    "quarantine.get": lambda u, k: u.quarantine.get(k.held),
    "quarantine.decide": lambda u, k: u.quarantine.decide(k.held, approve=True, by="usr_1"),
}
