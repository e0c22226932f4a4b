"""Who gets through which door: every route, without credentials, as every role, and from another company."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from api.app import create_app
from api.desk import Desk
from store.unit import UnitOfWork
from store.values.desk import RuleFields
from store.values.knowledge import EntryFields
from store.values.scope import Scope
from tests.api.routewalk import filled, routes
from tests.api.test_staff import hire, sign_in
from tests.api.test_widget import Customer

MARK = "Copper Lotus 8253"
"""What only the photo company's rows hold."""
PUBLIC = frozenset(
    {
        ("GET", "/"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("POST", "/sign-out"),
        ("POST", "/api/staff/sign-in"),
        ("POST", "/api/staff/sign-out"),
        ("POST", "/api/widget/{company}/sessions"),
        ("POST", "/api/widget/{company}/demo-identity"),
        ("GET", "/widget/v1.js"),
        ("GET", "/widget/{slug}"),
        ("GET", "/widget/{slug}/brand.css"),
        ("GET", "/static/{version}/{name}"),
        ("GET", "/companies/{slug}"),
        ("GET", "/companies/{slug}/"),
        ("GET", "/companies/{slug}/{page}"),
        ("GET", "/{page}"),
        ("GET", "/tickets"),  # goes on to the inbox, which asks
    }
)
"""Pages for anybody, and the doors themselves."""
NO_CHANGE = frozenset(
    {
        ("POST", "/rules/preview"),
        ("POST", "/api/rules/preview"),
        ("POST", "/inbox/views"),
        ("POST", "/inbox/views/{view_id}/forget"),
        ("POST", "/api/desk/tickets/{ticket_id}/presence"),
    }
)
"""Posts that change nothing of the company's: a preview, one's own views, who is looking."""
STREAMS = ("/events",)
AGENTS_OWN = (
    "/api/tickets/",
    "/tickets/",
    "/inbox",
    "/api/run",
    "/console",
    "/api/desk/",
    "/recall",
    "/api/inbound",
)
EDITORS_OWN = (
    "/api/knowledge",
    "/knowledge",
    "/api/rules",
    "/rules",
    "/api/imports",
    "/imports",
    "/api/run",
    "/api/gaps",
    "/gaps",
    "/api/phrases",
    "/api/reruns",
    "/reruns",
    "/articles",
)


@dataclass(frozen=True)
class World:
    """One application and the ids of what the photo company has."""

    app: object
    client: httpx.AsyncClient
    desk: Desk
    ids: dict[str, str]

    @property
    def all(self) -> list[tuple[str, str]]:
        """Every route but endless streams."""
        return [pair for pair in routes(self.app) if not pair[1].endswith(STREAMS)]  # type: ignore[arg-type]

    async def ask(self, method: str, path: str, **ids: str) -> httpx.Response:
        """Call a route with the photo company's ids."""
        return await self.client.request(
            method, filled(path, {**self.ids, **ids}), json={} if path.startswith("/api") else None
        )


@pytest.fixture
async def world(desk: Desk) -> AsyncIterator[World]:
    """The photo company with one of each, all of it marked."""
    app = create_app(desk=desk)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        customer = Customer(client, desk)
        await customer.arrive()
        await customer.say(f"Hello, I ask about {MARK}")
        ids = await desk.store.write(Scope.operator(), _mark)
        client.headers.pop("Authorization", None)
        yield World(app, client, desk, {**ids, "ticket_id": customer.ticket})


def _mark(uow: UnitOfWork) -> dict[str, str]:
    photo = uow.companies.by_slug("photo")
    entry = uow.knowledge.create_entry(photo.id, EntryFields(title=MARK, content=(MARK,)))
    fields = RuleFields(name=MARK, terms=("lotus",), route="escalate", reasoning_summary=MARK)
    rule = uow.rules.create(photo.id, fields)
    agent = uow.agents.default(photo.id)
    record = uow.records.put(
        photo.id, "APP-8253", record_type="photo_request", email="a@b.example", status=MARK, payload={}
    )
    return {
        "entry_id": entry.id,
        "rule_id": rule.id,
        "agent_id": agent.id,
        "number": record.external_id,
        "kind": "record",
        "slug": "photo",
        "company": "photo",
        "version": "1",
        "decision": "release",
    }


async def test_that_without_credentials_only_the_public_doors_open(world: World) -> None:
    opened = []
    for method, path in world.all:
        answer = await world.ask(method, path)
        assert answer.status_code < 500, (method, path)
        to_the_door = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
        if answer.status_code not in (401, 404) and not to_the_door and (method, path) not in PUBLIC:
            opened.append((method, path, answer.status_code))
        assert MARK not in answer.text, (method, path)

    assert opened == []


async def test_that_a_viewer_changes_nothing(world: World) -> None:
    await hire(world.desk, "viewer@photo.example", "viewer", "photo")
    await sign_in(world.client, "viewer@photo.example")

    passed = []
    for method, path in world.all:
        if method == "GET" or (method, path) in PUBLIC | NO_CHANGE or "/api/widget/" in path:
            continue
        answer = await world.ask(method, path)
        if answer.status_code != 403:
            passed.append((method, path, answer.status_code))

    assert passed == []


@pytest.mark.parametrize(("role", "own"), [("agent", AGENTS_OWN), ("content", EDITORS_OWN)])
async def test_that_a_role_changes_only_its_own_kind_of_thing(
    world: World, role: str, own: tuple[str, ...]
) -> None:
    await hire(world.desk, f"{role}@photo.example", role, "photo")
    await sign_in(world.client, f"{role}@photo.example")

    passed = []
    for method, path in world.all:
        if method == "GET" or (method, path) in PUBLIC | NO_CHANGE or "/api/widget/" in path:
            continue
        answer = await world.ask(method, path)
        if answer.status_code != 403 and not path.startswith(own):
            passed.append((method, path, answer.status_code))
        assert answer.status_code < 500, (method, path)

    assert passed == []


async def test_that_an_admin_of_another_company_sees_and_changes_nothing(world: World) -> None:
    await hire(world.desk, "admin@nodes.example", "admin", "nodes")
    await sign_in(world.client, "admin@nodes.example")
    before = await world.desk.store.read(Scope.operator(), _photo_rows)

    for method, path in world.all:
        if (method, path) in PUBLIC or "/api/widget/" in path:
            continue
        answer = await world.ask(method, path)
        assert answer.status_code < 500, (method, path)
        assert MARK not in answer.text, (method, path)
        named = any(f"{{{name}}}" in path for name in ("ticket_id", "entry_id", "rule_id", "agent_id"))
        assert not named or answer.status_code in (403, 404, 422), (method, path, answer.status_code)
        listed = await world.client.request(method, f"{filled(path, world.ids)}?company=photo")
        assert MARK not in listed.text, (method, path)

    assert await world.desk.store.read(Scope.operator(), _photo_rows) == before


async def test_that_a_key_of_another_company_sees_and_changes_nothing(world: World) -> None:
    def give(uow: UnitOfWork) -> None:
        nodes = uow.companies.by_slug("nodes").id
        every = ("run", "read", "write", "identity", "admin")
        uow.keys.create("sk_nodes_all_rights_1234567890123456", name="n", scopes=every, company_id=nodes)

    await world.desk.store.write(Scope.operator(), give)
    world.client.headers["Authorization"] = "Bearer sk_nodes_all_rights_1234567890123456"
    before = await world.desk.store.read(Scope.operator(), _photo_rows)

    for method, path in world.all:
        if (method, path) in PUBLIC or "/api/widget/" in path or not path.startswith("/api"):
            continue
        for query in ("", "?company=photo"):
            answer = await world.client.request(method, filled(path, world.ids) + query, json={})
            assert answer.status_code < 500, (method, path)
            assert MARK not in answer.text, (method, path)

    assert await world.desk.store.read(Scope.operator(), _photo_rows) == before


async def test_that_every_answer_carries_a_strict_policy(world: World) -> None:
    for method, path in world.all:
        answer = await world.ask(method, path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert " style=" not in answer.text or "text/html" not in answer.headers["content-type"], path


async def test_that_every_change_asks_where_it_comes_from(world: World) -> None:
    for method, path in world.all:
        if method in ("GET", "HEAD"):
            continue
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            answer = await world.client.request(method, filled(path, world.ids), headers=headers)
            assert answer.status_code == 403, (method, path, headers)


def _photo_rows(uow: UnitOfWork) -> tuple[object, ...]:
    photo = uow.companies.by_slug("photo")
    tickets = uow.tickets.of_customer("") or ()
    return (
        photo,
        uow.knowledge.entries(photo.id),
        uow.rules.for_company(photo.id),
        uow.agents.default(photo.id),
        uow.records.all(photo.id),
        uow.agents.company_tools(photo.id),
        tickets,
    )


async def test_that_staff_see_what_safety_weighs_and_the_companys_own_tools(world: World) -> None:
    await hire(world.desk, "viewer@photo.example", "viewer", "photo")
    await sign_in(world.client, "viewer@photo.example")

    safety = await world.client.get("/admin/safety")
    tools = await world.client.get("/admin/http-tools")

    assert "rule: jailbreak" in safety.text
    assert "self_harm" in safety.text
    assert tools.status_code == 200
