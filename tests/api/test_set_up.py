"""Setting up over HTTP and by forms: what is refused with its field, what is kept, how heavy pages are."""

import gzip
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from api.app import create_app
from api.desk import Desk
from store.values.scope import Scope
from tests.api.test_pages import OURS, PASSWORD, hire
from ui import assets

LARGEST_PAINT = 100 * 1024


@pytest.fixture
async def staff(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of an admin of all companies."""
    transport = httpx.ASGITransport(create_app(desk=desk), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test", headers=OURS) as client:
        await hire(desk, "admin@example.com", None, "admin")
        await client.post("/sign-in", data={"email": "admin@example.com", "password": PASSWORD})
        yield client


async def test_that_a_company_is_made_changed_and_keeps_what_was_left_out(server: httpx.AsyncClient) -> None:
    made = await server.post("/api/companies", json={"slug": "tea", "name": "Tea", "topics": ["tea"]})
    assert made.status_code == 201
    again = await server.post("/api/companies", json={"slug": "tea", "name": "Other"})
    assert (again.status_code, again.json()["field"]) == (409, "slug")
    body = {"greeting": {"en": "Hello"}, "idExamples": ["TL-10482"], "id": "x", "createdAt": "y"}
    changed = (await server.put("/api/companies/tea", json=body)).json()
    assert (changed["topics"], changed["greeting"]["en"]) == (["tea"], "Hello")
    assert changed["idExamples"] == ["TL-12345"]
    agents = (await server.get("/api/agents", params={"company": "tea"})).json()
    assert [agent["isDefault"] for agent in agents] == [True]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"slug": "Tea Shop"}, "slug"),
        ({"slug": "widget"}, "slug"),
        ({"brand": {"brand": "#ffff00"}}, "brand"),
        ({"brand": {"brand": "red"}}, "brand.brand"),
        ({"origins": ["https://tea.example/path"]}, "origins.0"),
        ({"idExamples": [".*"]}, "idExamples.0"),
        ({"hours": {"zone": "Mars/Base"}}, "hours.zone"),
        ({"hours": {"days": {"mon": {"opens": "18:00", "closes": "09:00"}}}}, "hours.days.mon"),
        ({"alerts": {"url": "ftp://tea.example"}}, "alerts.url"),
        ({"colour": "x"}, "colour"),
    ],
)
async def test_that_a_wrong_company_names_the_field(
    server: httpx.AsyncClient, body: dict[str, object], field: str
) -> None:
    answer = await server.put("/api/companies/photo", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_that_an_identity_secret_is_shown_once(server: httpx.AsyncClient) -> None:
    key = (await server.post("/api/companies/photo/identity-keys")).json()
    company = (await server.get("/api/companies/photo")).text
    assert key["secret"].startswith("sec_")
    assert key["kid"] in company
    assert key["secret"] not in company


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"terms": []}, "terms"),
        ({"terms": [" "]}, "terms.0"),
        ({"route": "nowhere"}, "route"),
        ({"confidence": 2}, "confidence"),
        ({"termsHinglish": [[]]}, "termsHinglish"),
    ],
)
async def test_that_a_rule_that_could_never_be_used_is_refused(
    server: httpx.AsyncClient, body: dict[str, object], field: str
) -> None:
    rule = {"name": "Mould", "terms": ["mould"], "company": "photo", **body}
    answer = await server.post("/api/rules", json=rule)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_that_a_rule_is_tried_on_the_last_messages_and_then_binds(server: httpx.AsyncClient) -> None:
    message = {"company": "photo", "message": "There is mould on my picture, this is not acceptable"}
    await server.post("/api/run", json=message)
    rule = {"name": "Mould", "terms": ["mould"], "company": "photo", "route": "escalate"}
    preview = (await server.post("/api/rules/preview", json=rule)).json()
    assert (preview["messages"], len(preview["decided"])) == (1, 1)
    made = (await server.post("/api/rules", json=rule)).json()
    assert (await server.post("/api/run", json=message)).json()["kind"] == "handoff"
    off = await server.put(f"/api/rules/{made['id']}", json={"active": False})
    assert off.json()["terms"] == ["mould"]
    assert (await server.delete(f"/api/rules/{made['id']}")).status_code == 204


async def test_that_records_are_put_and_removed(server: httpx.AsyncClient) -> None:
    record = {"company": "photo", "type": "order", "number": "tl-1", "status": "shipped"}
    refused = await server.put("/api/records", json=record)
    assert (refused.status_code, refused.json()["field"]) == (422, "email")
    put = (await server.put("/api/records", json={**record, "email": "anna@example.com"})).json()
    assert put["number"] == "TL-1"
    assert (await server.delete("/api/records/order/TL-1?company=photo")).status_code == 204
    assert (await server.delete("/api/records/order/TL-1?company=photo")).status_code == 404


async def test_that_an_agent_goes_back_to_an_earlier_version_with_its_tools(
    server: httpx.AsyncClient,
) -> None:
    agent = (await server.get("/api/agent-config", params={"company": "photo"})).json()
    path = f"/api/agents/{agent['id']}"
    await server.put(path, json={"safetyMode": "strict", "tools": {"create_ticket": False}})
    same = (await server.put(path, json={"safetyMode": "strict"})).json()
    assert same["version"] == agent["version"] + 1
    back = (await server.post(f"{path}/versions/{agent['version']}/restore")).json()
    assert (back["safetyMode"], back["tools"]["create_ticket"]) == (agent["safetyMode"], True)
    assert len((await server.get(f"{path}/versions")).json()) == 3


async def test_that_a_cell_that_a_spreadsheet_would_run_is_disarmed(
    desk: Desk, server: httpx.AsyncClient, staff: httpx.AsyncClient
) -> None:
    for message in ("=HYPERLINK(1)", "Connect me to a person please"):
        await server.post("/api/run", json={"company": "photo", "message": message})
    lines = (await staff.get("/logs.csv")).text
    assert "'=HYPERLINK" in lines
    assert len(lines.splitlines()) == 3
    only = (await staff.get("/logs.csv?kind=handoff")).text
    assert "HYPERLINK" not in only
    assert len(only.splitlines()) == 2


async def test_that_stats_count_what_was_run(server: httpx.AsyncClient) -> None:
    await server.post("/api/run", json={"company": "photo", "message": "How long does it take?"})
    first = (await server.get("/api/logs/stats")).json()
    await server.post("/api/run", json={"company": "photo", "message": "Connect me to a person please"})
    second = (await server.get("/api/logs/stats", params={"company": "photo"})).json()
    assert (first["total"], second["total"]) == (1, 2)
    assert second["byKind"] == {first["byKind"].popitem()[0]: 1, "handoff": 1}
    assert (await server.get("/api/logs/stats", params={"company": "nodes"})).json()["total"] == 0


async def test_that_a_trial_leaves_nothing_behind(desk: Desk, staff: httpx.AsyncClient) -> None:
    def kept() -> object:
        return desk.store.read(
            Scope.operator(), lambda uow: (uow.tickets.count(), uow.turns.log(), uow.records.all())
        )

    before = await kept()  # type: ignore[misc]
    asked = {
        "company": "photo",
        "email": "anna@example.com",
        "verified": True,
        "message": "Please resend my download link",
    }
    first = (await staff.post("/console/say", json=asked)).json()
    again = (await staff.post("/console/say", json={**asked, "state": first["state"]})).json()
    assert first["answer"]["toolCalls"][-1]["tool"] == "resend_download_link"
    assert again["state"]["changes"]["APP-1001"]["payload"]["asset_delivery"] == "resent"
    assert await kept() == before  # type: ignore[misc]


PAGES = (
    "/inbox", "/knowledge", "/rules", "/rules/new", "/agents/new", "/tools", "/records", "/console", "/logs",
    "/figures", "/evals", "/admin/companies", "/admin/companies/photo", "/admin/companies/new",
    "/admin/health", "/admin/safety", "/admin/http-tools", "/articles", "/imports", "/gaps", "/outcomes",
    "/parity", "/reviews", "/recall", "/reruns", "/isolation", "/knowledge/new",
)  # fmt: skip


async def test_that_the_first_paint_of_a_staff_page_is_light(staff: httpx.AsyncClient) -> None:
    weights = {path: await weight(staff, path) for path in PAGES}
    assert max(weights.values()) <= LARGEST_PAINT, weights


async def test_that_admin_leads_to_the_companies(staff: httpx.AsyncClient) -> None:
    assert (await staff.get("/admin")).headers["Location"] == "/admin/companies"


async def test_that_a_file_is_sent_packed_to_who_takes_it(staff: httpx.AsyncClient) -> None:
    path = assets.url("desk.css")
    plain = await staff.get(path, headers={"Accept-Encoding": "identity"})
    packed = await staff.get(path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 3
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert plain.content == packed.content  # unpacked by the client


async def weight(staff: httpx.AsyncClient, path: str) -> int:
    """The page with all its styles and modules, compressed, in bytes."""
    page = await staff.get(path)
    assert page.status_code == 200, path
    names = set(re.findall(r"/static/\w+/([\w.-]+)", page.text))
    waiting = list(names)
    while waiting:  # modules bring modules
        body = assets.static_files()[waiting.pop()].body.decode()
        fresh = set(re.findall(r'from "\./([\w.-]+)"', body)) - names
        names |= fresh
        waiting += fresh
    parts = [page.content, *(assets.static_files()[name].body for name in names)]
    return sum(len(gzip.compress(part)) for part in parts)


async def test_that_an_article_is_made_and_changed_on_its_page(desk: Desk, staff: httpx.AsyncClient) -> None:
    first = {"title": "Refunds by hand", "category": "Billing", "content": "Ask the books first."}
    made = await staff.post("/articles?company=photo", data=first)
    changed = {**first, "slug": "refunds-by-hand", "content": "Ask the books twice."}
    assert (made.status_code, (await staff.post("/articles?company=photo", data=changed)).status_code) == (
        303,
        303,
    )
    page = (await staff.get("/articles?company=photo&edit=refunds-by-hand")).text
    assert page.count("Refunds by hand") == 2  # the line and the form
    assert "Ask the books twice." in page
    company = await desk.store.read(Scope.operator(), lambda uow: uow.companies.by_slug("nodes"))
    assert await desk.store.read(Scope.operator(), lambda uow: uow.knowledge.articles(company.id)) == ()


async def test_that_an_article_needs_words(staff: httpx.AsyncClient) -> None:
    refused = await staff.post("/articles?company=photo", data={"title": "", "content": ""})
    assert refused.status_code == 422
    assert "Not saved." in refused.text
