"""langchain-openai over HTTP: every call ends in time, in an answer that was ended properly or a fault."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx
import httpx2
import pytest
from pydantic import BaseModel, ConfigDict, SecretStr

from graph.adapters.chat_model import ChatModel, Models
from graph.adapters.endpoint import Address, Endpoint
from graph.adapters.scripted.script import ON_THE_LINE
from graph.errors import ModelUnavailable
from graph.ports import Prompt
from nodes.prompting import render
from tests.fakes import FrozenClock
from tests.models import Notes, Served, serving

ANSWER = render(
    "answer",
    facts={"company": "Lamp House", "language": "English", "again": ""},
    data={
        "tone": "",
        "topic": "",
        "question": "?",
        "sources": "[1] Bulbs",
        "draft": "One bulb. [1]\nNo more. [1]",
    },
)
READING = render(
    "triage",
    facts={"company": "Lamp House"},
    data={"topic": "", "message": "hi", "draft": '{"intent": "greeting", "question": "hi"}'},
)


class Reading(BaseModel):
    model_config = ConfigDict(extra="forbid")

    intent: str
    question: str


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


@pytest.fixture
def notes() -> Notes:
    return Notes()


async def written(model: ChatModel, prompt: Prompt = ANSWER) -> str:
    async with aclosing(model.write(prompt)) as stream:
        return "".join([piece async for piece in stream])


def model(served: Served, notes: Notes, name: str = "scripted:echo", **more: Any) -> ChatModel:
    return served.models(name, **more).for_turn("lamps", notes)


async def test_that_an_answer_comes_whole_and_is_noted(served: Served, notes: Notes) -> None:
    assert (
        await written(model(served, notes, prices={"scripted:echo": (1.0, 4.0)}))
        == "One bulb. [1]\nNo more. [1]"
    )
    (noted,) = notes.exchanges
    assert (noted.step, noted.version, noted.fault) == ("answer", ANSWER.version, "")
    assert noted.tokens_in > noted.tokens_out > 0
    assert noted.cost == (noted.tokens_in + 4 * noted.tokens_out) / 1_000_000
    assert noted.response == {"text": "One bulb. [1]\nNo more. [1]"}


async def test_that_a_form_is_filled(served: Served, notes: Notes) -> None:
    assert await model(served, notes).ask(READING, Reading) == Reading(intent="greeting", question="hi")
    assert notes.exchanges[0].response == {"value": {"intent": "greeting", "question": "hi"}}


@pytest.mark.parametrize("failure", ON_THE_LINE)
@pytest.mark.parametrize("kind", ["ask", "write"])
@pytest.mark.alone
async def test_that_every_fault_of_the_line_is_a_fault_in_time(
    served: Served, notes: Notes, failure: str, kind: str
) -> None:
    asked = model(served, notes, f"scripted:echo?fail={failure}", seconds=0.15)
    started = asyncio.get_running_loop().time()
    with pytest.raises(ModelUnavailable) as raised:
        await (asked.ask(READING, Reading) if kind == "ask" else written(asked))
    assert asyncio.get_running_loop().time() - started < 0.6
    assert notes.exchanges[-1].fault == raised.value.message


async def test_that_a_short_outage_is_waited_out(served: Served, notes: Notes) -> None:
    assert await written(model(served, notes, "scripted:echo?fail=503*1", retries=1)) != ""
    assert (notes.exchanges[0].attempts, notes.exchanges[0].fault) == (2, "")


async def test_that_what_does_not_fit_is_repaired_once(served: Served, notes: Notes) -> None:
    assert (
        await model(served, notes, "scripted:echo?fail=json*1").ask(READING, Reading)
    ).intent == "greeting"
    with pytest.raises(ModelUnavailable, match="malformed after a repair"):
        await model(served, notes, "scripted:echo?fail=json").ask(READING, Reading)
    assert [noted.attempts for noted in notes.exchanges] == [2, 2]


async def test_that_after_a_fault_of_the_line_the_turn_goes_on_alone(served: Served, notes: Notes) -> None:
    asked = model(served, notes, "scripted:echo?fail=500&at=triage")
    with pytest.raises(ModelUnavailable):
        await asked.ask(READING, Reading)
    with pytest.raises(ModelUnavailable, match="earlier in this turn"):
        await written(asked)
    assert [(noted.step, noted.attempts) for noted in notes.exchanges] == [("triage", 1), ("answer", 0)]


async def test_that_the_breaker_stops_all_turns_and_lets_them_on_again(served: Served, notes: Notes) -> None:
    clock = FrozenClock()
    models = served.models("scripted:echo?fail=500*5", clock=clock)
    for _ in range(5):
        with pytest.raises(ModelUnavailable, match="status 500"):
            await models.for_turn("lamps", notes).ask(READING, Reading)
    with pytest.raises(ModelUnavailable, match="breaker is open"):
        await models.for_turn("lamps", notes).ask(READING, Reading)
    assert notes.exchanges[-1].attempts == 0
    clock.move(seconds=31)
    assert (await models.for_turn("lamps", notes).ask(READING, Reading)).intent == "greeting"
    assert set(models.states().values()) == {"closed"}


async def test_that_a_reader_who_has_heard_enough_leaves_the_breaker_alone(
    served: Served, notes: Notes
) -> None:
    models = served.models("scripted:echo")
    async with aclosing(models.for_turn("lamps", notes).write(ANSWER)) as stream:
        async for _ in stream:
            break
    assert set(models.states().values()) == {"closed"}
    assert notes.exchanges[0].tokens_out > 0


async def test_that_waiting_for_a_slot_counts(served: Served, notes: Notes) -> None:
    slots = asyncio.Semaphore(1)
    models = served.models("scripted:echo", seconds=0.1, slots=slots)
    async with slots:  # somebody else is being answered
        with pytest.raises(ModelUnavailable, match="within its time"):
            await models.for_turn("lamps", notes).ask(READING, Reading)
    assert served.server.marks == {}


async def test_that_a_closed_turn_asks_nobody(served: Served, notes: Notes) -> None:
    models = served.models("scripted:echo")
    with pytest.raises(ModelUnavailable, match="budget"):
        await models.for_turn("lamps", notes, closed="the budget is used up").ask(READING, Reading)
    assert [(noted.fault, noted.attempts) for noted in notes.exchanges] == [("the budget is used up", 0)]


class Picky:
    """An OpenAI-compatible server that refuses what it does not know, as older ones do."""

    def __init__(self, *refuses: str) -> None:
        self.refuses = refuses
        self.bodies: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = json.loads((await receive())["body"])
        self.bodies.append(body)
        told = json.dumps(body)
        wrong = next((name for name in self.refuses if name in told), None)
        answer: dict[str, Any] = {"error": {"message": f"unknown field {wrong}"}}
        if wrong is None:
            message = {"role": "assistant", "content": 'Sure: {"intent": "greeting", "question": "hi"}'}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            answer = {"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 400 if wrong else 200, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


@pytest.mark.parametrize(
    ("refuses", "attempts"),
    [((), 1), (("json_schema",), 2), (("response_format",), 3), (("seed", "json_schema"), 3)],
)
async def test_that_what_a_server_supports_is_found_out_once(
    notes: Notes, refuses: tuple[str, ...], attempts: int
) -> None:
    picky = Picky(*refuses)
    key = SecretStr("none")
    address = Address(model="m", base_url="http://picky.test/v1", api_key=key, seconds=2.0, max_tokens=200)
    endpoint = Endpoint(address, _http=httpx2.AsyncClient(transport=httpx2.ASGITransport(app=picky)))
    models = Models(choose=lambda *_: address, clock=FrozenClock(), endpoints={address: endpoint})
    for _ in range(2):
        assert (await models.for_turn("lamps", notes).ask(READING, Reading)).intent == "greeting"
    assert len(picky.bodies) == attempts + 1
    await models.close()


async def test_that_a_name_that_is_no_script_is_told(served: Served) -> None:
    body = {"model": "scripted:echo?speed=3", "messages": []}
    url = f"http://127.0.0.1:{served.server.port}/v1"
    async with httpx.AsyncClient(base_url=url) as client:
        refused = await client.post("/chat/completions", json=body)
    assert refused.status_code == 404
    assert "no knob speed" in refused.json()["error"]["message"]
