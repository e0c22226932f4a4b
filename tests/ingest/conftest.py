"""A desk's tables, an index in memory, and a web server, for imports."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from graph.adapters.clock import SystemClock
from graph.adapters.ids import UlidIds
from ingest.limits import Limits
from ingest.order import Order
from ingest.reader import PageReader, Reader
from ingest.runner import Imports
from retrieval.embed import Hashing
from retrieval.index import Index
from retrieval.vectors import MemoryVectors
from store.database import Store
from store.migrate import upgrade
from store.unit import UnitOfWork
from store.values.companies import CompanyFields
from store.values.imports import ImportPage
from store.values.knowledge import PassageRow
from store.values.scope import Scope
from store.values.work import Job
from tests.ingest.web import QUICK, Names, Web


@dataclass
class Bench:
    """Everything that an import works with, and short ways to look at what it did."""

    store: Store
    index: Index
    web: Web
    names: Names
    company: str
    database: Path
    limits: Limits = QUICK
    reader: Reader | None = field(default_factory=PageReader)
    listed: frozenset[str] = frozenset({"shop.test", "www.shop.test"})

    @property
    def imports(self) -> Imports:
        """The runner."""
        clock = SystemClock()
        return Imports(
            store=self.store,
            index=self.index,
            ids=UlidIds(clock),
            owner="tests",
            limits=self.limits,
            listed=self.listed,
            resolver=self.names,
            reader=self.reader,
            beat=0.05,
        )

    async def queue(self, url: str = "", **changes: Any) -> Job:
        """An import that waits."""
        order = replace(Order(url=url or self.web.url("shop.test")), **changes).checked()
        return await self.store.write(
            self.scope, lambda uow: uow.imports.start(self.company, order.as_json())
        )

    async def run(self, url: str = "", **changes: Any) -> Job:
        """An import that has ended."""
        await self.queue(url, **changes)
        job = await self.imports.run_next()
        assert job is not None
        return job

    async def pages(self, job: Job) -> dict[str, ImportPage]:
        """The job's pages by path."""
        found = await self.store.read(self.scope, lambda uow: uow.imports.pages(job.id))
        return {page.url.partition("/")[2].partition("/")[2].partition("/")[2]: page for page in found}

    async def passages(self) -> list[PassageRow]:
        """What the company is answered from."""
        return await self.store.read(self.scope, lambda uow: uow.knowledge.passages(self.company))

    async def said(self) -> str:
        """All of its text."""
        return "\n".join(row.text for row in await self.passages())

    @property
    def scope(self) -> Scope:
        """The company's."""
        return Scope.of(self.company)


def _company(uow: UnitOfWork) -> str:
    return uow.companies.create(CompanyFields(slug="shop", name="Shop")).id


@pytest.fixture(scope="session")
def empty_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database."""
    path = tmp_path_factory.mktemp("imports") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
async def bench(empty_desk: Path, tmp_path: Path) -> AsyncIterator[Bench]:
    """A store with one company, an index in memory, a web server."""
    path = shutil.copy(empty_desk, tmp_path / "desk.db")
    clock = SystemClock()
    store = Store.open(f"sqlite:///{path}", clock=clock, ids=UlidIds(clock), secret_key="a key for tests")
    company = await store.write(Scope.operator(), _company)
    index = Index(MemoryVectors(), Hashing())
    async with Web() as web:
        yield Bench(store, index, web, Names(), company, Path(path))
    index.close()
    await store.close()
