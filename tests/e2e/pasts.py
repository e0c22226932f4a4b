"""What a desk has to look back on: prices told, drafts tried, answers judged."""

import time
from datetime import UTC, datetime
from functools import partial

from api.auth.callers import RIGHTS, Caller
from api.reruns import Reruns
from api.reviews import DRAWS, draw
from api.routes.knowledge import EntryChange, change_entry
from api.shadow.drafts import Draft
from api.trial import TrialDesk
from api.wiring import refresh_index
from seeds.schema import all_companies
from store.unit import UnitOfWork
from store.values.knowledge import EntryFields
from store.values.scope import Scope
from tests.e2e.real_desk import RealDesk

SLUG = "tamarind-lane"
ASKED = "What does the monsoon umbrella cost?"
OPERATOR = Caller("operator", "operator", frozenset(RIGHTS), None)
ROUND = {
    "companies": 3, "foundByOwner": 3, "n": 840, "leaks": 0, "leaked": [],
    "bySurface": {"bot": 30, "search": 36, "GET /api/tickets": 6, "POST /api/run": 12, "page /inbox": 3},
}  # fmt: skip
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ENDS = ("yes", "yes", "partly", "no", "", "")
"""What customers say of their tickets; those who say nothing leave them open."""
VERDICTS = ("right", "right", "right", "wrong", "right", "unsure")
WORK = ("queued", "running")


def told_price(desk: RealDesk) -> str:
    """An entry with a price that one customer was told; its id."""
    fields = EntryFields(
        title=ASKED,
        content=("The monsoon umbrella costs ₹649.",),
        questions=("Price of the monsoon umbrella?",),
    )
    entry = desk.do(lambda uow: uow.knowledge.create_entry(uow.companies.by_slug(SLUG).id, fields).id)
    desk.run(refresh_index(desk.desk))
    _, reply = asked(desk, SLUG, ASKED, "customer@example.com")
    assert "₹649" in reply, reply
    return entry


def asked(desk: RealDesk, slug: str, text: str, email: str) -> tuple[str, str]:
    """The ticket of a new customer, and what is answered on it."""
    talk = desk.run(TrialDesk(desk.desk).open(slug, email, verified=True))
    return talk.ticket_id, desk.run(talk.say(text)).response


def with_past(desk: RealDesk) -> dict[str, str]:
    """Let the desk live for a while; the addresses of what there is to see, by the names of pictures."""
    for seed in all_companies():
        for number, known in enumerate(seed.entries[:12]):
            text = known.questions[-1 if number % 2 else 0]
            ticket, _ = asked(desk, seed.company.slug, text, f"past{number}@example.com")
            if end := ENDS[number % len(ENDS)]:
                desk.do(partial(_end, ticket=ticket, answer=end))
    entry = told_price(desk)
    changed = {"answer": "The monsoon umbrella costs ₹699."}
    tried = _tried(desk, Draft(kind="entry", id=entry, body=changed))
    unchanged = _tried(desk, Draft(kind="entry", id=entry, body={"category": "prices"}))
    desk.run(change_entry(desk.desk, OPERATOR, entry, EntryChange.model_validate(changed)))
    _judge(desk, SLUG)
    desk.do(lambda uow: uow.isolation.keep(ROUND, 40.0))
    change = desk.ask(lambda uow: uow.recall.changes(uow.companies.by_slug(SLUG).id, entry)[0].id)
    told = desk.ask(lambda uow: uow.turns.log(limit=1, company_id=uow.companies.by_slug(SLUG).id)[0])
    return {
        "replay": f"/tickets/{told.ticket_id}/replay",
        "rerun-form": f"/knowledge/{entry}",
        "reruns": "/reruns",
        "rerun": f"/reruns/{tried}",
        "rerun-same": f"/reruns/{unchanged}",
        "case": f"/tickets/{told.ticket_id}/case/new?turn={told.id}",
        "recall": f"/recall/{change}",
    }


def _end(uow: UnitOfWork, ticket: str, answer: str) -> None:
    uow.tickets.close(ticket, "customer")
    uow.tickets.conclude(ticket, answer)


def _tried(desk: RealDesk, draft: Draft) -> str:
    """The id of a trial that has ended."""

    async def start() -> tuple[str, str]:
        made = await Reruns(desk.desk).start(OPERATOR, draft)
        return made.id, made.job_id

    trial, job = desk.run(start())
    while desk.ask(lambda uow: uow.jobs.get(job).status) in WORK:
        time.sleep(0.1)
    return trial


def _judge(desk: RealDesk, slug: str) -> None:
    """Answers drawn and marked, all but the last one."""
    desk.run(draw(desk.desk, Scope.operator(), slug, DRAWS[0], LONG_AGO, "lead"))

    def mark(uow: UnitOfWork, verdict: str) -> None:
        company = uow.companies.by_slug(slug).id
        found = uow.reviews.next(company)
        if found is not None and uow.reviews.waiting(company) > 1:
            uow.reviews.mark(found.id, verdict, "", "lead")  # type: ignore[arg-type]

    for number in range(DRAWS[0]):
        desk.do(partial(mark, verdict=VERDICTS[number % len(VERDICTS)]))
