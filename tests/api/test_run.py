"""`POST /api/run`, end to end over the real graph."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.desk import Desk
from store.unit import UnitOfWork
from store.values.scope import Scope
from store.values.turns import Turn
from tests.api.conftest import RUN_KEY

ASK = {"message": "How long does it take?", "company": "photo"}
FIELDS = {
    "runId", "ticketId", "turnId", "sessionId", "agentId", "company", "response", "language", "intent",
    "intentConfidence", "confidence", "category", "keywords", "kind", "action", "toolUsed", "toolSuccess",
    "toolCalls", "isSafe", "riskScore", "safetyFlags", "hallucinationCheck", "citations", "handoff", "status",
    "latency", "createdAt",
}  # fmt: skip


async def test_that_a_question_gets_a_grounded_answer_with_every_documented_field(
    server: httpx.AsyncClient,
) -> None:
    answer = await server.post("/api/run", json=ASK)

    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == FIELDS
    assert (body["kind"], body["action"], body["company"]) == ("answer", "answer", "photo")
    assert "60 seconds" in body["response"]
    assert body["citations"][0]["title"] == "Turnaround time"
    assert set(body["latency"]["stages"]) >= {"safety", "triage", "answer", "guard"}


async def test_that_a_session_is_gone_on_with(server: httpx.AsyncClient) -> None:
    first = (await server.post("/api/run", json=ASK)).json()

    again = {"message": "Thanks!", "sessionId": first["sessionId"]}
    second = (await server.post("/api/run", json=again)).json()

    assert second["ticketId"] == first["ticketId"]
    assert second["turnId"] != first["turnId"]


async def test_that_a_repeated_request_gets_the_first_response(server: httpx.AsyncClient) -> None:
    body = ASK | {"clientMessageId": "m-1"}
    first = await server.post("/api/run", json=body)

    again = await server.post("/api/run", json=body)
    changed = await server.post("/api/run", json=body | {"message": "And the price?"})

    assert again.json() == first.json()
    assert (changed.status_code, changed.json()["field"]) == (409, "clientMessageId")


async def test_that_twenty_parallel_retries_are_one_turn(server: httpx.AsyncClient) -> None:
    body = ASK | {"clientMessageId": "m-20"}

    answers = await asyncio.gather(*(server.post("/api/run", json=body) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["turnId"] for answer in answers}) == 1


async def test_that_a_verified_customer_gets_the_own_record_and_nobody_else_does(
    server: httpx.AsyncClient,
) -> None:
    ask = {"message": "What is the status of my photo request?", "company": "photo"}
    anna = ask | {"customer": {"email": "anna@example.com", "verified": True}}
    typed = ask | {"customer": {"email": "anna@example.com"}}

    known = (await server.post("/api/run", json=anna)).json()
    unknown = (await server.post("/api/run", json=typed)).json()

    assert (known["toolUsed"], known["toolSuccess"]) == ("lookup_photo_request", True)
    assert "APP-1001" in known["response"]
    assert "APP-1001" not in unknown["response"]
    assert unknown["toolSuccess"] is not True


REFUSED = {
    "unknown company": ({"company": "nowhere"}, 404, "company"),
    "unknown agent": ({"agentId": "agt_0"}, 404, "agentId"),
    "unknown session": ({"sessionId": "tkt_0"}, 404, "sessionId"),
    "no company": ({"company": None}, 422, "company"),
    "blank": ({"message": "   "}, 422, "message"),
    "too long": ({"message": "a" * 5001}, 422, "message"),
    "threshold": ({"confidenceThreshold": 1.5}, 422, "confidenceThreshold"),
    "e-mail": ({"customer": {"email": "anna"}}, 422, "customer.email"),
    "verified without e-mail": ({"customer": {"verified": True}}, 422, "customer.email"),
    "forged token": ({"customer": {"token": "a.b.c"}}, 401, "token"),
    "unknown key": ({"temperature": 1}, 422, "temperature"),
}


@pytest.mark.parametrize(("change", "status", "field"), REFUSED.values(), ids=REFUSED.keys())
async def test_that_a_wrong_request_writes_nothing(
    server: httpx.AsyncClient, desk: Desk, change: dict[str, object], status: int, field: str
) -> None:
    answer = await server.post("/api/run", json=ASK | change)

    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert await desk.store.read(Scope.operator(), lambda uow: uow.tickets.count()) == 0


async def test_that_the_mode_header_has_to_be_one_of_three(server: httpx.AsyncClient) -> None:
    answer = await server.post("/api/run", json=ASK, headers={"X-Safety-Mode": "off"})

    assert (answer.status_code, answer.json()["field"]) == (422, "X-Safety-Mode")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ({}, {"X-Safety-Mode": "strict"}, 200),
        ({}, {"X-Safety-Mode": "permissive"}, 403),
        ({"confidenceThreshold": 0.8}, {}, 200),
        ({"confidenceThreshold": 0.5}, {}, 403),
        ({"customer": {"email": "anna@example.com", "verified": True}}, {}, 403),
        ({"company": "nodes"}, {}, 404),
        ({"company": None}, {}, 200),
    ],
)
async def test_that_a_key_with_few_rights_can_only_tighten(
    anyone: httpx.AsyncClient, body: dict[str, object], headers: dict[str, str], status: int
) -> None:
    headers = headers | {"Authorization": f"Bearer {RUN_KEY}"}

    assert (await anyone.post("/api/run", json=ASK | body, headers=headers)).status_code == status


async def test_that_an_administrator_may_loosen(server: httpx.AsyncClient) -> None:
    answer = await server.post("/api/run", json=ASK, headers={"X-Safety-Mode": "permissive"})

    assert answer.json()["hallucinationCheck"]["mode"] == "permissive"


async def test_that_another_customer_cannot_go_on_with_a_session(server: httpx.AsyncClient) -> None:
    first = await server.post("/api/run", json=ASK | {"customer": {"email": "anna@example.com"}})
    other = {
        "message": "Hi",
        "sessionId": first.json()["sessionId"],
        "customer": {"email": "sara@example.com"},
    }

    answer = await server.post("/api/run", json=other)

    assert (answer.status_code, answer.json()["field"]) == (409, "sessionId")


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic abc", "Bearer", "Bearer a b"])
async def test_that_nobody_runs_without_a_key(anyone: httpx.AsyncClient, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = await anyone.post("/api/run", json=ASK, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


async def test_that_a_conversation_of_a_person_is_not_answered(server: httpx.AsyncClient, desk: Desk) -> None:
    first = (await server.post("/api/run", json=ASK)).json()
    await desk.store.write(Scope.operator(), lambda uow: uow.tickets.request_handoff(first["ticketId"]))

    answer = await server.post("/api/run", json={"message": "Hello?", "sessionId": first["sessionId"]})

    assert answer.status_code == 409


async def test_that_emoji_are_a_normal_turn(server: httpx.AsyncClient) -> None:
    answer = await server.post("/api/run", json=ASK | {"message": "🙂🙂🙂"})

    assert answer.status_code == 200
    assert answer.json()["response"]


async def test_that_a_message_is_answered_although_its_asker_went_away_while_it_was_accepted(
    server: httpx.AsyncClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, write = asyncio.Event(), desk.store.write

    async def telling(scope: Scope, work: Callable[[UnitOfWork], Any]) -> Any:
        if work.__qualname__.startswith("_take"):
            begun.set()
        return await write(scope, work)

    monkeypatch.setattr(desk.store, "write", telling)
    asking = asyncio.create_task(server.post("/api/run", json=ASK))
    await begun.wait()
    asking.cancel()

    turns: tuple[Turn, ...] = ()
    for _ in range(500):  # 5 s; a lease is longer
        if turns := await _ended(desk):
            break
        await asyncio.sleep(0.01)
    assert asking.cancelled()
    assert [turn.kind for turn in turns] == ["answer"]


async def _ended(desk: Desk) -> tuple[Turn, ...]:
    return await desk.store.read(Scope.operator(), lambda uow: uow.turns.log())
