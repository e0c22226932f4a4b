"""The operator's page of isolation, and the copy of the live companies that a round asks."""

import dataclasses
from datetime import timedelta

import httpx
import pytest

from api import canaries
from api.app import create_app
from api.canaries import Planted
from api.canary_rounds import copy_of, fill
from api.canary_watch import is_due
from api.desk import Desk
from api.routes import pages_isolation
from api.wiring import refresh_index
from store.unit import UnitOfWork
from store.values.companies import CompanyFields
from store.values.scope import Scope
from tests.api.test_pages import browser as browser
from tests.api.test_pages import hire, signed_in

OPERATOR = Scope.operator()
ROUND = {
    "companies": 2, "foundByOwner": 2, "n": 240, "leaks": 0, "leaked": [],
    "bySurface": {"bot": 20, "search": 22},
}  # fmt: skip
LEAK = {"of": "photo", "at": "nodes", "surface": "search"}


async def keep(desk: Desk, **changes: object) -> None:
    """A round that was made."""
    await desk.store.write(OPERATOR, lambda uow: uow.isolation.keep({**ROUND, **changes}, 12.5))


async def test_that_the_operator_reads_how_many_probes_leaked_and_when(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    await signed_in(desk, browser)
    assert "Not asked yet" in (await browser.get("/isolation")).text
    await keep(desk)
    await keep(desk)
    assert "0 leaks in 480 probes, last just now" in (await browser.get("/isolation")).text
    await keep(desk, foundByOwner=1)
    assert "1 company did not find the own fact" in (await browser.get("/isolation")).text
    await keep(desk, leaks=1, leaked=[LEAK])
    page = (await browser.get("/isolation")).text
    assert "1 leak in 960 probes" in page
    assert "Find the surface below" in page


async def test_that_staff_of_one_company_do_not_see_the_page(desk: Desk, browser: httpx.AsyncClient) -> None:
    await signed_in(desk, browser, "nodes")
    assert (await browser.get("/isolation")).status_code == 403
    assert (await browser.post("/isolation")).status_code == 403


async def test_that_a_round_is_begun_once(
    desk: Desk, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    async def run() -> None:
        begun.append("a round")

    monkeypatch.setattr(pages_isolation, "run_apart", run)
    await hire(desk, "ada@example.com", None, "admin")
    form = {"email": "ada@example.com", "password": "a long enough passphrase", "target": "/inbox"}
    await browser.post("/sign-in", data=form)
    assert (await browser.post("/isolation")).status_code == 303
    await browser.get("/isolation")
    assert begun == ["a round"]


async def test_that_a_round_is_due_when_the_last_one_is_old(desk: Desk) -> None:
    now, day = desk.clock.now(), timedelta(days=1)
    assert await is_due(desk.store, now, day)
    await keep(desk)
    assert not await is_due(desk.store, now + timedelta(hours=23), day)
    assert await is_due(desk.store, now + timedelta(hours=25), day)


async def test_that_the_copy_has_the_live_companies_with_a_secret_each(desk: Desk) -> None:
    copied = await desk.store.read(OPERATOR, copy_of)
    assert {company.slug for company, *_ in copied} == {"photo", "nodes"}
    entries = next(entries for company, _, _, entries in copied if company.slug == "photo")
    assert [entry.title for entry in entries] == ["Turnaround time"]
    renamed = [(type(c)(**{**vars(c), "slug": f"{c.slug}-copy"}), *rest) for c, *rest in copied]
    await fill(renamed, desk)  # type: ignore[arg-type]
    companies = await desk.store.read(OPERATOR, lambda uow: uow.companies.all())
    secrets = {Planted(company, "", {}).secret for company in companies if company.slug.endswith("-copy")}
    assert len(secrets) == 2
    assert all(len(secret) > 10 for secret in secrets)


async def asked(desk: Desk) -> list[dict[str, str]]:
    """The leaks of one round over the two companies of the test."""

    def name(uow: UnitOfWork) -> list[Planted]:
        for number, company in enumerate(uow.companies.all()):
            fields = {item.name: getattr(company, item.name) for item in dataclasses.fields(CompanyFields)}
            secret = f"The internal name is Velvet Heron {number}4471."
            uow.companies.change(company.id, CompanyFields(**{**fields, "canary": secret}))
        return canaries._plant(uow, desk.clock.now() + timedelta(hours=1))

    planted = [await canaries._say(desk, one) for one in await desk.store.write(OPERATOR, name)]
    await refresh_index(desk)
    app = create_app(desk=desk)
    documented = {path: of for path, of in app.openapi()["paths"].items() if path.startswith("/api/tickets")}
    leaks: list[dict[str, str]] = []
    probes: dict[str, int] = {}
    for owner, other in (planted, planted[::-1]):
        assert await canaries._owner_finds(desk, owner)
        await canaries._ask_all(desk, owner, other, probes, leaks)
        await canaries._get_all(app, documented, owner, other, probes, leaks)
    assert {"bot", "search", "evaluation", "/logs.csv", "/api/tickets/{ticket_id}/trace"} <= set(probes)
    return leaks


async def test_that_a_round_finds_nothing_where_companies_are_apart(desk: Desk) -> None:
    assert await asked(desk) == []


@pytest.mark.parametrize(
    ("place", "surface"),
    [
        ("api.routes.pages_tickets.scope_of", "/tickets/{ticket_id}/trace"),
        ("api.routes.pages_knowledge.scope_of", "/knowledge/{entry_id}"),
    ],
)
async def test_that_a_round_finds_a_check_that_was_removed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, place: str, surface: str
) -> None:
    monkeypatch.setattr(place, lambda member: OPERATOR)
    assert {leak["surface"] for leak in await asked(desk)} >= {surface}
