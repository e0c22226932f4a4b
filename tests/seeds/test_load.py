"""Seeding fills an empty desk, follows the files, and never undoes what people did."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph.adapters.ids import UlidIds
from seeds import load
from seeds.load import Loaded, load_seeds
from seeds.schema import CompanySeed, all_companies, load_company, starter_tags
from seeds.wanted import wanted_company
from store.database import Store
from store.migrate import upgrade
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.knowledge import Entry
from store.values.scope import Scope
from tests.fakes import FrozenClock

OPERATOR = Scope.operator()
PASSPORT = load_company("aipassportphoto")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty desk."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    upgrade(url)
    clock = FrozenClock()
    opened = Store.open(url, clock=clock, ids=UlidIds(clock), secret_key="a key for tests")
    yield opened
    await opened.close()


async def company(store: Store, slug: str = "aipassportphoto") -> Company:
    """A seeded company."""
    return await store.read(OPERATOR, lambda uow: uow.companies.by_slug(slug))


async def pricing(store: Store) -> Entry:
    """One seeded entry."""
    owner = await company(store)
    entries = await store.read(OPERATOR, lambda uow: uow.knowledge.entries(owner.id))
    return next(entry for entry in entries if entry.title == PASSPORT.entries[0].title)


def with_another_price(seed: CompanySeed) -> CompanySeed:
    """The company as a newer release may seed it."""
    entry = seed.entries[0]
    fact = entry.facts[0].model_copy(update={"en": "It costs $1.", "hinglish": "Iska price $1 hai."})
    changed = entry.model_copy(update={"facts": (fact, *entry.facts[1:])})
    return seed.model_copy(update={"entries": (changed, *seed.entries[1:])})


async def test_that_an_empty_desk_gets_all_that_is_seeded(store: Store) -> None:
    await load_seeds(store)

    def count(uow: UnitOfWork) -> dict[str, tuple[int, ...]]:
        return {
            found.slug: (
                len(uow.knowledge.entries(found.id)),
                len(uow.knowledge.sources(found.id)),
                len(uow.knowledge.articles(found.id)),
                len(uow.rules.for_company(found.id)),
                len(uow.records.all(found.id)),
                len(uow.orders.all(found.id)),
                len(uow.agents.all(found.id)),
            )
            for found in uow.companies.all()
        }

    assert await store.read(OPERATOR, count) == {
        seed.company.slug: (
            len(seed.entries),
            len(seed.pages),
            len(seed.articles),
            len(seed.rules) + 1,
            len(seed.records),
            len(seed.orders),
            len(seed.agents),
        )
        for seed in all_companies()
    }
    owner = await company(store)
    assert await store.read(OPERATOR, lambda uow: uow.tags.all(owner.id)) == tuple(sorted(starter_tags()))


async def test_that_a_page_is_imported_with_its_reviewed_hinglish(store: Store) -> None:
    await load_seeds(store)
    owner = await company(store)

    passages = await store.read(Scope.of(owner.id), lambda uow: uow.knowledge.passages(owner.id))

    (office,) = [row for row in passages if row.kind == "page" and "Picanha L.L.C-FZ" in row.text]
    assert office.url == "/companies/aipassportphoto/contact"
    assert "Picanha L.L.C-FZ" in office.hinglish
    assert office.hinglish.count("\n") == office.text.count("\n")
    assert not [row for row in passages if row.kind == "entry" and "Picanha L.L.C-FZ" in row.text]


async def test_that_every_entry_has_both_languages_line_by_line(store: Store) -> None:
    await load_seeds(store)

    entries = await store.read(OPERATOR, lambda uow: uow.knowledge.entries())

    assert all(len(entry.content) == len(entry.content_hinglish) > 0 for entry in entries)


async def test_that_fictional_customers_are_flagged_and_others_are_not(store: Store) -> None:
    await load_seeds(store)
    owner = await company(store)
    await store.write(OPERATOR, lambda uow: uow.customers.ensure(owner.id, "real@person.org"))

    demo = await store.read(OPERATOR, lambda uow: uow.customers.demo(owner.id))

    assert {"anna@example.com", "sara@example.com"} <= {customer.email for customer in demo}
    assert "real@person.org" not in {customer.email for customer in demo}


async def test_that_seeding_again_writes_nothing(store: Store) -> None:
    first = await load_seeds(store)
    version = (await company(store)).knowledge_version

    again = await load_seeds(store)

    assert again == Loaded(written=0, kept=first.written)
    assert (await company(store)).knowledge_version == version


async def test_that_what_people_changed_is_left_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await load_seeds(store)
    entry, owner = await pricing(store), await company(store)

    def edit(uow: UnitOfWork) -> None:
        uow.knowledge.publish_entry(replace(entry, content=("Ask us.",), content_hinglish=("Poochhiye.",)))
        uow.records.change(owner.id, "APP-1001", status="lost")
        uow.knowledge.retire_source(uow.knowledge.sources(owner.id)[0].id, "outdated")
        uow.rules.delete(uow.rules.for_company(owner.id)[0].id)

    await store.write(OPERATOR, edit)
    monkeypatch.setattr(load, "all_companies", lambda: (with_another_price(PASSPORT),))

    await load_seeds(store)

    assert (await pricing(store)).content == ("Ask us.",)
    kept = await store.read(OPERATOR, lambda uow: uow.records.find(owner.id, "APP-1001"))
    assert kept is not None
    assert kept.status == "lost"
    rules = await store.read(OPERATOR, lambda uow: uow.rules.for_company(owner.id))
    assert len(rules) == len(PASSPORT.rules), "the deleted one has not come back"
    pages = await store.read(OPERATOR, lambda uow: uow.knowledge.sources(owner.id))
    assert [page.status for page in pages].count("retired") == 1


async def test_that_a_newer_seed_reaches_what_nobody_touched(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load_seeds(store)
    monkeypatch.setattr(load, "all_companies", lambda: (with_another_price(PASSPORT),))

    loaded = await load_seeds(store)

    entry = await pricing(store)
    assert (entry.content[0], entry.revision) == ("It costs $1.", 2)
    assert loaded.written >= 1
    assert (await load_seeds(store)).written == 0


async def test_that_a_company_that_people_made_first_stays_theirs(store: Store) -> None:
    fields = wanted_company(PASSPORT.company)
    await store.write(OPERATOR, lambda uow: uow.companies.create(replace(fields, name="Ours")))

    await load_seeds(store)
    await load_seeds(store)

    assert (await company(store)).name == "Ours"
