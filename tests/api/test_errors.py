"""Errors on the wire."""

import httpx
import pytest
from fastapi import FastAPI

from api import errors
from graph.errors import Conflict, Gone, NotAllowed, NotAuthenticated, NotFound, TooMany, Unavailable

TREE = {
    "not_authenticated": (NotAuthenticated("Who?"), 401, "WWW-Authenticate"),
    "not_allowed": (NotAllowed("No."), 403, None),
    "not_found": (NotFound("Which?"), 404, None),
    "conflict": (Conflict("Changed."), 409, None),
    "gone": (Gone("Over."), 410, None),
    "too_many": (TooMany("Slowly.", retry_after=7), 429, "Retry-After"),
    "unavailable": (Unavailable("Later."), 503, "Retry-After"),
}


def client_of(error: Exception) -> httpx.AsyncClient:
    app = FastAPI()
    errors.install(app)

    @app.get("/fail")
    async def fail() -> None:
        raise error

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://desk.test")


@pytest.mark.parametrize("code", TREE)
async def test_that_each_error_of_the_tree_has_its_status_and_code(code: str) -> None:
    error, status, header = TREE[code]
    async with client_of(error) as client:
        answer = await client.get("/fail")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"] == str(error)
    assert header is None or header in answer.headers


async def test_that_an_unexpected_failure_shows_an_id_and_nothing_else() -> None:
    async with client_of(RuntimeError("password=hunter2")) as client:
        answer = await client.get("/fail")

    assert answer.status_code == 500
    assert answer.json()["errorId"].startswith("err_")
    assert "hunter2" not in answer.text


async def test_that_an_unknown_path_is_a_problem_too() -> None:
    async with client_of(RuntimeError()) as client:
        answer = await client.get("/nowhere")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
