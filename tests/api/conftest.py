"""A small desk of two companies over the real application, fresh for every test."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.desk import Desk
from api.settings import Settings
from api.wiring import open_desk, open_store, refresh_index
from graph.adapters.clock import SystemClock
from retrieval.embed import Hashing
from retrieval.index import Index
from retrieval.vectors import MemoryVectors
from store.unit import UnitOfWork
from store.values.companies import AgentFields, CompanyFields
from store.values.desk import RuleFields
from store.values.knowledge import EntryFields
from store.values.scope import Scope

KEY = "sk_all_a-key-that-may-do-everything-1234567890"
RUN_KEY = "sk_photo_a-key-that-may-only-run-1234567890"
SITE_KEY = "the-photo-company's-own-signing-key-0123456789"
OTHER_SITE_KEY = "the-node-company's-own-signing-key-0123456789"
PROFILE = {
    "greeting": {"en": "Hello, this is the assistant.", "hinglish": "Namaste, yeh assistant hai."},
    "contact": {"en": "Write to help@photo.example.", "hinglish": "help@photo.example par likhiye."},
    "scope": {"en": "We make passport photos.", "hinglish": "Hum passport photos banate hain."},
    "topics": ["passport photo", "photo", "price", "refund"],
    "cannot": [],
    "scenarios": [{"key": "s1", "en": "How long?", "hinglish": "Kitna time?", "email": "anna@example.com"}],
}


def settings_of(folder: Path, **changes: object) -> Settings:
    values: dict[str, object] = {"data_dir": folder, "rate_factor": 0.0, **changes}
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated folder with two companies, their people, records and keys."""
    folder = tmp_path_factory.mktemp("desk")

    async def fill() -> None:
        store = await open_store(settings_of(folder))
        await store.write(Scope.operator(), _fill)
        await store.close()

    asyncio.run(fill())
    return folder


class ShiftedClock(SystemClock):
    """The real clock, some hours on."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by

    def shift(self, **by: float) -> None:
        self.by += timedelta(**by)


@pytest.fixture
async def desk(template: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    """The opened desk; its index lives in memory and compares letters only."""
    folder = tmp_path / "desk"
    shutil.copytree(template, folder)
    index = Index(MemoryVectors(), Hashing())
    desk = await open_desk(settings_of(folder), clock=ShiftedClock(), index=index, migrate=False)
    await refresh_index(desk)
    yield desk
    await desk.close()


@pytest.fixture
async def anyone(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A client without credentials."""
    transport = httpx.ASGITransport(create_app(desk=desk, pages=False), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield client


@pytest.fixture
async def server(anyone: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client with the key that may do everything."""
    anyone.headers["Authorization"] = f"Bearer {KEY}"
    return anyone


def _fill(uow: UnitOfWork) -> None:
    photo = _company(uow, "photo", "Photo Desk", SITE_KEY)
    _company(uow, "nodes", "Node Desk", OTHER_SITE_KEY)
    entry = EntryFields(
        title="Turnaround time",
        content=("Most photos are ready in under 60 seconds.",),
        content_hinglish=("Zyadatar photos 60 seconds se kam mein ready ho jaati hain.",),
        questions=("How long does it take?", "When is my photo ready?", "Photo kitni der mein milegi?"),
        category="delivery",
    )
    uow.knowledge.create_entry(photo, entry)
    for number, email in (("APP-1001", "anna@example.com"), ("APP-1003", "sara@example.com")):
        link = {"asset_delivery": "sent", "download_url": "https://x.test/1", "resend_allowed": True}
        uow.records.put(
            photo, number, record_type="photo_request", email=email, status="completed", payload=link
        )
        uow.customers.ensure(photo, email, demo=True)
    status = RuleFields(
        name="photo request status",
        terms=("status", "photo request"),
        route="specialist",
        category="delivery",
        reasoning_summary="A status question about a photo request.",
    )
    uow.rules.create(photo, status)
    uow.keys.create(KEY, name="all", scopes=("run", "read", "write", "identity", "admin"))
    uow.keys.create(RUN_KEY, name="run", scopes=("run",), company_id=photo)


def _company(uow: UnitOfWork, slug: str, name: str, site_key: str) -> str:
    company = uow.companies.create(
        CompanyFields(
            slug=slug,
            name=name,
            support_email=f"help@{slug}.example",
            origins=(f"https://{slug}.example",),
            id_patterns=(r"\bAPP-\d{4}\b",),
            profile=PROFILE,
        )
    )
    uow.companies.add_identity_secret(company.id, "k1", site_key)
    agent = uow.agents.create(company.id, AgentFields(name="Desk", is_default=True))
    tools = ("lookup_photo_request", "resend_download_link", "create_ticket")
    uow.agents.set_tools(agent.id, dict.fromkeys(tools, True))
    return company.id
