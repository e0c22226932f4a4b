"""A round of canaries over a private copy of the live companies, kept for the operator.

The companies, agents, rules and entries are those of this desk; secret facts are planted in the copy alone.
"""

import time
from dataclasses import fields
from functools import partial
from typing import Any

from api.canaries import probe_canaries
from api.desk import Desk
from api.settings import Settings
from api.wiring import open_store
from store.unit import UnitOfWork
from store.values.companies import AgentFields, Company, CompanyFields
from store.values.desk import RuleFields
from store.values.isolation import CanaryRun
from store.values.knowledge import EntryFields
from store.values.scope import Scope

MOST_COMPANIES, OTHERS, MOST_ENTRIES = 40, 3, 50
Copied = tuple[CompanyFields, AgentFields, list[RuleFields], list[EntryFields]]


async def live_round(settings: Settings) -> tuple[dict[str, Any], CanaryRun]:
    """Copy the companies of this desk, probe the copy, and keep what it came to in this desk."""
    store = await open_store(settings, migrate=False)
    try:
        copied = await store.read(Scope.operator(), copy_of)
        began = time.perf_counter()
        found = await probe_canaries(settings, fill=partial(fill, copied), others=OTHERS)
        seconds = round(time.perf_counter() - began, 1)
        return found, await store.write(Scope.operator(), lambda uow: uow.isolation.keep(found, seconds))
    finally:
        await store.close()


def copy_of(uow: UnitOfWork) -> list[Copied]:
    """What a round needs of each company; one without an agent answers nobody and is left out."""
    return [
        _copied(uow, company)
        for company in uow.companies.all()[:MOST_COMPANIES]
        if uow.agents.all(company.id)
    ]


async def fill(copied: list[Copied], desk: Desk) -> None:
    """Make the companies again on a private desk."""
    await desk.store.write(Scope.operator(), lambda uow: _make(uow, desk, copied))


def _copied(uow: UnitOfWork, company: Company) -> Copied:
    agent = uow.agents.default(company.id)
    rules = [_as(RuleFields, rule) for rule in uow.rules.for_company(company.id) if rule.company_id]
    entries = [_as(EntryFields, entry) for entry in uow.knowledge.entries(company.id, "active")]
    return _as(CompanyFields, company), _as(AgentFields, agent), rules, entries[:MOST_ENTRIES]


def _make(uow: UnitOfWork, desk: Desk, copied: list[Copied]) -> None:
    for company, agent, rules, entries in copied:
        secret = company.canary or f"The internal name is {desk.ids.new('canary')}."
        made = uow.companies.create(CompanyFields(**{**vars(company), "canary": secret}))
        uow.agents.create(made.id, agent)
        for rule in rules:
            uow.rules.create(made.id, rule)
        for entry in entries:
            uow.knowledge.create_entry(made.id, entry)


def _as(kind: Any, value: Any) -> Any:
    """The value without what a row adds to it."""
    return kind(**{item.name: getattr(value, item.name) for item in fields(kind)})
