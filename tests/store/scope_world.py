"""One of everything for the first company, so that a second one can be shown to see none of it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from store.unit import UnitOfWork
from store.values.desk import RuleFields
from store.values.evals import Gate
from store.values.imports import Suspicion
from store.values.knowledge import ArticleFields, EntryFields, PassageFields, SourceFields
from store.values.scope import Scope
from store.values.turns import KeptValue, ReceiptRecord
from tests.store.desk import EXCHANGE, SmallDesk, recording_of

ENTRY = EntryFields(title="Timing", content=("It takes one minute.",), questions=("How long?",))
RULE = RuleFields(name="Dispute", terms=("refund",), route="escalate")
OPERATORS_ONLY = ("staff", "seed_marks", "isolation")
DIALECTS = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Known:
    """Everything that the first company has one of."""

    company: str
    customer: Any
    agent: str
    session: Any
    ticket: str
    message: str
    running: Any
    done: str
    eval_run: str
    own_case: str
    entry: Any
    source: str
    article: str
    passage: str
    gap: str
    rule: str
    phrase: str
    record: str
    order: str
    key: str
    job: Any
    page: str
    held: str
    schedule: Any
    item: Any
    outgoing: str
    http_tool: str
    approval: str
    ledger: Any
    recorded: str
    rerun: str
    user: str
    change: str
    rested: Any
    review: str
    view: str
    canned: str
    shared_rule: str


CLAIM = ("psg_old", "It costs ₹99.", "It costs ₹99.")


def change_a_price(uow: UnitOfWork, company_id: str) -> dict[str, Any]:
    """A page whose old price an answer rested on."""
    for price, content_hash in (("₹99", "old"), ("₹120", "new")):
        passage = PassageFields(title="Price", text=f"It costs {price}.", content_hash=content_hash)
        uow.knowledge.publish_source(
            company_id,
            SourceFields(url="/price", content_hash=content_hash),
            [passage],
            ids={"old": "psg_old"},
        )
    change = uow.recall.changes(company_id)[0].id
    rested = uow.recall.answers(change, CLAIM)[0]
    uow.reviews.draw(company_id, [rested.turn_id])
    review = uow.reviews.next(company_id)
    assert review is not None
    return {"change": change, "rested": rested, "review": review.id}


def fill(uow: UnitOfWork, desk: SmallDesk, waiting: str) -> dict[str, Any]:
    """One of each for the first company."""
    first = desk.company.id
    customer = uow.customers.ensure(first, "anna@example.com", demo=True)
    session = uow.sessions.open(first, "token", customer_id=customer.id, email=customer.email, verified=True)
    uow.sessions.send_code(session, customer.email, "123456", desk.clock.now() + timedelta(minutes=10))
    uow.companies.add_identity_secret(first, "kid", "secret")
    uow.agents.set_tools(desk.agent.id, {"reboot_node": True})
    entry = uow.knowledge.create_entry(first, ENTRY)
    page = PassageFields(title="Contact", text="Write to us.")
    source = uow.knowledge.publish_source(first, SourceFields(url="/contact", content_hash="x"), [page])
    article = uow.knowledge.put_article(first, ArticleFields(title="Policy", slug="policy", content="Text"))
    record = uow.records.put(
        first,
        "ND-1",
        record_type="node_deployment",
        email=customer.email,
        status="healthy",
        payload={"reboot_allowed": True},
    )
    order = uow.orders.put(first, "TL-1", email=customer.email, status="placed", data={})
    job = uow.jobs.add("import", {}, company_id=first)
    uow.jobs.add_items(job.id, ("/contact",))
    running = uow.jobs.claim("first worker", ("import",), 60)
    assert running is not None
    site_page = uow.imports.add_pages(running, [("https://a.example/", 0)], 9)[0]
    uow.imports.settle(running, site_page.id, state="indexed", passages=1)
    suspicious = replace(page, content_hash="suspicious")
    uow.quarantine.hold(first, source.id, [Suspicion(passage=suspicious, position=1, reason="orders")])
    schedule = uow.imports.schedule(first, "https://a.example/", {}, desk.clock.now())
    uow.exchanges.add(uow.turns.of_ticket(waiting)[-1].id, first, 1, EXCHANGE, texts=True)
    rerun = uow.reruns.begin(first, job.id, title="x", draft={}, base="", started_by="x")
    uow.reruns.end(rerun.id, {}, [{"ticketId": waiting}])
    uow.gates.begin(Gate(company_id=first))
    recorded = uow.turns.of_ticket(waiting)[-1].id
    uow.recordings.keep(recording_of(first, recorded))
    ledger = uow.ledger.begin(first, waiting, uow.turns.of_ticket(waiting)[-1].id, "key", "reboot_node", {})
    uow.audit.add("usr_1", "change", "agent", company_id=first)
    user = uow.staff.create("lead@example.com", "hash")
    uow.staff.grant(user.id, first, "lead")
    uow.tags.ensure(first, ("vip",))
    uow.agents.set_company_tools(first, {"reboot_node": False})
    return {
        "company": first,
        "customer": customer,
        "agent": desk.agent.id,
        "session": session,
        "entry": entry,
        "source": source.id,
        "article": article.id,
        "passage": uow.knowledge.passages(first)[0].id,
        "rule": uow.rules.create(first, RULE).id,
        "shared_rule": uow.rules.create(None, RULE).id,
        "phrase": uow.phrases.add(first, "complaint", "it flickers").id,
        "record": record.id,
        "order": order.id,
        "key": uow.keys.create(
            "sk_first_key_of_the_company", name="site", scopes=("run",), company_id=first
        ).id,
        "job": running,
        "page": site_page.id,
        "held": uow.quarantine.waiting(first)[0].id,
        "schedule": schedule,
        "item": uow.jobs.items(job.id)[0],
        "outgoing": uow.outbox.put("mail", "anna@example.com", company_id=first).id,
        "http_tool": uow.http_tools.create(first, "weather", {"url": "x"}, secret="s").id,
        "approval": uow.approvals.ask(first, waiting, "trn", "apr", "weather", "Ask", {}).id,
        "eval_run": uow.evals.keep(
            "x", arguments={}, summary={}, cases=[], started_by="x", company_id=first
        ).id,
        "own_case": uow.evals.add_case(first, {"turns": ["x"]}).id,
        "ledger": ledger,
        "recorded": recorded,
        "rerun": rerun.id,
        "user": user.id,
        "view": uow.desk_work.save_view(user.id, "mine", "tag=vip").id,
        "canned": uow.desk_work.add_canned(first, "thanks", "Thank you.", "en").id,
        **change_a_price(uow, first),
        "gap": uow.knowledge.gaps(first)[0].id,
    }


async def one_of_everything(desk: SmallDesk) -> Known:
    """A ticket with an answer and a running turn, and one of each of the rest."""
    ticket = await desk.ticket()
    rested = ReceiptRecord(
        claim="It costs ₹99.", supported=True, source_id="psg_old", source_title="Price", source_hash="old",
        quote="It costs ₹99.", score=1.0, reasons=(),
    )  # fmt: skip
    done = await desk.answered(ticket.id, gap="Do you sell hats?", tags=("policy",), receipts=(rested,))
    value = KeptValue("[email_1]", "email", "anna@example.com", "an•••@example.com")
    accepted = await desk.accept(ticket.id, "I am [email_1]", values=(value,), client_message_id="one")
    running = await desk.claimed()
    rest = await desk.store.write(Scope.operator(), lambda uow: fill(uow, desk, ticket.id))
    await desk.flush(running, (0, "One."))
    return Known(**rest, ticket=ticket.id, message=accepted.message_id, running=running, done=done.turn_id)
