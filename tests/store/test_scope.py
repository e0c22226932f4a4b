"""Tenant isolation: with another company's scope, no method of any repository sees or changes anything.

Every public method of every repository is called with the first company's ids in the second company's scope;
a method that is not in the table fails the test, and so does any byte of the database that differs after.
"""

import contextlib
import inspect
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from graph.errors import Conflict, LeaseLost, NotFound
from store.repositories.base import Repository
from store.repositories.recall import ChangeNoting
from store.unit import UnitOfWork
from store.values.companies import AgentFields, CompanyFields
from store.values.evals import Gate
from store.values.figures import TurnFilters
from store.values.knowledge import ArticleFields, SourceFields
from store.values.scope import Scope
from store.values.tickets import InboxFilters, InboxPage
from store.values.turns import NewMessage
from tests.store.desk import EXCHANGE, RESULT, SmallDesk, recording_of
from tests.store.scope_imports import IMPORT_CALLS
from tests.store.scope_world import ENTRY, OPERATORS_ONLY, RULE, Known, one_of_everything

Call = Callable[[UnitOfWork, Known], Any]


@pytest.fixture
async def known(desk: SmallDesk) -> Known:
    """One of everything."""
    return await one_of_everything(desk)


SOON = timedelta(minutes=5)
CALLS: dict[str, Call] = {
    "companies.all": lambda u, k: [c for c in u.companies.all() if c.id == k.company],
    "companies.get": lambda u, k: u.companies.get(k.company),
    "companies.by_slug": lambda u, k: u.companies.by_slug("first"),
    "companies.find": lambda u, k: u.companies.find("first"),
    "companies.create": lambda u, k: u.companies.create(CompanyFields(slug="third", name="Third")),
    "companies.change": lambda u, k: u.companies.change(k.company, CompanyFields(slug="x", name="X")),
    "companies.identity_secrets": lambda u, k: u.companies.identity_secrets(k.company),
    "companies.add_identity_secret": lambda u, k: u.companies.add_identity_secret(k.company, "k", "s"),
    "customers.get": lambda u, k: u.customers.get(k.customer.id),
    "customers.by_email": lambda u, k: u.customers.by_email(k.company, k.customer.email),
    "customers.ensure": lambda u, k: u.customers.ensure(k.company, "new@example.com"),
    "customers.proven": lambda u, k: u.customers.proven(k.customer.id),
    "customers.demo": lambda u, k: u.customers.demo(k.company),
    "agents.all": lambda u, k: u.agents.all(k.company),
    "agents.get": lambda u, k: u.agents.get(k.agent),
    "agents.default": lambda u, k: u.agents.default(k.company),
    "agents.create": lambda u, k: u.agents.create(k.company, AgentFields(name="New")),
    "agents.change": lambda u, k: u.agents.change(k.agent, AgentFields(name="New")),
    "agents.named": lambda u, k: u.agents.named(k.company, u.agents.get(k.agent).name),
    "agents.delete": lambda u, k: u.agents.delete(k.agent),
    "agents.versions": lambda u, k: u.agents.versions(k.agent),
    "agents.tools": lambda u, k: u.agents.tools(k.agent),
    "agents.agent_tools": lambda u, k: u.agents.agent_tools(k.agent),
    "agents.set_tools": lambda u, k: u.agents.set_tools(k.agent, {"reboot_node": False}),
    "agents.company_tools": lambda u, k: u.agents.company_tools(k.company),
    "agents.set_company_tools": lambda u, k: u.agents.set_company_tools(k.company, {"reboot_node": True}),
    "tickets.open": lambda u, k: u.tickets.open(k.company, None, k.agent, None, "widget"),
    "tickets.get": lambda u, k: u.tickets.get(k.ticket),
    "tickets.by_number": lambda u, k: u.tickets.by_number(1001),
    "tickets.get_owned": lambda u, k: u.tickets.get_owned(k.ticket, k.session),
    "tickets.by_client_message": lambda u, k: u.tickets.by_client_message(k.company, "widget", "one"),
    "tickets.of_session": lambda u, k: u.tickets.of_session(k.session.id),
    "tickets.of_customer": lambda u, k: u.tickets.of_customer(k.customer.id),
    "tickets.identify": lambda u, k: u.tickets.identify(k.ticket, k.customer.id, verified=True),
    "tickets.messages": lambda u, k: u.tickets.messages(k.ticket, notes=True),
    "tickets.events": lambda u, k: u.tickets.events(k.ticket),
    "tickets.tags": lambda u, k: u.tickets.tags(k.ticket),
    "tickets.feedback": lambda u, k: u.tickets.feedback(k.ticket, k.message, "up"),
    "tickets.ratings": lambda u, k: u.tickets.ratings(k.ticket),
    "tickets.count": lambda u, k: u.tickets.count(),
    "tickets.request_handoff": lambda u, k: u.tickets.request_handoff(k.ticket),
    "tickets.decline_handoff": lambda u, k: u.tickets.decline_handoff(k.ticket),
    "tickets.take_over": lambda u, k: u.tickets.take_over(k.ticket, k.user, "Lea"),
    "tickets.hand_back": lambda u, k: u.tickets.hand_back(k.ticket),
    "tickets.human_reply": lambda u, k: u.tickets.human_reply(k.ticket, k.user, "Hello"),
    "tickets.note": lambda u, k: u.tickets.note(k.ticket, k.user, "Hello"),
    "tickets.correct": lambda u, k: u.tickets.correct(k.ticket, k.user, "Hello"),
    "tickets.close": lambda u, k: u.tickets.close(k.ticket, "customer"),
    "tickets.assign": lambda u, k: u.tickets.assign(k.ticket, k.user, "Lea"),
    "tickets.prioritise": lambda u, k: u.tickets.prioritise(k.ticket, "urgent"),
    "tickets.reopen": lambda u, k: u.tickets.reopen(k.ticket),
    "tickets.stop_reply": lambda u, k: u.tickets.stop_reply(k.ticket),
    "tickets.conclude": lambda u, k: u.tickets.conclude(k.ticket, "yes"),
    "tickets.silent_since": lambda u, k: u.tickets.silent_since(k.company, k.session.created_at + SOON),
    "tickets.close_silent": lambda u, k: u.tickets.close_silent(k.ticket),
    "tickets.told_since": lambda u, k: u.tickets.told_since(k.ticket, 0, k.user),
    "tickets.inbox_counts": lambda u, k: u.tickets.inbox_counts(InboxFilters()).total,
    "tickets.waiting_for_a_person": lambda u, k: u.tickets.waiting_for_a_person(),
    "tickets.among": lambda u, k: u.tickets.among([k.ticket]),
    "desk_work.read": lambda u, k: u.desk_work.read(k.ticket, k.user, 1),
    "desk_work.reads": lambda u, k: u.desk_work.reads(k.user, [k.ticket]),
    "desk_work.left": lambda u, k: u.desk_work.left(k.ticket, k.user, k.session.created_at),
    "desk_work.watchers": lambda u, k: u.desk_work.watchers(k.ticket, k.session.created_at),
    "desk_work.views": lambda u, k: u.desk_work.views(k.user),
    "desk_work.save_view": lambda u, k: u.desk_work.save_view(k.user, "x", "x"),
    "desk_work.drop_view": lambda u, k: u.desk_work.drop_view(k.user, k.view),
    "desk_work.canned": lambda u, k: u.desk_work.canned(k.company),
    "desk_work.add_canned": lambda u, k: u.desk_work.add_canned(k.company, "x", "x", "en"),
    "desk_work.drop_canned": lambda u, k: u.desk_work.drop_canned(k.canned),
    "tickets.tag": lambda u, k: u.tickets.tag(k.ticket, ("x",)),
    "tickets.search": lambda u, k: u.tickets.search(InboxFilters(text="am")).ids,
    "tickets.inbox": lambda u, k: u.tickets.inbox(InboxFilters(company_id=k.company)),
    "tickets.trace": lambda u, k: u.tickets.trace(k.ticket),
    "turns.accept": lambda u, k: u.turns.accept(NewMessage(ticket_id=k.ticket, text="x", body_hash="x")),
    "turns.claim": lambda u, k: u.turns.claim(k.recorded, "worker", 30.0),
    "turns.load": lambda u, k: u.turns.load(k.running.turn_id),
    "turns.open_value": lambda u, k: u.turns.open_value(k.ticket, "email_1"),
    "turns.flush": lambda u, k: u.turns.flush(k.running.turn_id, k.running.token, [(1, "x")]),
    "turns.withdraw": lambda u, k: u.turns.withdraw(k.running.turn_id, k.running.token),
    "turns.tool_event": lambda u, k: u.turns.tool_event(k.running.turn_id, k.running.token, "x", "success"),
    "turns.complete": lambda u, k: u.turns.complete(k.running.turn_id, k.running.token, RESULT),
    "turns.fail": lambda u, k: u.turns.fail(k.running.turn_id, k.running.token, RESULT, "x"),
    "turns.get": lambda u, k: u.turns.get(k.done),
    "turns.of_ticket": lambda u, k: u.turns.of_ticket(k.ticket),
    "turns.tool_calls": lambda u, k: u.turns.tool_calls(k.done),
    "turns.trace": lambda u, k: u.turns.trace(k.done),
    "turns.traces": lambda u, k: u.turns.traces(k.ticket),
    "turns.log": lambda u, k: u.turns.log(),
    "exchanges.add": lambda u, k: u.exchanges.add(k.running.turn_id, k.company, 1, EXCHANGE, texts=True),
    "turns.tickets_answered": lambda u, k: u.turns.tickets_answered(k.company, 9),
    "reruns.begin": lambda u, k: u.reruns.begin(
        k.company, k.job.id, title="x", draft={}, base="", started_by="x"
    ),
    "reruns.end": lambda u, k: u.reruns.end(k.rerun, {"x": 1}, []),
    "reruns.published": lambda u, k: u.reruns.published(k.rerun),
    "reruns.get": lambda u, k: u.reruns.get(k.rerun),
    "reruns.of_job": lambda u, k: u.reruns.of_job(k.job.id),
    "reruns.all": lambda u, k: u.reruns.all(k.company),
    "reruns.forget": lambda u, k: u.reruns.forget([k.ticket]),
    "reruns.thin": lambda u, k: u.reruns.thin(EXCHANGE.started_at + timedelta(days=1)),
    "gates.of": lambda u, k: u.gates.of(k.company),
    "gates.set": lambda u, k: u.gates.set(Gate(company_id=k.company)),
    "gates.begin": lambda u, k: u.gates.begin(Gate(company_id=k.company)),
    "gates.due": lambda u, k: u.gates.due(EXCHANGE.started_at + timedelta(days=3)),
    "gates.ran": lambda u, k: u.gates.ran(k.company, "evl_1", passed=True),
    "evals.case": lambda u, k: u.evals.case(k.own_case),
    "evals.judge_case": lambda u, k: u.evals.judge_case(k.own_case, "disputed", "x"),
    "recordings.keep": lambda u, k: u.recordings.keep(recording_of(k.company, k.done)),
    "recordings.of_turn": lambda u, k: u.recordings.of_turn(k.recorded),
    "recordings.whole": lambda u, k: u.recordings.whole(k.recorded),
    "recordings.parts": lambda u, k: u.recordings.parts(k.company, ("one",)),
    "recordings.forget": lambda u, k: u.recordings.forget(EXCHANGE.started_at + timedelta(days=1)),
    "exchanges.of_turn": lambda u, k: u.exchanges.of_turn(k.done),
    "exchanges.spent": lambda u, k: u.exchanges.spent(k.company, EXCHANGE.started_at).calls,
    "exchanges.forget_texts": lambda u, k: u.exchanges.forget_texts(EXCHANGE.started_at + timedelta(days=1)),
    "ledger.begin": lambda u, k: u.ledger.begin(k.company, k.ticket, k.running.turn_id, "other", "x", {}),
    "ledger.finish": lambda u, k: u.ledger.finish(k.ledger, "failed", None),
    "ledger.find": lambda u, k: u.ledger.find("key"),
    "ledger.of_ticket": lambda u, k: u.ledger.of_ticket(k.ticket),
    "knowledge.passage_count": lambda u, k: u.knowledge.passage_count(k.company),
    "knowledge.passages": lambda u, k: u.knowledge.passages(k.company),
    "knowledge.passage": lambda u, k: u.knowledge.passage(k.passage),
    "knowledge.version": lambda u, k: u.knowledge.version(k.company),
    "knowledge.entries": lambda u, k: u.knowledge.entries(k.company),
    "knowledge.entry": lambda u, k: u.knowledge.entry(k.entry.id),
    "knowledge.create_entry": lambda u, k: u.knowledge.create_entry(k.company, ENTRY),
    "knowledge.publish_entry": lambda u, k: u.knowledge.publish_entry(k.entry),
    "knowledge.delete_entry": lambda u, k: u.knowledge.delete_entry(k.entry.id),
    "knowledge.entry_revisions": lambda u, k: u.knowledge.entry_revisions(k.entry.id),
    "knowledge.sources": lambda u, k: u.knowledge.sources(k.company),
    "knowledge.source": lambda u, k: u.knowledge.source(k.source),
    "knowledge.source_by_url": lambda u, k: u.knowledge.source_by_url(k.company, "/contact"),
    "knowledge.source_passages": lambda u, k: u.knowledge.source_passages(k.source),
    "knowledge.announce": lambda u, k: u.knowledge.announce(k.company),
    "knowledge.publish_source": lambda u, k: u.knowledge.publish_source(
        k.company, SourceFields(url="/contact"), []
    ),
    "knowledge.note_source": lambda u, k: u.knowledge.note_source(k.source, status="failed"),
    "knowledge.retire_source": lambda u, k: u.knowledge.retire_source(k.source),
    "knowledge.articles": lambda u, k: u.knowledge.articles(k.company),
    "knowledge.article": lambda u, k: u.knowledge.article(k.article),
    "knowledge.article_by_slug": lambda u, k: u.knowledge.article_by_slug(k.company, "policy"),
    "knowledge.put_article": lambda u, k: u.knowledge.put_article(
        k.company, ArticleFields(title="X", slug="policy", content="X")
    ),
    "knowledge.gaps": lambda u, k: u.knowledge.gaps(k.company),
    "knowledge.settle_gap": lambda u, k: u.knowledge.settle_gap(k.gap, "answered"),
    "rules.for_company": lambda u, k: u.rules.for_company(k.company),
    "rules.all": lambda u, k: [rule for rule in u.rules.all() if rule.company_id],
    "rules.get": lambda u, k: u.rules.get(k.rule),
    "rules.create": lambda u, k: u.rules.create(k.company, RULE),
    "rules.change": lambda u, k: u.rules.change(k.rule, RULE),
    "rules.delete": lambda u, k: u.rules.delete(k.rule),
    "records.for_session": lambda u, k: u.records.for_session("ses").all(),
    "records.find": lambda u, k: u.records.find(k.company, "ND-1"),
    "records.get": lambda u, k: u.records.get(k.record),
    "records.of_email": lambda u, k: u.records.of_email(k.company, k.customer.email),
    "records.all": lambda u, k: u.records.all(),
    "records.change": lambda u, k: u.records.change(k.company, "ND-1", status="rebooting"),
    "records.put": lambda u, k: u.records.put(
        k.company, "ND-2", record_type="x", email=None, status="x", payload={}
    ),
    "records.delete": lambda u, k: u.records.delete(k.company, "ND-1"),
    "orders.delete": lambda u, k: u.orders.delete(k.company, "TL-1"),
    "alerts.first": lambda u, k: u.alerts.first(k.company, "key"),
    "evals.keep": lambda u, k: u.evals.keep(
        "x", arguments={}, summary={}, cases=[], started_by="x", company_id=k.company
    ),
    "evals.runs": lambda u, k: u.evals.runs(),
    "evals.run": lambda u, k: u.evals.run(k.eval_run),
    "evals.own_cases": lambda u, k: u.evals.own_cases(k.company),
    "evals.add_case": lambda u, k: u.evals.add_case(k.company, {"turns": ["x"]}),
    "evals.drop_case": lambda u, k: u.evals.drop_case(k.own_case),
    "figures.days": lambda u, k: u.figures.days("2000-01-01"),
    "figures.counted_until": lambda u, k: u.figures.counted_until(),
    "figures.changed": lambda u, k: u.figures.changed(k.session.created_at - 9 * SOON),
    "figures.count": lambda u, k: {n: v for n, v in u.figures.count(k.company, "2026-11-21").items() if v},
    "figures.keep": lambda u, k: u.figures.keep(k.company, "2026-11-21", {}, k.session.created_at),
    "figures.log": lambda u, k: u.figures.log(TurnFilters()),
    "figures.calls_of": lambda u, k: u.figures.calls_of([k.done]),
    "figures.tool_counts": lambda u, k: u.figures.tool_counts(k.company, k.session.created_at - SOON),
    "figures.newest_calls": lambda u, k: u.figures.newest_calls(k.company, "reboot_node"),
    "orders.for_session": lambda u, k: u.orders.for_session("ses").all(),
    "orders.find": lambda u, k: u.orders.find(k.company, "TL-1"),
    "orders.get": lambda u, k: u.orders.get(k.order),
    "orders.of_email": lambda u, k: u.orders.of_email(k.company, k.customer.email),
    "orders.all": lambda u, k: u.orders.all(),
    "orders.change": lambda u, k: u.orders.change(k.company, "TL-1", status="refunded"),
    "orders.put": lambda u, k: u.orders.put(k.company, "TL-2", email="a@b.co", status="x", data={}),
    "tags.all": lambda u, k: u.tags.all(k.company),
    "tags.ensure": lambda u, k: u.tags.ensure(k.company, ("x",)),
    "keys.create": lambda u, k: u.keys.create("sk_x", name="x", scopes=(), company_id=k.company),
    "keys.by_key": lambda u, k: u.keys.by_key("sk_first_key_of_the_company"),
    "keys.get": lambda u, k: u.keys.get(k.key),
    "keys.all": lambda u, k: u.keys.all(),
    "keys.used": lambda u, k: u.keys.used(k.key),
    "keys.revoke": lambda u, k: u.keys.revoke(k.key),
    "audit.add": lambda u, k: u.audit.add("usr_1", "x", "x", company_id=k.company),
    "audit.all": lambda u, k: u.audit.all(),
    "outbox.put": lambda u, k: u.outbox.put("mail", "x@example.com", company_id=k.company),
    "outbox.waiting": lambda u, k: u.outbox.waiting(),
    "outbox.all": lambda u, k: u.outbox.all(),
    "outbox.sent": lambda u, k: u.outbox.sent(k.outgoing),
    "outbox.failed": lambda u, k: u.outbox.failed(k.outgoing, "x"),
    **IMPORT_CALLS,
}
OWN_ROWS: dict[str, Callable[[UnitOfWork, Known, str], Any]] = {
    "ledger.begin": lambda u, k, other: u.ledger.begin(
        other, k.ticket, k.running.turn_id, "other", "reboot_node", {}
    ),
    "quarantine.hold": lambda u, k, other: u.quarantine.hold(other, k.source, ()),
    "passages.note_change": lambda u, k, other: ChangeNoting(u._work).note_change(
        other, k.source, "entry", 2, [k.passage]
    ),
    "rules.change": lambda u, k, other: u.rules.change(k.shared_rule, RULE),
    "rules.delete": lambda u, k, other: u.rules.delete(k.shared_rule),
}
"""What the first company asks with rows that it may see, for another company or for all."""
SEEN = (
    "tickets.by_client_message",
    "tickets.get",
    "turns.get",
    "knowledge.entry",
    "records.all",
    "sessions.get",
    "jobs.get",
)


def public_methods() -> set[str]:
    """Every method that a unit of work offers, as `repository.method`."""
    repositories = inspect.getmembers(
        UnitOfWork, lambda member: hasattr(member, "func") and hasattr(member, "attrname")
    )
    found: set[str] = set()
    for name, member in repositories:
        kind = inspect.signature(member.func).return_annotation
        assert issubclass(kind, Repository)
        found |= {
            f"{name}.{method}"
            for method, _ in inspect.getmembers(kind, inspect.isfunction)
            if not method.startswith("_")
        }
    return found


def test_that_the_table_holds_every_method_of_every_repository() -> None:
    scoped = {name for name in public_methods() if name.partition(".")[0] not in OPERATORS_ONLY}

    assert scoped == set(CALLS)


async def test_that_a_foreign_company_sees_and_changes_nothing(
    desk: SmallDesk, known: Known, database: Path
) -> None:
    before = _dump(database)
    leaks: list[str] = []
    for name, call in CALLS.items():
        result = await desk.store.write(desk.foreign, partial(refused, call, known))
        nothing = isinstance(result, InboxPage) and not result.total and not result.rows
        if result and not nothing:
            leaks.append(f"{name}: {result!r}")

    assert leaks == []
    assert _dump(database) == before


async def test_that_the_company_itself_sees_what_the_table_asks_for(desk: SmallDesk, known: Known) -> None:
    """Guards the test above against a table whose ids lead nowhere."""
    blind = [name for name in SEEN if not await desk.write(partial(refused, CALLS[name], known))]

    assert blind == []


async def test_that_what_a_company_sees_is_not_written_for_others(desk: SmallDesk, known: Known) -> None:
    for call in OWN_ROWS.values():
        with pytest.raises(NotFound, match="no such company"):
            await desk.write(lambda uow, call=call: call(uow, known, desk.other.id))  # type: ignore[misc]


async def test_that_no_call_that_refuses_leads_nowhere(desk: SmallDesk, known: Known) -> None:
    """Whoever may sees or changes something by each of them; conditions are read in `test_scoping`."""
    blind = []
    for name, call in CALLS.items():
        if "self._check(" in inspect.getsource(method_of(name)):
            with contextlib.suppress(Conflict):  # what stands in the way was found
                if not await desk.store.undone(Scope.operator(), partial(effect, call, known)):
                    blind.append(name)

    assert blind == []


async def test_that_what_is_the_operators_is_closed_to_companies(desk: SmallDesk) -> None:
    open_to_all = []
    for name in sorted(public_methods()):
        repository, _, method = name.partition(".")
        if repository in OPERATORS_ONLY:
            try:
                await desk.write(partial(with_anything, repository, method))
            except NotFound as refusal:
                if refusal.field == "company":
                    continue
            open_to_all.append(name)

    assert open_to_all == []


def effect(call: Call, known: Known, uow: UnitOfWork) -> bool:
    """Whether the call returns or changes anything."""

    def changes() -> int:
        return int(uow._work.db.execute(text("SELECT total_changes()")).scalar_one())

    before = changes()
    return bool(call(uow, known)) or changes() > before


def with_anything(repository: str, method: str, uow: UnitOfWork) -> Any:
    """The method with made-up arguments: a refusal comes before they are looked at."""
    called = getattr(getattr(uow, repository), method)
    given = inspect.signature(called).parameters.values()
    return called(
        *("x" for one in given if one.kind is one.POSITIONAL_OR_KEYWORD),
        **{one.name: "x" for one in given if one.kind is one.KEYWORD_ONLY},
    )


def refused(call: Call, known: Known, uow: UnitOfWork) -> Any:
    """What the call gives, nothing where it is refused; what it had written by then is not undone."""
    with contextlib.suppress(NotFound, LeaseLost):
        return call(uow, known)
    return None


def method_of(name: str) -> Callable[..., Any]:
    """The method that a row of the table calls."""
    repository, _, method = name.partition(".")
    kind = inspect.signature(getattr(UnitOfWork, repository).func).return_annotation
    found: Callable[..., Any] = getattr(kind, method)
    return found


def _dump(database: Path) -> list[str]:
    """Every row of the database."""
    with sqlite3.connect(database) as connection:
        lines = list(connection.iterdump())
    connection.close()
    return lines
