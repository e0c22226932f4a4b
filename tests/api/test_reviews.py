"""Reviewed answers: drawn at random from a seed, judged one after the other, and what the marks come to."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from api.app import create_app
from api.desk import Desk
from api.reviews import reviewed
from graph.adapters.chance import SystemChance
from store.values.reviews import Mark
from store.values.scope import Scope
from tests.api.conftest import KEY
from tests.api.test_pages import OURS, hire, signed_in

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ASK = {"message": "How long does it take?", "company": "photo"}


def mark(verdict: str, confidence: float, language: str = "en") -> Mark:
    """A mark made by hand."""
    return Mark(
        id="rev_1", verdict=verdict, reason="", question="", confidence=confidence, language=language,
        kind="answer", answered_at=NOW, reviewed_at=NOW,
    )  # fmt: skip


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A browser with a lead signed in, and five answers of the company."""
    transport = httpx.ASGITransport(create_app(desk=desk), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test", headers=OURS) as client:
        for _ in range(5):
            await client.post("/api/run", json=ASK, headers={"Authorization": f"Bearer {KEY}"})
        yield await signed_in(desk, client)


def test_that_the_error_rate_is_of_those_that_were_judged() -> None:
    marks = (
        [mark("right", 0.9)] * 8 + [mark("wrong", 0.4, "hinglish")] * 2 + [mark("unsure", 0.9), mark("", 0.9)]
    )
    found = reviewed(marks)
    assert (found.wrong.passed, found.wrong.cases) == (2, 10)
    assert found.wrong.ci95 == pytest.approx((0.0567, 0.5098), abs=1e-3)
    assert found.by_language["hinglish"].rate == 1.0
    assert (found.unsure, found.waiting) == (1, 1)
    strict = next(row for row in found.thresholds if row.threshold == 0.5)
    assert (strict.answered.passed, strict.wrong.passed) == (8, 0)
    assert found.ece == pytest.approx(0.8 * 0.1 + 0.2 * 0.4)


def test_that_a_seed_draws_the_same_and_every_item_is_as_likely() -> None:
    items = list(range(20))
    assert SystemChance(7).sample(items, 5) == SystemChance(7).sample(items, 5)
    chance = SystemChance(3)
    drawn = [item for _ in range(2_000) for item in chance.sample(items, 5)]
    assert all(400 < drawn.count(item) < 600 for item in items)
    assert sorted(SystemChance().sample([1, 2], 5)) == [1, 2]


async def test_that_a_lead_draws_and_judges_one_after_the_other(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    object.__setattr__(desk, "chance", SystemChance(7))
    assert (await browser.post("/reviews", data={"company": "photo", "count": "7"})).status_code == 422
    await browser.post("/reviews", data={"company": "photo", "count": "20"})
    assert (await browser.post("/reviews", data={"company": "photo", "count": "20"})).status_code == 303
    for verdict in ("wrong", "right", "right", "right", "unsure"):
        page = (await browser.get("/reviews?company=photo")).text
        assert "60 seconds" in page
        action = page.partition('action="/reviews/')[2].partition('"')[0]
        answer = await browser.post(f"/reviews/{action}", data={"verdict": verdict, "company": "photo"})
        assert answer.status_code == 303
    page = (await browser.get("/reviews?company=photo")).text
    assert "Nothing waits" in page
    assert "25.0 %" in page
    assert "1 of 4" in page


async def test_that_those_who_only_look_may_not_judge(desk: Desk, browser: httpx.AsyncClient) -> None:
    await browser.post("/reviews", data={"company": "photo", "count": "20"})
    photo = (await desk.store.read(Scope.operator(), lambda uow: uow.companies.by_slug("photo"))).id
    review = await desk.store.read(Scope.operator(), lambda uow: uow.reviews.next(photo))
    assert review is not None
    await browser.post("/sign-out")
    await hire(desk, "dev@example.com", "nodes")
    form = {"email": "dev@example.com", "password": "a long enough passphrase", "target": "/inbox"}
    await browser.post("/sign-in", data=form)
    assert (await browser.post(f"/reviews/{review.id}", data={"verdict": "wrong"})).status_code == 404
    assert "60 seconds" not in (await browser.get("/reviews?company=photo")).text
