"""Every method of imports, phrases, jobs and sessions, as the test of tenant isolation calls it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from store.unit import UnitOfWork

CLAIM = ("psg_old", "It costs ₹99.", "It costs ₹99.")
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
    "outcomes.recount": lambda u, k: sum(
        u.outcomes.recount(
            k.company, k.session.created_at - SOON, k.session.created_at + SOON
        ).outcomes.values()
    ),
    "outcomes.tickets": lambda u, k: u.outcomes.tickets(k.session.created_at - SOON),
    "reviews.drawable": lambda u, k: u.reviews.drawable(k.company, k.session.created_at - SOON),
    "reviews.left": lambda u, k: u.reviews.left(k.company, k.session.created_at - SOON),
    "reviews.draw": lambda u, k: u.reviews.draw(k.company, [k.done]),
    "reviews.get": lambda u, k: u.reviews.get(k.review),
    "reviews.next": lambda u, k: u.reviews.next(k.company),
    "reviews.waiting": lambda u, k: u.reviews.waiting(k.company),
    "reviews.mark": lambda u, k: u.reviews.mark(k.review, "wrong", "", "usr_1"),
    "reviews.marks": lambda u, k: u.reviews.marks(k.company, k.session.created_at - SOON),
    "recall.changes": lambda u, k: u.recall.changes(k.company),
    "recall.change": lambda u, k: u.recall.change(k.change),
    "recall.claims": lambda u, k: u.recall.claims(k.change),
    "recall.standing": lambda u, k: u.recall.standing(k.company),
    "recall.count": lambda u, k: sum(u.recall.count(k.change, [CLAIM])),
    "recall.answers": lambda u, k: u.recall.answers(k.change, CLAIM),
    "recall.decide": lambda u, k: u.recall.decide(k.rested, k.company, "nothing", "usr_1"),
    "quarantine.decisions": lambda u, k: u.quarantine.decisions(k.source),
    "quarantine.hold": lambda u, k: u.quarantine.hold(k.company, k.source, ()),
    "quarantine.waiting": lambda u, k: u.quarantine.waiting(),
    "quarantine.get": lambda u, k: u.quarantine.get(k.held),
    "quarantine.decide": lambda u, k: u.quarantine.decide(k.held, approve=True, by="usr_1"),
    "phrases.for_company": lambda u, k: u.phrases.for_company(k.company),
    "phrases.add": lambda u, k: u.phrases.add(k.company, "complaint", "too dim"),
    "phrases.get": lambda u, k: u.phrases.get(k.phrase),
    "phrases.delete": lambda u, k: u.phrases.delete(k.phrase),
    "erasures.export": lambda u, k: u.erasures.export(k.company, k.customer.email),
    "erasures.erase": lambda u, k: u.erasures.erase(k.company, k.customer.email),
    "erasures.receipts": lambda u, k: u.erasures.receipts(),
    "erasures.swept": lambda u, k: u.erasures.swept("era_1"),
    "erasures.closed": lambda u, k: u.erasures.closed(k.session.created_at - SOON, k.session.created_at),
    "erasures.expire": lambda u, k: u.erasures.expire(k.session.created_at + SOON),
    "jobs.add": lambda u, k: u.jobs.add("import", {}, company_id=k.company),
    "jobs.get": lambda u, k: u.jobs.get(k.job.id),
    "jobs.all": lambda u, k: u.jobs.all(),
    "jobs.claim": lambda u, k: u.jobs.claim("worker", ("import",), 10),
    "jobs.report": lambda u, k: u.jobs.report(k.job, {}, 10),
    "jobs.finish": lambda u, k: u.jobs.finish(k.job, "done"),
    "jobs.cancel": lambda u, k: u.jobs.cancel(k.job.id),
    "jobs.add_items": lambda u, k: u.jobs.add_items(k.job.id, ("x",)),
    "jobs.items": lambda u, k: u.jobs.items(k.job.id),
    "jobs.settle_item": lambda u, k: u.jobs.settle_item(k.item, "done"),
    "jobs.counts": lambda u, k: u.jobs.counts(k.job.id),
    "sessions.open": lambda u, k: u.sessions.open(k.company, "other token"),
    "sessions.by_token": lambda u, k: u.sessions.by_token("token"),
    "sessions.get": lambda u, k: u.sessions.get(k.session.id),
    "sessions.touch": lambda u, k: u.sessions.touch(k.session.id),
    "sessions.label": lambda u, k: u.sessions.label(k.session.id, "x@example.com"),
    "sessions.rotate": lambda u, k: u.sessions.rotate(k.session.id, "new"),
    "sessions.verify": lambda u, k: u.sessions.verify(k.session.id, k.customer.id, "x@example.com"),
    "sessions.use_token_id": lambda u, k: u.sessions.use_token_id(
        k.company, "jti", k.session.created_at + SOON
    ),
    "sessions.send_code": lambda u, k: u.sessions.send_code(
        k.session, "x@example.com", "1", k.session.created_at + SOON
    ),
    "sessions.codes_since": lambda u, k: u.sessions.codes_since(
        k.session, k.customer.email, k.session.created_at
    ),
    "sessions.check_code": lambda u, k: u.sessions.check_code(k.session, "123456"),
    "outbox.claim": lambda u, k: u.outbox.claim(k.session.created_at + SOON),
    "http_tools.of_company": lambda u, k: u.http_tools.of_company(k.company),
    "http_tools.offered": lambda u, k: u.http_tools.offered(k.company, k.agent),
    "http_tools.switch": lambda u, k: u.http_tools.switch(k.company, {"weather": False}),
    "http_tools.get": lambda u, k: u.http_tools.get(k.http_tool),
    "http_tools.create": lambda u, k: u.http_tools.create(k.company, "stock", {}),
    "http_tools.change": lambda u, k: u.http_tools.change(k.http_tool, {}, enabled=False),
    "http_tools.delete": lambda u, k: u.http_tools.delete(k.http_tool),
    "http_tools.secret": lambda u, k: u.http_tools.secret(k.http_tool),
    "approvals.ask": lambda u, k: u.approvals.ask(k.company, k.ticket, "trn", "new", "t", "a", {}),
    "approvals.get": lambda u, k: u.approvals.get(k.approval),
    "approvals.of_ticket": lambda u, k: u.approvals.of_ticket(k.ticket),
    "approvals.decide": lambda u, k: u.approvals.decide(k.approval, "approved", "usr_1"),
    "approvals.ended": lambda u, k: u.approvals.ended(k.approval, "done", "x"),
}
