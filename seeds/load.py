"""Brings the seeded companies into a desk, as often as one likes, without ever undoing what people did.

For each seeded thing the desk remembers what seeding wrote last. A row that reads otherwise today has been
edited, and one that is gone has been deleted; both are left alone. The rest follows the data files.
"""

from collections.abc import Callable
from dataclasses import dataclass

from seeds.kinds import AGENT, ARTICLE, COMPANY, ENTRY, ORDER, PAGE, RECORD, RULE, Kind
from seeds.schema import all_companies, global_rules, starter_tags
from seeds.shapes import CompanySeed
from seeds.wanted import (
    wanted_agent,
    wanted_article,
    wanted_company,
    wanted_entry,
    wanted_order,
    wanted_pages,
    wanted_record,
    wanted_rule,
)
from store.database import Store
from store.unit import UnitOfWork
from store.values.scope import Scope


@dataclass(frozen=True)
class Loaded:
    """What one run of seeding did, as numbers of rows."""

    written: int
    kept: int
    """Rows that were as seeded already, or that people have changed or deleted."""


async def load_seeds(store: Store) -> Loaded:
    """Add and update the seeded companies and the rules and tags that all of them share."""
    shared = await store.write(Scope.operator(), _load_shared)
    each = [await store.write(Scope.operator(), _loader(company)) for company in all_companies()]
    runs = [shared, *each]
    return Loaded(sum(run.written for run in runs), sum(run.kept for run in runs))


class _Run:
    """One transaction of seeding: compares, writes, counts."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.written = 0
        self.kept = 0

    def sync(self, kind: Kind, key: str, company_id: str | None, wanted: object) -> str:
        """Bring one seeded thing up to date and return its row's id."""
        mark = f"{kind.name}:{key}"
        want = kind.digest(wanted)
        known = self.uow.seed_marks.get(mark)
        if known is None:
            row_id = kind.create(self.uow, company_id, wanted)
            return self._wrote(mark, row_id, want)
        row_id, last = known
        current = kind.read(self.uow, row_id)
        if want == last or current is None or kind.digest(current) != last:
            self.kept += 1
            return row_id
        kind.change(self.uow, row_id, wanted)
        return self._wrote(mark, row_id, want)

    def _wrote(self, mark: str, row_id: str, digest: str) -> str:
        self.written += 1
        self.uow.seed_marks.set(mark, row_id, digest)
        return row_id


def _load_shared(uow: UnitOfWork) -> Loaded:
    run = _Run(uow)
    uow.tags.ensure(None, starter_tags())
    for rule in global_rules():
        run.sync(RULE, f"all/{rule.name}", None, wanted_rule(rule))
    return Loaded(run.written, run.kept)


def _loader(seed: CompanySeed) -> Callable[[UnitOfWork], Loaded]:
    def load(uow: UnitOfWork) -> Loaded:
        run, slug = _Run(uow), seed.company.slug
        company_id = run.sync(COMPANY, slug, None, wanted_company(seed.company))
        for entry in seed.entries:
            run.sync(ENTRY, f"{slug}/{entry.key}", company_id, wanted_entry(entry))
        for page in wanted_pages(seed):
            run.sync(PAGE, page.url, company_id, page)
        for article in seed.articles:
            run.sync(ARTICLE, f"{slug}/{article.key}", company_id, wanted_article(article))
        for rule in seed.rules:
            run.sync(RULE, f"{slug}/{rule.name}", company_id, wanted_rule(rule))
        for record in seed.records:
            run.sync(RECORD, f"{slug}/{record.external_id}", company_id, wanted_record(record))
        for order in seed.orders:
            run.sync(ORDER, f"{slug}/{order.order_id}", company_id, wanted_order(order))
        for agent in seed.agents:
            run.sync(AGENT, f"{slug}/{agent.key}", company_id, wanted_agent(agent))
        for email in _fictional_customers(seed):
            uow.customers.ensure(company_id, email, demo=True)
        return Loaded(run.written, run.kept)

    return load


def _fictional_customers(seed: CompanySeed) -> list[str]:
    """Everybody who occurs in the seed; demo pages may speak for them and for nobody else."""
    emails = [scenario.email for scenario in seed.company.scenarios]
    emails += [record.customer_email for record in seed.records]
    emails += [order.email for order in seed.orders]
    emails += [ticket.email for ticket in seed.tickets]
    return sorted(set(emails))
