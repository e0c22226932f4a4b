"""The kinds of things that are seeded, and how each is read, made and changed in the store.

Making one that people have already made by the same name takes theirs as it is.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from graph.errors import NotFound
from seeds.wanted import WantedAgent, WantedOrder, WantedPage, WantedRecord
from store.crypto import digest
from store.unit import UnitOfWork
from store.values.companies import AgentFields, CompanyFields
from store.values.desk import RuleFields
from store.values.knowledge import ArticleFields, EntryFields, Source, SourceFields


@dataclass(frozen=True)
class Kind:
    """One kind of seeded thing; `fields` are what is compared, so a row's own columns do not matter."""

    name: str
    fields: type[Any]
    find: Callable[[UnitOfWork, str], Any]
    create: Callable[[UnitOfWork, str | None, Any], str]
    change: Callable[[UnitOfWork, str, Any], object]

    def read(self, uow: UnitOfWork, row_id: str) -> Any:
        """The row as it is now, or None when somebody has deleted it."""
        try:
            return _only(self.fields, self.find(uow, row_id))
        except NotFound:
            return None

    def digest(self, value: Any) -> str:
        """Equal for things that read the same."""
        plain = asdict(_only(self.fields, value))
        return digest(json.dumps(plain, sort_keys=True, ensure_ascii=False))


def _only(shape: type[Any], value: Any) -> Any:
    """The value without what only its row has, such as id and times."""
    return shape(**{item.name: getattr(value, item.name) for item in fields(shape)})


def _company_created(uow: UnitOfWork, _: str | None, wanted: CompanyFields) -> str:
    known = uow.companies.find(wanted.slug)
    return known.id if known else uow.companies.create(wanted).id


def _entry_created(uow: UnitOfWork, company_id: str | None, wanted: EntryFields) -> str:
    return uow.knowledge.create_entry(company_id or "", wanted).id


def _entry_changed(uow: UnitOfWork, row_id: str, wanted: EntryFields) -> object:
    return uow.knowledge.publish_entry(replace(uow.knowledge.entry(row_id), **vars(wanted)))


def _page_published(uow: UnitOfWork, company_id: str, wanted: WantedPage) -> Source:
    return uow.knowledge.publish_source(company_id, _only(SourceFields, wanted), list(wanted.passages))


def _page_created(uow: UnitOfWork, company_id: str | None, wanted: WantedPage) -> str:
    known = uow.knowledge.source_by_url(company_id or "", wanted.url)
    return known.id if known else _page_published(uow, company_id or "", wanted).id


def _page_changed(uow: UnitOfWork, row_id: str, wanted: WantedPage) -> object:
    return _page_published(uow, uow.knowledge.source(row_id).company_id, wanted)


def _article_created(uow: UnitOfWork, company_id: str | None, wanted: ArticleFields) -> str:
    known = uow.knowledge.article_by_slug(company_id or "", wanted.slug)
    return known.id if known else uow.knowledge.put_article(company_id or "", wanted).id


def _article_changed(uow: UnitOfWork, row_id: str, wanted: ArticleFields) -> object:
    return uow.knowledge.put_article(uow.knowledge.article(row_id).company_id, wanted)


def _rule_created(uow: UnitOfWork, company_id: str | None, wanted: RuleFields) -> str:
    return uow.rules.create(company_id, wanted).id


def _record_created(uow: UnitOfWork, company_id: str | None, wanted: WantedRecord) -> str:
    known = uow.records.find(company_id or "", wanted.external_id)
    return known.id if known else uow.records.put(company_id or "", **vars(wanted)).id


def _record_changed(uow: UnitOfWork, row_id: str, wanted: WantedRecord) -> object:
    return uow.records.put(uow.records.get(row_id).company_id, **vars(wanted))


def _order_created(uow: UnitOfWork, company_id: str | None, wanted: WantedOrder) -> str:
    known = uow.orders.find(company_id or "", wanted.order_id)
    return known.id if known else uow.orders.put(company_id or "", **vars(wanted)).id


def _order_changed(uow: UnitOfWork, row_id: str, wanted: WantedOrder) -> object:
    return uow.orders.put(uow.orders.get(row_id).company_id, **vars(wanted))


def _agent(uow: UnitOfWork, row_id: str) -> WantedAgent:
    return WantedAgent(_only(AgentFields, uow.agents.get(row_id)), uow.agents.agent_tools(row_id))


def _agent_created(uow: UnitOfWork, company_id: str | None, wanted: WantedAgent) -> str:
    for known in uow.agents.all(company_id):
        if known.name == wanted.fields.name:
            return known.id
    agent = uow.agents.create(company_id or "", wanted.fields)
    uow.agents.set_tools(agent.id, wanted.tools)
    return agent.id


def _agent_changed(uow: UnitOfWork, row_id: str, wanted: WantedAgent) -> object:
    uow.agents.set_tools(row_id, wanted.tools)
    return uow.agents.change(row_id, wanted.fields)


COMPANY = Kind(
    "company",
    CompanyFields,
    lambda uow, row_id: uow.companies.get(row_id),
    _company_created,
    lambda uow, row_id, wanted: uow.companies.change(row_id, wanted),
)
ENTRY = Kind(
    "entry", EntryFields, lambda uow, row_id: uow.knowledge.entry(row_id), _entry_created, _entry_changed
)
PAGE = Kind(
    "page", SourceFields, lambda uow, row_id: uow.knowledge.source(row_id), _page_created, _page_changed
)
ARTICLE = Kind(
    "article",
    ArticleFields,
    lambda uow, row_id: uow.knowledge.article(row_id),
    _article_created,
    _article_changed,
)
RULE = Kind(
    "rule",
    RuleFields,
    lambda uow, row_id: uow.rules.get(row_id),
    _rule_created,
    lambda uow, row_id, wanted: uow.rules.change(row_id, wanted),
)
RECORD = Kind(
    "record", WantedRecord, lambda uow, row_id: uow.records.get(row_id), _record_created, _record_changed
)
ORDER = Kind("order", WantedOrder, lambda uow, row_id: uow.orders.get(row_id), _order_created, _order_changed)
AGENT = Kind("agent", WantedAgent, _agent, _agent_created, _agent_changed)
