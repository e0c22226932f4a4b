"""Staff: signing in and out, roles, sessions that end."""

import httpx
import pytest

from api.auth.passwords import hash_password
from api.desk import Desk
from store.unit import UnitOfWork
from store.values.scope import Scope

PASSWORD = "a long enough phrase"


async def hire(desk: Desk, email: str, role: str, company: str | None = None) -> None:
    hashed = await hash_password(PASSWORD)

    def create(uow: UnitOfWork) -> None:
        user = uow.staff.create(email, hashed, name=email.partition("@")[0])
        company_id = uow.companies.by_slug(company).id if company else None
        uow.staff.grant(user.id, company_id, role)

    await desk.store.write(Scope.operator(), create)


async def sign_in(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/api/staff/sign-in", json={"email": email, "password": password})


@pytest.fixture
async def lead(anyone: httpx.AsyncClient, desk: Desk) -> httpx.AsyncClient:
    """A signed-in lead of the photo company."""
    await hire(desk, "lead@photo.example", "lead", "photo")
    assert (await sign_in(anyone, "lead@photo.example")).status_code == 204
    return anyone


async def test_that_the_cookie_is_kept_from_scripts_and_other_sites(
    anyone: httpx.AsyncClient, desk: Desk
) -> None:
    await hire(desk, "admin@desk.example", "admin")

    cookie = (await sign_in(anyone, "Admin@desk.example")).headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert (await anyone.get("/api/staff/me")).json()["role"] == "admin"


async def test_that_behind_https_the_cookie_is_bound_to_the_host(
    anyone: httpx.AsyncClient, desk: Desk
) -> None:
    await hire(desk, "admin@desk.example", "admin")
    anyone.base_url = httpx.URL("https://desk.test")

    cookie = (await sign_in(anyone, "admin@desk.example")).headers["set-cookie"]

    assert cookie.startswith("__Host-")
    assert "Secure" in cookie


async def test_that_a_wrong_password_and_an_unknown_account_look_the_same(
    anyone: httpx.AsyncClient, desk: Desk
) -> None:
    await hire(desk, "lead@photo.example", "lead")

    wrong = await sign_in(anyone, "lead@photo.example", "something else 123")
    unknown = await sign_in(anyone, "nobody@photo.example", "something else 123")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


async def test_that_guessing_is_slowed_down(anyone: httpx.AsyncClient, desk: Desk) -> None:
    await hire(desk, "lead@photo.example", "lead")

    answers = [await sign_in(anyone, "lead@photo.example", "a wrong password") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 429]
    assert "Retry-After" in answers[-1].headers


async def test_that_signing_out_ends_the_session(lead: httpx.AsyncClient) -> None:
    cookies = dict(lead.cookies)

    await lead.post("/api/staff/sign-out")

    lead.cookies.update(cookies)
    assert (await lead.get("/api/staff/me")).status_code == 401


@pytest.mark.parametrize("minutes", [31, 12 * 60 + 1])
async def test_that_an_idle_or_old_session_has_ended(
    lead: httpx.AsyncClient, desk: Desk, minutes: int
) -> None:
    assert (await lead.get("/api/staff/me")).status_code == 200

    desk.clock.shift(minutes=minutes)  # type: ignore[attr-defined]

    assert (await lead.get("/api/staff/me")).status_code == 401


async def test_that_a_new_password_ends_every_session(lead: httpx.AsyncClient, desk: Desk) -> None:
    hashed = await hash_password("another long phrase")

    def change(uow: UnitOfWork) -> None:
        user = uow.staff.by_email("lead@photo.example")
        assert user is not None
        uow.staff.set_password(user.id, hashed)

    await desk.store.write(Scope.operator(), change)

    assert (await lead.get("/api/staff/me")).status_code == 401


async def test_that_a_lead_sees_the_own_company_only(lead: httpx.AsyncClient, desk: Desk) -> None:
    agents = (await lead.get("/api/agents")).json()
    foreign = await desk.store.read(
        Scope.operator(), lambda uow: uow.agents.default(uow.companies.by_slug("nodes").id)
    )

    assert {agent["company"] for agent in agents} == {"photo"}
    assert (await lead.get(f"/api/agents/{foreign.id}")).status_code == 404


async def test_that_a_lead_may_not_change_agents(lead: httpx.AsyncClient) -> None:
    agent = (await lead.get("/api/agents")).json()[0]

    answer = await lead.put(f"/api/agents/{agent['id']}", json={"safetyMode": "permissive"})

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_that_a_cookie_alone_changes_nothing_from_another_site(lead: httpx.AsyncClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    answer = await lead.post("/api/knowledge", json={"question": "Q", "answer": "A."}, headers=headers)

    assert answer.status_code == 403


async def test_that_a_lead_takes_a_ticket_over_answers_and_gives_it_back(lead: httpx.AsyncClient) -> None:
    asked = {"message": "How long does it take?", "company": "photo"}
    ticket = (await lead.post("/api/run", json=asked)).json()["ticketId"]

    taken = (await lead.post(f"/api/tickets/{ticket}/take-over")).json()
    replied = (await lead.post(f"/api/tickets/{ticket}/reply", json={"message": "I am on it."})).json()
    back = (await lead.post(f"/api/tickets/{ticket}/hand-back")).json()

    assert (taken["humanOwned"], taken["status"]) == (True, "in_progress")
    assert replied["messages"][-1]["text"] == "I am on it."
    assert replied["messages"][-1]["author"] == "lead@photo.example"
    assert back["humanOwned"] is False
