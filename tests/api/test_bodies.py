"""Bodies that no route should ever see."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import Field

from api import errors
from api.bodies import LARGEST_BODY, BodyGuard, check_json
from api.wire import Body, Email, MessageText
from graph.errors import SupportError


class Question(Body):
    """A body as the routes have them."""

    message: MessageText
    confidence_threshold: float | None = Field(default=None, ge=0, le=1)
    email: Email | None = None


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    errors.install(app)
    app.add_middleware(BodyGuard)

    @app.post("/ask")
    async def ask(question: Question) -> dict[str, str]:
        return {"said": question.message}

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield client


JSON = {"Content-Type": "application/json"}
BAD = {
    "empty": (b'{"message": ""}', 422, "message"),
    "blank": (b'{"message": "  \\n "}', 422, "message"),
    "zero width only": ('{"message": "\u200b\u200d\ufeff"}'.encode(), 422, "message"),
    "filler letters only": ('{"message": "\u3164\u2800"}'.encode(), 422, "message"),
    "5001 characters": (b'{"message": "' + b"a" * 5001 + b'"}', 422, "message"),
    "no message": (b"{}", 422, "message"),
    "a number": (b'{"message": 5}', 422, "message"),
    "null": (b'{"message": null}', 422, "message"),
    "unknown key": (b'{"message": "hi", "admin": true}', 422, "admin"),
    "snake case": (b'{"message": "hi", "confidence_threshold": 0.5}', 422, "confidence_threshold"),
    "NaN": (b'{"message": "hi", "confidenceThreshold": NaN}', 422, "confidenceThreshold"),
    "1e999": (b'{"message": "hi", "confidenceThreshold": 1e999}', 422, "confidenceThreshold"),
    "over the range": (b'{"message": "hi", "confidenceThreshold": 1.01}', 422, "confidenceThreshold"),
    "a text as number": (b'{"message": "hi", "confidenceThreshold": "0.5"}', 422, "confidenceThreshold"),
    "lone surrogate": (b'{"message": "hi \\ud800 there"}', 422, "message"),
    "NUL": (b'{"message": "hi \\u0000 there"}', 422, "message"),
    "NUL in a key": (b'{"message": "hi", "a\\u0000": {"b": "\\ud800"}}', 422, "key"),
    "invalid e-mail": (b'{"message": "hi", "email": "anna@"}', 422, "email"),
    "two e-mails": (b'{"message": "hi", "email": "a@b.co, c@d.co"}', 422, "email"),
    "not JSON": (b'{"message": ', 400, "body"),
    "no body": (b"", 422, "body"),
    "an array": (b"[]", 422, "body"),
    "a key twice": (b'{"message": "hi", "message": "ho"}', 400, "body"),
    "invalid UTF-8": (b'{"message": "\xff\xfe"}', 400, "body"),
    "UTF-16": ('{"message": "hi"}'.encode("utf-16"), 400, "body"),
    "too deep": (b'{"message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "body"),
    "rather deep": (b'{"message": ' + b"[" * 40 + b"1" + b"]" * 40 + b"}", 400, "body"),
    "an endless number": (b'{"message": ' + b"9" * 5000 + b"}", 400, "body"),
    "10 MB": (b'{"message": "' + b"a" * 10_000_000 + b'"}', 413, "body"),
}


@pytest.mark.parametrize(("body", "status", "field"), BAD.values(), ids=BAD.keys())
async def test_that_a_bad_body_gets_a_problem_that_names_the_field(
    client: httpx.AsyncClient, body: bytes, status: int, field: str
) -> None:
    answer = await client.post("/ask", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


@pytest.mark.parametrize(
    "message", ["🙂🙂🙂", "नमस्ते", "👩‍👩‍👧‍👦" * 700, "\u202eolleh", "<b>hi</b>", "{{7*7}}", "1234"]
)
async def test_that_unusual_but_visible_text_is_a_normal_message(
    client: httpx.AsyncClient, message: str
) -> None:
    answer = await client.post("/ask", json={"message": message})

    assert answer.json() == {"said": message}


async def test_that_a_body_that_lies_about_its_length_is_cut_off(client: httpx.AsyncClient) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1024 + 1):
            yield b"a" * 1024

    answer = await client.post("/ask", content=drip(), headers=JSON)

    assert answer.status_code == 413


async def test_that_what_was_sent_is_not_echoed(client: httpx.AsyncClient) -> None:
    answer = await client.post("/ask", json={"message": "hi", "email": "secret-thing"})

    assert "secret-thing" not in answer.text


async def test_that_another_content_type_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/ask", content=b'{"message": "hi"}', headers={"Content-Type": "text/plain"})

    assert answer.status_code == 422


def test_that_the_nested_field_is_named() -> None:
    with pytest.raises(SupportError) as caught:
        check_json(b'{"customer": {"names": ["ok", "\\ud83d"]}}')

    assert caught.value.field == "customer.names.1"
