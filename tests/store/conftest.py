"""A migrated database once per run, copied for every test."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.adapters.ids import UlidIds
from store.database import Store
from store.migrate import upgrade
from store.values.scope import Scope
from tests.fakes import FrozenClock
from tests.store.desk import SmallDesk, set_up

SECRET_KEY = "a key for tests"


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


@pytest.fixture
async def desk(database: Path) -> AsyncIterator[SmallDesk]:
    """A store over the copy with two companies."""
    clock = FrozenClock()
    store = Store.open(f"sqlite:///{database}", clock=clock, ids=UlidIds(clock), secret_key=SECRET_KEY)
    company, agent, other, other_agent = await store.write(Scope.operator(), set_up)
    yield SmallDesk(store, clock, company, agent, other, other_agent)
    await store.close()
