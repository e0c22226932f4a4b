"""A company attaches its own service without code: what may be called, and what comes of each answer."""

import json
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.desk import Desk
from api.wiring import open_desk
from retrieval.embed import Hashing
from retrieval.index import Index
from retrieval.vectors import MemoryVectors
from store.values.scope import Scope
from tests.api.conftest import KEY, ShiftedClock, settings_of
from tests.api.test_attacks import site_token
from tests.api.test_staff import hire, sign_in
from tests.api.test_widget import Customer

SECRET = "the-service's-own-secret"


class Service:
    """What the company runs: answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], str]] = []
        self.answer: tuple[int, bytes, dict[str, str]] = (200, b"{}", {})

    def says(self, status: int, body: Any, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answer = (status, raw, headers)
        self.asked.clear()


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Service, int]]:
    """The service on a port of this machine."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            said = self.rfile.read(length).decode()
            service.asked.append((self.command, self.path, dict(self.headers), said))
            status, body, headers = service.answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _any  # noqa: N815 (the protocol's names)

        def log_message(self, *_: object) -> None:
            """Nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield service, server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
async def desk(template: Path, tmp_path: Path, running: tuple[Service, int]) -> AsyncIterator[Desk]:
    """A desk whose operator lets tools call the service."""
    folder = tmp_path / "desk"
    shutil.copytree(template, folder)
    settings = settings_of(folder, tool_hosts=f"127.0.0.1:{running[1]}")
    desk = await open_desk(
        settings, clock=ShiftedClock(), index=Index(MemoryVectors(), Hashing()), migrate=False
    )
    yield desk
    await desk.close()


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(desk=desk), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield client


def config(port: int, **changes: object) -> dict[str, Any]:
    return {
        "name": "voucher_balance",
        "description": "What is left on a gift voucher.",
        "label": {"en": "check the voucher", "hinglish": "voucher check karna"},
        "url": f"http://127.0.0.1:{port}/vouchers/{{id}}?by={{email}}",
        "answer": {"balance": "data.balance", "valid until": "data.until"},
        "asks": [["voucher", "balance"], ["voucher", "left"]],
        **changes,
    }


async def set_up(client: httpx.AsyncClient, port: int, **changes: object) -> httpx.Response:
    body = {"company": "photo", "config": config(port, **changes), "secret": SECRET}
    return await client.post("/api/http-tools", json=body, headers={"Authorization": f"Bearer {KEY}"})


async def anna(client: httpx.AsyncClient, desk: Desk, *texts: str) -> tuple[str, list[str]]:
    """What a proven customer is told at last, and the tools that ran."""
    customer = Customer(client, desk)
    await customer.arrive(token=site_token(desk))
    for text in texts:
        await customer.say(text)
    said = [m["text"] for m in (await customer.snapshot())["messages"] if m["role"] != "user"]
    tools = [f"{e.data['name']}:{e.data['status']}" for e in await customer.events() if e.name == "tool"]
    return said[-1], tools


async def test_that_a_configured_tool_asks_for_the_number_and_tells_what_it_found(
    client: httpx.AsyncClient, desk: Desk, running: tuple[Service, int]
) -> None:
    service, port = running
    service.says(200, {"data": {"balance": "₹500", "until": "31 March 2027", "owner": "Sara"}})
    assert (await set_up(client, port)).status_code == 201

    reply, tools = await anna(client, desk, "What is the balance of my voucher?", "APP-1001")

    assert tools[-1] == "voucher_balance:success"
    assert "balance: ₹500" in reply
    assert "Sara" not in reply
    method, path, headers, _ = service.asked[-1]
    assert (method, path) == ("GET", "/vouchers/APP-1001?by=anna%40example.com")
    assert headers["Authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (500, {"data": {}}, {}),
        (302, {}, {"Location": "http://169.254.169.254/"}),
        (200, b"<html>no</html>", {}),
        (200, {"other": 1}, {}),
        (200, b"x" * 70_000, {}),
        (200, b"\x1f\x8b", {"Content_Encoding": "gzip"}),
        (401, {}, {}),
    ],
)
async def test_that_a_service_that_fails_is_a_person_s_matter(
    client: httpx.AsyncClient,
    desk: Desk,
    running: tuple[Service, int],
    status: int,
    body: Any,
    headers: dict[str, str],
) -> None:
    service, port = running
    service.says(status, body, **headers)
    await set_up(client, port)

    reply, tools = await anna(client, desk, "What is the balance of my voucher APP-1001?")

    assert tools[-1] == "voucher_balance:failed"
    assert "balance:" not in reply


async def test_that_an_unknown_number_is_not_found(
    client: httpx.AsyncClient, desk: Desk, running: tuple[Service, int]
) -> None:
    running[0].says(404, {})
    await set_up(client, running[1])

    _, tools = await anna(client, desk, "What is the balance of my voucher APP-1001?")

    assert tools[-1] == "voucher_balance:not_found"


async def test_that_a_write_is_confirmed_kept_and_done_once(
    client: httpx.AsyncClient, desk: Desk, running: tuple[Service, int]
) -> None:
    service, port = running
    service.says(200, {"data": {}})
    changes = {
        "name": "block_voucher",
        "kind": "write",
        "method": "POST",
        "body": {"number": "{id}"},
        "label": {"en": "block the voucher", "hinglish": "voucher block karna"},
        "asks": [["block", "voucher"]],
    }
    await set_up(client, port, **changes)

    reply, tools = await anna(client, desk, "Please block my voucher APP-1001")

    assert tools[-1] == "block_voucher:success"
    assert "block the voucher" in reply
    assert len(service.asked) == 1
    assert json.loads(service.asked[0][3]) == {"number": "APP-1001"}
    assert service.asked[0][2]["Idempotency-Key"]


async def test_that_what_staff_has_to_approve_waits_for_staff_and_the_customer_is_told(
    client: httpx.AsyncClient, desk: Desk, running: tuple[Service, int]
) -> None:
    service, port = running
    service.says(200, {"data": {}})
    changes = {
        "name": "refund_voucher",
        "kind": "write",
        "method": "POST",
        "confirmation": "staff",
        "label": {"en": "refund the voucher", "hinglish": "voucher refund karna"},
        "asks": [["cancel", "voucher"]],
    }
    await set_up(client, port, **changes)
    customer = Customer(client, desk)
    await customer.arrive(token=site_token(desk))
    await customer.say("Please cancel my voucher APP-1001")
    told = (await customer.snapshot())["messages"][-1]["text"]
    assert service.asked == []
    assert "colleague" in told

    await hire(desk, "lead@photo.example", "lead", "photo")
    await sign_in(client, "lead@photo.example")
    waiting = (await client.get(f"/api/tickets/{customer.ticket}/approvals")).json()
    path = f"/api/tickets/{customer.ticket}/approvals/{waiting[0]['id']}"
    page = await client.get(f"/tickets/{customer.ticket}")
    answers = [await client.post(path, json={"approve": True}) for _ in range(2)]

    assert "refund the voucher" in page.text
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[0].json()["status"] == "done"
    assert len(service.asked) == 1
    assert "refund the voucher" in (await customer.snapshot())["messages"][-1]["text"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "http://169.254.169.254/latest/{id}"}, "url"),
        ({"url": "https://elsewhere.example/{id}"}, "url"),
        ({"url": "http://127.0.0.1:1/{id}"}, "url"),
        ({"url": "ftp://127.0.0.1/{id}"}, "config"),
        ({"url": "http://{id}.example/"}, "config"),
        ({"url": "http://user:pw@127.0.0.1/{id}"}, "config"),
        ({"url": "http://127.0.0.1/{password}"}, "config"),
        ({"name": "Order Lookup"}, "config.name"),
        ({"name": "order_lookup"}, "config.name"),
        ({"answer": {}}, "config.answer"),
    ],
)
async def test_that_a_tool_calls_allowed_hosts_only(
    client: httpx.AsyncClient, running: tuple[Service, int], changes: dict[str, object], field: str
) -> None:
    answer = await set_up(client, running[1], **changes)

    assert answer.status_code in (409, 422), answer.text
    assert answer.json()["field"] == field


async def test_that_a_tool_can_be_changed_and_forgotten_and_never_shows_its_secret(
    client: httpx.AsyncClient, desk: Desk, running: tuple[Service, int]
) -> None:
    made = (await set_up(client, running[1])).json()
    key = {"Authorization": f"Bearer {KEY}"}
    path = f"/api/http-tools/{made['id']}"

    body = {"config": config(running[1], description="Other words."), "enabled": False}
    changed = await client.put(path, json=body, headers=key)
    listed = await client.get("/api/http-tools?company=photo", headers=key)
    kept = await desk.store.read(Scope.operator(), lambda uow: uow.http_tools.secret(made["id"]))
    gone = await client.delete(path, headers=key)

    assert (changed.json()["enabled"], changed.json()["config"]["description"]) == (False, "Other words.")
    assert SECRET not in listed.text + changed.text
    assert kept == SECRET
    assert gone.status_code == 204
    assert (await client.get(path, headers=key)).status_code == 404


async def test_that_an_own_tool_is_tried_and_switched_by_page_for_company_and_agent(
    client: httpx.AsyncClient, desk: Desk, running: tuple[Service, int]
) -> None:
    service, port = running
    service.says(200, {"data": {"balance": "₹500"}})
    await set_up(client, port)
    question = "What is the balance of my voucher APP-1001?"
    await hire(desk, "admin@example.com", "admin")
    await sign_in(client, "admin@example.com")
    client.headers["Origin"] = "http://desk.test"
    agent = await desk.store.read(
        Scope.operator(), lambda uow: uow.agents.default(uow.companies.by_slug("photo").id)
    )

    where = {"company": "photo", "tool": "voucher_balance"}
    asked = {"email": "anna@example.com", "argument-id": "APP-1001"}
    tried = await client.post("/tools/try", params=where, data=asked)
    assert "₹500" in tried.text
    assert service.asked[-1][1] == "/vouchers/APP-1001?by=anna%40example.com"
    assert SECRET not in tried.text

    page = (await client.get(f"/agents/{agent.id}")).text
    assert 'name="own-voucher_balance"' in page
    form = {"name": agent.name, "language_mode": "auto", "safety_mode": "balanced", "status": "active"}
    form |= {"confidence_threshold": "0.7", "own-voucher_balance": "yes"}
    assert (await client.post(f"/agents/{agent.id}", data=form)).status_code == 303
    assert await used(client, desk, question) == []
    await client.post(f"/agents/{agent.id}", data=form | {"tool-voucher_balance": "on"})
    assert await used(client, desk, question) == ["voucher_balance:success"]

    await client.post("/tools", params={"company": "photo"}, data={})
    assert await used(client, desk, question) == []
    shown = (await client.get("/tools", params=where)).text
    assert "1 call, none failed" in shown


async def used(client: httpx.AsyncClient, desk: Desk, text: str) -> list[str]:
    """How the company's own tool ended for a proven customer who says this."""
    _, tools = await anna(client, desk, text)
    return [tool for tool in tools if tool.startswith("voucher_balance:") and "started" not in tool]
