"""What somebody tries who is not the customer, and what they get: nothing, in the right words."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from api.auth.identity import mint_site_token
from api.desk import Desk
from api.limits import Limits
from store.values.scope import Scope
from tests.api.conftest import OTHER_SITE_KEY, SITE_KEY
from tests.api.test_widget import BASE, Customer


def site_token(desk: Desk, email: str = "anna@example.com", **changes: object) -> str:
    values: dict[str, object] = {
        "email": email,
        "company": "photo",
        "kid": "k1",
        "key": SITE_KEY,
        "token_id": desk.ids.new("jti"),
        "now": desk.clock.now(),
    }
    return mint_site_token(**{**values, **changes})  # type: ignore[arg-type]


async def test_that_a_site_token_proves_the_customer_and_opens_the_own_record(
    anyone: httpx.AsyncClient, desk: Desk
) -> None:
    anna = Customer(anyone, desk)
    opened = await anna.arrive(token=site_token(desk))

    await anna.say("What is the status of my photo request?")

    assert opened["verified"] is True
    assert "APP-1001" in str((await anna.snapshot())["messages"])


async def test_that_a_site_token_is_good_once(anyone: httpx.AsyncClient, desk: Desk) -> None:
    token = site_token(desk)
    await Customer(anyone, desk).arrive(token=token)

    answer = await anyone.post(f"{BASE}/sessions", json={"token": token})

    assert (answer.status_code, answer.json()["field"]) == (401, "token")


async def test_that_parallel_uses_of_a_site_token_open_one_session(
    anyone: httpx.AsyncClient, desk: Desk
) -> None:
    token = site_token(desk)

    answers = await asyncio.gather(
        *(anyone.post(f"{BASE}/sessions", json={"token": token}) for _ in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [201, *[401] * 7]


@pytest.mark.parametrize("path", ["/api/widget/photo/sessions", "/api/widget/nodes/sessions"])
async def test_that_forged_expired_and_foreign_tokens_are_refused(
    anyone: httpx.AsyncClient, desk: Desk, path: str
) -> None:
    slug = path.split("/")[3]
    old = desk.clock.now() - timedelta(hours=1)
    forged = [
        site_token(desk, company=slug, key="x" * 40),
        site_token(desk, company=slug, kid="k2"),
        site_token(desk, company=slug, key=OTHER_SITE_KEY if slug == "photo" else SITE_KEY),
        site_token(desk, company="nodes" if slug == "photo" else "photo"),
        site_token(desk, company=slug, now=old, key=SITE_KEY if slug == "photo" else OTHER_SITE_KEY),
    ]

    answers = [await anyone.post(path, json={"token": token}) for token in forged]

    assert [answer.status_code for answer in answers] == [401] * 5
    assert {answer.json()["field"] for answer in answers} == {"token"}


async def test_that_typing_somebodys_address_reveals_nothing(anyone: httpx.AsyncClient, desk: Desk) -> None:
    anna = Customer(anyone, desk)
    await anna.arrive(token=site_token(desk))
    await anna.say("How long does it take?")
    thief = Customer(anyone, desk)

    opened = await thief.arrive(email="anna@example.com")
    await thief.say("What is the status of my photo request?", email="anna@example.com")

    assert opened["tickets"] == []
    assert "APP-1001" not in str(await thief.snapshot())
    assert (await thief.snapshot())["verify"] == {"needed": True}


async def test_that_a_session_cannot_touch_a_foreign_ticket(anyone: httpx.AsyncClient, desk: Desk) -> None:
    anna, thief = Customer(anyone, desk), Customer(anyone, desk)
    await anna.arrive(token=site_token(desk))
    await anna.say("Hello")
    await thief.arrive(email="anna@example.com")
    thief.ticket = anna.ticket

    answers = [
        await thief.say("me again"),
        await thief.press("handoff", {"accept": True}),
        await thief.press("close", {}),
        await thief.press("verify", {"code": "123456"}),
        await thief.press("confirm", {"offerId": "off_1", "accept": True}),
        await thief.press("feedback", {"messageId": "msg_1", "rating": "up"}),
        await anyone.get(f"{BASE}/tickets/{anna.ticket}", headers=thief.headers),
        await anyone.get(f"{BASE}/tickets/{anna.ticket}/events", headers=thief.headers),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert (await anna.snapshot())["humanOwned"] is False


@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer ses_wrong", "Bearer " + "a" * 5000, "Token x"])
async def test_that_without_the_right_session_token_nothing_opens(
    anyone: httpx.AsyncClient, token: str | None
) -> None:
    headers = {} if token is None else {"Authorization": token}

    answer = await anyone.post(
        f"{BASE}/tickets", json={"message": "hi", "clientMessageId": "1"}, headers=headers
    )

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


async def test_that_a_session_of_one_company_is_nothing_to_another(
    anyone: httpx.AsyncClient, desk: Desk
) -> None:
    anna = Customer(anyone, desk)
    await anna.arrive()
    await anna.say("Hello")

    body = {"message": "hi", "clientMessageId": "1"}
    answer = await anyone.post("/api/widget/nodes/tickets", json=body, headers=anna.headers)

    assert answer.status_code == 401


async def test_that_an_idle_session_has_ended(anyone: httpx.AsyncClient, desk: Desk) -> None:
    anna = Customer(anyone, desk)
    await anna.arrive()
    desk.clock.shift(hours=25)  # type: ignore[attr-defined]

    answer = await anna.say("Hello")

    assert (answer.status_code, answer.json()["code"]) == (410, "gone")


async def test_that_an_unknown_company_is_not_found(anyone: httpx.AsyncClient) -> None:
    answer = await anyone.post("/api/widget/nowhere/sessions", json={})

    assert (answer.status_code, answer.json()["field"]) == (404, "company")


async def test_that_demo_identities_are_for_fictional_customers_only(
    anyone: httpx.AsyncClient, desk: Desk
) -> None:
    anna = Customer(anyone, desk)
    minted = await anyone.post(f"{BASE}/demo-identity", json={"email": "anna@example.com"})
    real = await anyone.post(f"{BASE}/demo-identity", json={"email": "nina@example.com"})

    opened = await anna.arrive(token=minted.json()["token"])

    assert opened["verified"] is True
    assert (real.status_code, real.json()["field"]) == (403, "email")


async def test_that_a_demo_customer_changes_only_a_copy(anyone: httpx.AsyncClient, desk: Desk) -> None:
    for _ in range(2):
        sara = Customer(anyone, desk)
        minted = await anyone.post(f"{BASE}/demo-identity", json={"email": "sara@example.com"})
        await sara.arrive(token=minted.json()["token"])
        await sara.say("Please resend the download link for my photo")
        tools = [event.data["status"] for event in await sara.events() if event.name == "tool"]
        assert tools[-1] == "success"

    company = await desk.store.read(Scope.operator(), lambda uow: uow.companies.by_slug("photo"))
    master = await desk.store.read(Scope.operator(), lambda uow: uow.records.find(company.id, "APP-1003"))
    assert master is not None
    assert master.payload["asset_delivery"] == "sent"


async def test_that_a_customer_who_writes_too_fast_is_slowed_down(
    anyone: httpx.AsyncClient, desk: Desk
) -> None:
    anna = Customer(anyone, desk)
    await anna.arrive()
    object.__setattr__(desk, "limits", Limits(desk.clock))
    anna.ticket = "tkt_0"

    answers = [await anna.press("confirm", {"offerId": "o", "accept": True}) for _ in range(40)]

    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


async def test_that_no_page_of_another_site_can_open_a_session(anyone: httpx.AsyncClient) -> None:
    answer = await anyone.post(f"{BASE}/sessions", json={}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


async def test_that_an_offered_action_runs_once_when_the_customer_presses_yes(
    anyone: httpx.AsyncClient, desk: Desk
) -> None:
    sara = Customer(anyone, desk)
    await sara.arrive(token=site_token(desk, "sara@example.com"))
    await sara.say("I lost my photo, maybe resend?")
    offer = (await sara.snapshot())["confirm"]

    answers = [await sara.press("confirm", {"offerId": offer["offerId"], "accept": True}) for _ in range(2)]
    await sara.rest(answers[0].json()["turnId"])
    late = await sara.press("confirm", {"offerId": offer["offerId"], "accept": False})

    uses = [event.data for event in await sara.events() if event.name == "tool"]
    done = [use for use in uses if use["name"] == "resend_download_link" and use["status"] == "success"]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert len(done) == 1
    assert late.status_code == 409
    assert (await sara.snapshot())["confirm"] is None
