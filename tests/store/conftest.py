"""A migrated database once per run, copied for every test; modules that say so run on both engines."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from eval.faults.servers import url_text
from graph.adapters.ids import UlidIds
from store.database import Store
from store.migrate import upgrade
from store.values.scope import Scope
from tests import postgres
from tests.fakes import FrozenClock
from tests.store.desk import SmallDesk, set_up

SECRET_KEY = "a key for tests"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module's `DIALECTS` name the engines that its tests run on; without it that is SQLite."""
    if "dialect" in metafunc.fixturenames:
        metafunc.parametrize("dialect", getattr(metafunc.module, "DIALECTS", ("sqlite",)), scope="module")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty desk's file."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Path:
    """A fresh copy of it."""
    return Path(shutil.copy(migrated, tmp_path / "desk.db"))


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[URL]:
    """A database for a module's tests."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest) -> str:
    """Where a fresh, empty desk is kept."""
    if dialect == "sqlite":
        return f"sqlite:///{request.getfixturevalue('database')}"
    url: URL = request.getfixturevalue("postgres_url")
    postgres.empty(url)
    return url_text(url)


def open_store(url: str, clock: FrozenClock) -> Store:
    """A store whose leases go by the test's clock."""
    ids = UlidIds(clock)
    return Store.open(url, clock=clock, ids=ids, secret_key=SECRET_KEY, shared_clock=False)


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[SmallDesk]:
    """A store over the copy with two companies."""
    clock = FrozenClock()
    store = open_store(database_url, clock)
    company, agent, other, other_agent = await store.write(Scope.operator(), set_up)
    yield SmallDesk(store, clock, company, agent, other, other_agent)
    await store.close()
