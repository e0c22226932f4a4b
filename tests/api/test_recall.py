"""Stale answers over the real application: a changed price lists who was told it, each settled once."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.desk import Desk
from api.recall import recent
from api.wiring import refresh_index
from store.unit import UnitOfWork
from store.values.knowledge import PassageFields, SourceFields
from store.values.scope import Scope
from tests.api.conftest import KEY
from tests.api.test_pages import OURS, signed_in

OPERATOR = Scope.operator()
ASKED = ("What does the basic pack cost?", "How much is the basic pack?", "What does the family pack cost?")


def priced(slug: str, basic: str, family: str = "₹999", revision: str = "1") -> Any:
    """Work that publishes the price page of a company."""

    def publish(uow: UnitOfWork) -> None:
        packs = (
            ("Basic pack", f"The basic pack costs {basic}."),
            ("Family pack", f"The family pack costs {family}."),
        )
        passages = [
            PassageFields(
                title="Prices", heading=name, text=text, questions=(f"What does the {name.lower()} cost?",)
            )
            for name, text in packs
        ]
        source = SourceFields(url="https://x.example/prices", title="Prices", content_hash=revision)
        uow.knowledge.publish_source(uow.companies.by_slug(slug).id, source, passages)

    return publish


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A browser with a lead signed in."""
    transport = httpx.ASGITransport(create_app(desk=desk), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test", headers=OURS) as client:
        yield await signed_in(desk, client)


@pytest.fixture
async def told(desk: Desk, browser: httpx.AsyncClient) -> dict[str, str]:
    """Replies by turn, of both companies, before the price of one of them changed."""
    said: dict[str, str] = {}
    for slug in ("photo", "nodes"):
        await desk.store.write(OPERATOR, priced(slug, "₹499"))
    await refresh_index(desk)
    for slug in ("photo", "nodes"):
        for text in ASKED:
            customer = {"email": f"{len(said)}@example.com", "verified": True}
            body = {"message": text, "company": slug, "customer": customer}
            answer = await browser.post("/api/run", json=body, headers={"Authorization": f"Bearer {KEY}"})
            said[answer.json()["turnId"]] = f"{slug}: {answer.json()['response']}"
    return said


async def listed(desk: Desk, slug: str = "photo") -> set[str]:
    """The turns that are listed as stale."""

    def read(uow: UnitOfWork) -> set[str]:
        found = recent(uow, uow.companies.by_slug(slug).id)
        return {
            answer.turn_id
            for item in found
            for stale in item.stale
            for answer in uow.recall.answers(item.change.id, stale.key)
        }

    return await desk.store.read(OPERATOR, read)


async def test_that_a_changed_price_lists_exactly_the_answers_that_told_it(
    desk: Desk, told: dict[str, str], browser: httpx.AsyncClient
) -> None:
    dependent = {turn for turn, reply in told.items() if reply.startswith("photo:") and "₹499" in reply}
    assert len(dependent) == 2
    assert await listed(desk) == set()
    await desk.store.write(OPERATOR, priced("photo", "₹549", revision="2"))
    assert await listed(desk) == dependent
    assert await listed(desk, "nodes") == set()
    page = (await browser.get("/recall?company=photo")).text
    assert "Number or date changed" in page
    await desk.store.write(OPERATOR, priced("photo", "₹499", revision="3"))
    assert await listed(desk) == set()


async def test_that_an_answer_is_settled_once_and_a_correction_reaches_its_customer(
    desk: Desk, told: dict[str, str], browser: httpx.AsyncClient
) -> None:
    await desk.store.write(OPERATOR, priced("photo", "₹549", revision="2"))
    first, second = sorted(await listed(desk))
    change = (await desk.store.read(OPERATOR, lambda uow: recent(uow, uow.companies.by_slug("photo").id)))[0]
    url = f"/recall/{change.change.id}"
    page = (await browser.get(url)).text
    assert "The basic pack costs ₹549." in page
    key = page.partition('name="claim" value="')[2].partition('"')[0]
    words = change.stale[0].correction("en")
    for _ in range(2):
        await browser.post(url, data={"action": "correction", "claim": key, "text": words, "turn": first})
    after = await browser.post(url, data={"action": "note", "claim": key, "every": "yes"})
    assert "done=1" in after.headers["location"]

    def read(uow: UnitOfWork) -> tuple[list[str], list[str], list[tuple[str, str]]]:
        corrected = uow.tickets.messages(uow.turns.get(first).ticket_id, notes=True)
        noted = uow.tickets.messages(uow.turns.get(second).ticket_id, notes=True)
        mails = [(mail.recipient, mail.body) for mail in uow.outbox.all()]
        return [m.text for m in corrected], [m.role for m in noted], mails

    corrected, noted, mails = await desk.store.read(OPERATOR, read)
    assert corrected.count(words) == 1
    assert noted[-1] == "note"
    assert len(mails) == 1
    assert mails[0][1].startswith(words)
    assert "0</b> undecided" in (await browser.get(url)).text


async def test_that_other_companies_and_viewers_may_not_decide(
    desk: Desk, told: dict[str, str], browser: httpx.AsyncClient
) -> None:
    await desk.store.write(OPERATOR, priced("photo", "₹549", revision="2"))
    change = (await desk.store.read(OPERATOR, lambda uow: recent(uow, uow.companies.by_slug("photo").id)))[0]
    foreign = Scope.of((await desk.store.read(OPERATOR, lambda uow: uow.companies.by_slug("nodes"))).id)
    assert await desk.store.read(foreign, lambda uow: recent(uow, change.change.company_id)) == ()
    empty = await browser.post(f"/recall/{change.change.id}", data={"action": "correction", "claim": "x"})
    assert empty.status_code == 404
