"""Agents, tools, knowledge, logs and tickets for servers, and what every route has in common."""

import httpx
import pytest
from fastapi.routing import APIRoute

from api.app import create_app
from api.desk import Desk
from tests.api.conftest import RUN_KEY
from tests.api.test_pages import ticket_of

OPEN = {
    "/healthz", "/readyz", "/openapi.json", "/api/staff/sign-in", "/api/staff/sign-out",
    "/api/widget/{company}/sessions", "/api/widget/{company}/demo-identity",
}  # fmt: skip


async def ask(server: httpx.AsyncClient, message: str = "How long does it take?") -> dict[str, object]:
    body: dict[str, object] = (
        await server.post("/api/run", json={"message": message, "company": "photo"})
    ).json()
    return body


async def test_that_no_route_opens_without_credentials(anyone: httpx.AsyncClient, desk: Desk) -> None:
    app = create_app(desk=desk, pages=False)
    walked = 0
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            if path in OPEN:
                continue
            address = path.replace("{company}", "photo")
            answer = await anyone.request(method.upper(), address, json={})
            assert answer.status_code in (401, 422), (method, path)
            assert answer.headers["content-type"] == "application/problem+json"
            walked += 1
    assert walked > 25


async def test_that_every_route_is_documented_with_its_problems(desk: Desk) -> None:
    app = create_app(desk=desk, pages=False)
    document = app.openapi()

    for path, methods in document["paths"].items():
        for method, described in methods.items():
            assert described.get("description"), (method, path)
            if path.startswith("/api/"):
                assert {"401", "404", "422", "429"} <= described["responses"].keys(), (method, path)
    assert all(route.include_in_schema for route in app.routes if isinstance(route, APIRoute))


async def test_that_agents_are_made_changed_and_removed(server: httpx.AsyncClient) -> None:
    made = await server.post(
        "/api/agents", json={"name": "Second", "company": "photo", "tools": {"create_ticket": True}}
    )
    agent = made.json()
    changed = await server.put(f"/api/agents/{agent['id']}", json={**agent, "confidenceThreshold": 0.8} | {})
    path = f"/api/agents/{agent['id']}"
    tightened = await server.put(path, json={"id": "x", "createdAt": "y", "confidenceThreshold": 0.8})
    removed = await server.delete(path)

    assert made.status_code == 201
    assert agent["tools"]["create_ticket"] is True
    assert (changed.status_code, changed.json()["field"]) == (422, "company")
    assert (tightened.json()["confidenceThreshold"], tightened.json()["version"]) == (0.8, 2)
    assert removed.status_code == 204
    assert (await server.get(path)).status_code == 404


async def test_that_agent_config_saves_by_id_and_never_doubles(server: httpx.AsyncClient) -> None:
    made = (await server.post("/api/agent-config", json={"name": "Second", "company": "photo"})).json()
    again = (await server.post("/api/agent-config", json={"agentId": made["id"], "name": "Renamed"})).json()
    unknown = await server.post("/api/agent-config", json={"agentId": "agt_0", "name": "Renamed"})
    twice = await server.post("/api/agent-config", json={"name": "Renamed", "company": "photo"})

    assert (again["id"], again["name"]) == (made["id"], "Renamed")
    assert unknown.status_code == 404
    assert (twice.status_code, twice.json()["id"]) == (200, made["id"])
    assert (await server.get("/api/agent-config", params={"company": "photo"})).json()["isDefault"] is True


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"safetyMode": "off"}, "safetyMode"),
        ({"confidenceThreshold": 2}, "confidenceThreshold"),
        ({"temperature": 1}, "temperature"),
        ({"tools": {"rm": True}}, "tools"),
        ({"name": ""}, "name"),
    ],
)
async def test_that_a_wrong_agent_names_the_field(
    server: httpx.AsyncClient, body: dict[str, object], field: str
) -> None:
    agent = (await server.get("/api/agents")).json()[0]

    answer = await server.put(f"/api/agents/{agent['id']}", json=body)

    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_that_a_tool_that_is_switched_off_is_not_used(server: httpx.AsyncClient) -> None:
    off = {"company": "photo", "tools": {"lookup_photo_request": False}}
    customer = {"email": "anna@example.com", "verified": True}
    question = {
        "message": "What is the status of my photo request?",
        "company": "photo",
        "customer": customer,
    }

    before = (await server.post("/api/run", json=question)).json()
    switched = (await server.put("/api/tools", json=off)).json()
    after = (await server.post("/api/run", json=question)).json()

    assert before["toolSuccess"] is True
    assert {tool["name"]: tool["enabled"] for tool in switched["tools"]}["lookup_photo_request"] is False
    assert "lookup_photo_request" not in {call["tool"] for call in after["toolCalls"]}, after


async def test_that_a_saved_entry_is_answered_from_at_once(server: httpx.AsyncClient) -> None:
    entry = {
        "company": "photo",
        "question": "Glasses",
        "answer": "Please take off your glasses before the photo.",
        "questions": ["Can I wear glasses in the photo?"],
    }
    made = (await server.post("/api/knowledge", json=entry)).json()

    answer = await ask(server, "Can I wear glasses in the photo?")
    await server.put(f"/api/knowledge/{made['id']}", json={"active": False})
    listed = (await server.get("/api/knowledge", params={"company": "photo", "active": True})).json()

    assert "take off your glasses" in str(answer["response"])
    assert made["id"] not in {item["id"] for item in listed}
    assert (await server.delete(f"/api/knowledge/{made['id']}")).status_code == 204
    assert (await server.get(f"/api/knowledge/{made['id']}")).status_code == 404


async def test_that_turns_are_logged_redacted_and_counted(server: httpx.AsyncClient) -> None:
    await ask(server)
    await ask(server, "my mail is nina@example.com, how long does it take?")

    page = (await server.get("/api/logs", params={"company": "photo", "kind": "answer"})).json()
    stats = (await server.get("/api/logs/stats")).json()

    assert {item["intent"] for item in page["items"]} <= stats["byIntent"].keys()
    assert "nina@example.com" not in str(page)
    assert stats["total"] == 2
    assert (await server.get("/api/test-logs")).json()["status"] == "ok"


async def test_that_a_ticket_is_listed_and_shown(server: httpx.AsyncClient) -> None:
    ticket = (await ask(server))["ticketId"]

    page = (
        await server.get("/api/tickets", params={"company": "photo", "status": "awaiting_customer"})
    ).json()
    shown = (await server.get(f"/api/tickets/{ticket}")).json()

    assert [item["id"] for item in page["items"]] == [ticket]
    assert [message["role"] for message in shown["messages"]] == ["user", "assistant"]
    assert (await server.get("/api/tickets/tkt_0")).status_code == 404


async def test_that_a_key_cannot_take_a_ticket_over(server: httpx.AsyncClient) -> None:
    ticket = (await ask(server))["ticketId"]

    assert (await server.post(f"/api/tickets/{ticket}/take-over")).status_code == 409


async def test_that_a_run_key_reads_nothing(anyone: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {RUN_KEY}"}

    for path in ("/api/agents", "/api/logs", "/api/tickets", "/api/knowledge", "/api/tools?company=photo"):
        assert (await anyone.get(path, headers=headers)).status_code == 403


async def test_that_health_is_told_and_ends_with_the_process(server: httpx.AsyncClient, desk: Desk) -> None:
    anyone = server
    assert (await anyone.get("/readyz")).json() == {"status": "ready", "warm": False}
    assert "supportgraph_streams_open 0" in (await anyone.get("/metrics")).text

    desk.hub.close()

    assert (await anyone.get("/readyz")).status_code == 503
    assert (await anyone.get("/healthz")).status_code == 200


async def test_that_a_ticket_is_sorted_labelled_and_opened_again_over_http(
    desk: Desk, server: httpx.AsyncClient
) -> None:
    ticket_id = await ticket_of(desk)
    urgent = await server.put(f"/api/tickets/{ticket_id}/priority", json={"priority": "urgent"})
    assert urgent.json()["priority"] == "urgent"
    labelled = await server.put(f"/api/tickets/{ticket_id}/tags", json={"tags": ["VIP", " late  parcel "]})
    assert labelled.json()["tags"] == ["late parcel", "vip"]
    await server.post(f"/api/tickets/{ticket_id}/close")
    closed = (await server.get("/api/tickets", params={"view": "resolved", "tag": "vip"})).json()
    assert (closed["total"], closed["byGroup"], closed["byAssignee"]) == (1, {"resolved": 1}, {"nobody": 1})
    again = await server.post(f"/api/tickets/{ticket_id}/reopen")
    assert (again.json()["status"], again.json()["reopened"]) == ("in_progress", 1)
    for body in ({"priority": "soon"}, {"tags": [" "]}):
        path = "priority" if "priority" in body else "tags"
        assert (await server.put(f"/api/tickets/{ticket_id}/{path}", json=body)).status_code == 422
