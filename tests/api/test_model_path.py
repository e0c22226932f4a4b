"""A desk with a scripted model over HTTP: what it keeps, counts, spends; and that nothing leaves unasked."""

import itertools
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from api.app import create_app
from api.desk import Desk
from api.environment import prepare_environment
from api.models import model_name, open_models
from api.retention import forget_old_texts
from api.settings import Settings
from api.wiring import open_desk, refresh_index
from graph.adapters.clock import SystemClock
from graph.errors import Invalid
from retrieval.embed import Hashing
from retrieval.index import Index
from retrieval.vectors import MemoryVectors
from store.values.exchanges import StoredExchange
from store.values.scope import Scope
from tests.api.conftest import KEY, RUN_KEY, settings_of

Opener = Callable[..., Awaitable[tuple[Desk, httpx.AsyncClient]]]
QUESTION = {"company": "photo", "message": "What is the turnaround time?"}


@pytest.fixture
async def opened(template: Path, tmp_path: Path) -> AsyncIterator[Opener]:
    """Opens a desk with settings of its own; all are closed at the end."""
    numbers = itertools.count()
    async with AsyncExitStack() as stack:

        async def open_with(**settings: object) -> tuple[Desk, httpx.AsyncClient]:
            folder = tmp_path / f"desk-{next(numbers)}"
            shutil.copytree(template, folder)
            index = Index(MemoryVectors(), Hashing())
            desk = await open_desk(settings_of(folder, **settings), index=index, migrate=False)
            stack.push_async_callback(desk.close)
            await refresh_index(desk)
            transport = httpx.ASGITransport(create_app(desk=desk, pages=False), raise_app_exceptions=False)
            headers = {"Authorization": f"Bearer {KEY}"}
            client = httpx.AsyncClient(transport=transport, base_url="http://desk.test", headers=headers)
            return desk, await stack.enter_async_context(client)

        yield open_with


async def exchanges(desk: Desk, turn_id: str) -> tuple[StoredExchange, ...]:
    return await desk.store.read(Scope.operator(), lambda uow: uow.exchanges.of_turn(turn_id))


async def test_that_an_echoing_model_answers_as_the_desk_alone(opened: Opener) -> None:
    _, alone = await opened()
    desk, client = await opened(llm_model="scripted:echo")
    plain = (await alone.post("/api/run", json=QUESTION)).json()
    echoed = (await client.post("/api/run", json=QUESTION)).json()

    for name in ("response", "kind", "intent", "intentConfidence", "confidence", "citations", "toolCalls"):
        assert echoed[name] == plain[name]
    kept = await exchanges(desk, echoed["turnId"])
    assert [item.step for item in kept] == ["triage", "answer"]
    assert all(item.tokens_in and item.version and item.request["user"] for item in kept)


async def test_that_tools_are_kept_with_what_they_were_asked(opened: Opener) -> None:
    desk, client = await opened()
    customer = {"email": "anna@example.com", "verified": True}
    asked = {"company": "photo", "message": "What is the status of my photo request?", "customer": customer}
    answer = (await client.post("/api/run", json=asked)).json()

    (kept,) = await exchanges(desk, answer["turnId"])
    assert (kept.kind, kept.name, kept.response["status"]) == ("tool", "lookup_photo_request", "success")
    assert kept.request == {"arguments": {}, "confirmed": False, "askedFor": kept.request["askedFor"]}


async def test_that_without_recording_days_only_figures_are_kept(opened: Opener) -> None:
    desk, client = await opened(llm_model="scripted:echo", recording_days=0)
    answer = (await client.post("/api/run", json=QUESTION)).json()
    for item in await exchanges(desk, answer["turnId"]):
        assert (item.request, item.response) == ({}, {})
        assert item.tokens_in > 0


async def test_that_texts_are_forgotten_in_time(opened: Opener) -> None:
    desk, client = await opened(llm_model="scripted:echo")
    answer = (await client.post("/api/run", json=QUESTION)).json()

    class Later(SystemClock):
        def now(self):  # type: ignore[no-untyped-def]
            return super().now() + timedelta(days=31)

    assert await forget_old_texts(desk.store, desk.clock, 30) == 0
    assert await forget_old_texts(desk.store, Later(), 30) == 2
    assert all(not item.request for item in await exchanges(desk, answer["turnId"]))


async def test_that_a_used_up_budget_leaves_the_desk_to_itself(opened: Opener) -> None:
    prices = {"scripted:echo": (1_000_000.0, 0.0)}  # a unit a token
    desk, client = await opened(llm_model="scripted:echo", llm_prices=prices, llm_daily_budget=1.0)
    first = (await client.post("/api/run", json=QUESTION)).json()
    second = (await client.post("/api/run", json=QUESTION)).json()

    assert second["response"] == first["response"]
    assert len(await exchanges(desk, first["turnId"])) == 2
    assert {item.attempts for item in await exchanges(desk, second["turnId"])} == {0}
    trace = await desk.store.read(Scope.operator(), lambda uow: uow.turns.trace(second["turnId"]))
    told = str([step.output for step in trace.steps])
    assert "model unavailable: today's budget of the company is used up" in told
    shown = (await client.get("/metrics")).text
    assert 'model_verdicts_total{step="triage",verdict="unavailable"} 1.0' in shown
    assert "supportgraph_model_cost_today{" in shown


async def test_that_metrics_tell_of_models_and_breakers(opened: Opener) -> None:
    _, client = await opened(llm_model="scripted:echo?fail=500", llm_retries=0)
    for _ in range(6):
        assert (await client.post("/api/run", json=QUESTION)).json()["kind"] == "answer"
    shown = (await client.get("/metrics")).text
    model = 'model="scripted:echo?fail=500"'
    assert 'outcome="status 500",step="triage"} 5.0' in shown.replace(f"{model},", "")
    assert 'outcome="the breaker is open",step="triage"} 1.0' in shown.replace(f"{model},", "")
    assert f"supportgraph_breaker_state{{{model}}} 2.0" in shown
    assert "supportgraph_turn_seconds_count 6.0" in shown
    assert 'supportgraph_guard_total{mode="balanced",outcome="pass"} 6.0' in shown


async def test_that_metrics_are_the_operators(opened: Opener) -> None:
    _, client = await opened()
    assert (await client.get("/metrics", headers={"Authorization": f"Bearer {RUN_KEY}"})).status_code == 403
    assert (
        await client.get("/metrics", headers={"Authorization": "Bearer nothing-at-all"})
    ).status_code == 401


@pytest.mark.parametrize(
    ("company", "step", "expected"),
    [
        ("photo", "answer", "big"),
        ("photo", "triage", "photo-model"),
        ("nodes", "triage", "small"),
        ("nodes", "answer", "default"),
        ("lamps", "answer", ""),
    ],
)
def test_that_the_most_particular_model_serves(company: str, step: str, expected: str) -> None:
    models = {"photo/answer": "big", "photo": "photo-model", "triage": "small", "lamps": ""}
    settings = Settings(_env_file=None, llm_model="default", llm_models=models)
    assert model_name(settings, company, step) == expected


@pytest.mark.parametrize("name", ["scripted:poet", "scripted:echo?fail=maybe", "scripted:echo?ttft=soon"])
async def test_that_a_scripted_name_that_is_none_is_refused_at_the_start(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid) as raised:
        await open_models(settings_of(tmp_path, llm_model=name), SystemClock())
    assert raised.value.field == "LLM_MODEL"


async def test_that_without_a_model_nothing_is_opened(tmp_path: Path) -> None:
    assert await open_models(settings_of(tmp_path), SystemClock()) is None


def test_that_a_budget_without_prices_is_refused() -> None:
    with pytest.raises(ValidationError, match="LLM_PRICES for big"):
        Settings(_env_file=None, llm_model="big", llm_daily_budget=5.0)


def test_that_the_key_falls_back_to_the_libraries_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "theirs")
    assert Settings(_env_file=None).llm_api_key.get_secret_value() == "theirs"  # type: ignore[union-attr]
    monkeypatch.setenv("SUPPORTGRAPH_LLM_API_KEY", "ours")
    assert Settings(_env_file=None).llm_api_key.get_secret_value() == "ours"  # type: ignore[union-attr]


def test_that_tracing_is_off_unless_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "LANGSMITH_TRACING",
        "LANGSMITH_HIDE_INPUTS",
        "LANGSMITH_HIDE_OUTPUTS",
        "LANGCHAIN_TRACING_V2",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")  # left over from another project
    prepare_environment(tracing=False)
    assert (os.environ["LANGSMITH_TRACING"], os.environ["LANGCHAIN_TRACING_V2"]) == ("false", "false")

    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    prepare_environment(tracing=False)
    assert (os.environ["LANGSMITH_TRACING"], os.environ["LANGSMITH_HIDE_INPUTS"]) == ("true", "true")
