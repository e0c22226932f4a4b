"""Pages over the real application: who may see what, what a form changes, where a refusal leads."""

from collections.abc import AsyncIterator

import httpx
import pytest

from api.app import create_app
from api.auth.passwords import hash_password
from api.desk import Desk
from api.routes.pages_frame import safe_target
from store.unit import UnitOfWork
from store.values.scope import Scope

PASSWORD = "a long enough passphrase"
OURS = {"Origin": "http://desk.test"}


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that nobody has signed in with."""
    transport = httpx.ASGITransport(create_app(desk=desk), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test", headers=OURS) as client:
        yield client


async def hire(desk: Desk, email: str, slug: str | None, role: str = "lead") -> None:
    """Create a member of staff for one company or all."""
    hashed = await hash_password(PASSWORD)

    def create(uow: UnitOfWork) -> None:
        user = uow.staff.create(email, hashed, name="Meera Kulkarni")
        company = uow.companies.by_slug(slug).id if slug else None
        uow.staff.grant(user.id, company, role)

    await desk.store.write(Scope.operator(), create)


async def signed_in(desk: Desk, browser: httpx.AsyncClient, slug: str | None = None) -> httpx.AsyncClient:
    """The browser with a member of staff signed in."""
    await hire(desk, "meera@example.com", slug)
    form = {"email": "meera@example.com", "password": PASSWORD, "target": "/inbox"}
    answer = await browser.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    return browser


async def ticket_of(desk: Desk, slug: str = "photo") -> str:
    """A new ticket of a company, offered to a person."""

    def create(uow: UnitOfWork) -> str:
        company = uow.companies.by_slug(slug)
        customer = uow.customers.ensure(company.id, "anna@example.com")
        return uow.tickets.open(
            company.id, customer.id, uow.agents.default(company.id).id, None, "widget", verified=False
        ).id

    return await desk.store.write(Scope.operator(), create)


@pytest.mark.parametrize(
    "path", ["/inbox", "/tickets/tkt_1", "/tickets/tkt_1/trace", "/logs", "/outbox", "/rules"]
)
async def test_that_private_pages_lead_to_the_door(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?target=%2F")


@pytest.mark.parametrize("path", ["/api/tickets/tkt_1/trace", "/api/tickets/tkt_1/events"])
async def test_that_private_data_is_refused_as_data(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


async def test_that_a_wrong_password_says_so_and_sets_no_cookie(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    await hire(desk, "meera@example.com", None)
    answer = await browser.post("/sign-in", data={"email": "meera@example.com", "password": "wrong"})
    assert answer.status_code == 401
    assert "wrong" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "inbox", ""],
)
def test_that_signing_in_leads_to_no_other_site(target: str) -> None:
    assert safe_target(target) == "/inbox"
    assert safe_target("/tickets/tkt_1?turn=2") == "/tickets/tkt_1?turn=2"


async def test_that_a_form_of_another_site_changes_nothing(desk: Desk, browser: httpx.AsyncClient) -> None:
    await signed_in(desk, browser)
    ticket_id = await ticket_of(desk)
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = await browser.post(f"/tickets/{ticket_id}/close", headers=foreign)
    assert answer.status_code == 403
    ticket = await desk.store.read(Scope.operator(), lambda uow: uow.tickets.get(ticket_id))
    assert ticket.status == "new"


async def test_that_staff_of_one_company_do_not_see_another(desk: Desk, browser: httpx.AsyncClient) -> None:
    await signed_in(desk, browser, "nodes")
    foreign = await ticket_of(desk, "photo")
    for path in (f"/tickets/{foreign}", f"/tickets/{foreign}/trace"):
        assert (await browser.get(path)).status_code == 404
    for act in ("reply", "take-over", "hand-back", "close"):
        answer = await browser.post(f"/tickets/{foreign}/{act}", data={"text": "hello"})
        assert answer.status_code == 404
    assert (await browser.get(f"/api/tickets/{foreign}/trace")).status_code == 404
    inbox = await browser.get("/inbox")
    assert "No open tickets" in inbox.text
    assert "Photo Desk" not in inbox.text
    for path in ("/knowledge", "/rules", "/agents", "/logs", "/outbox"):
        page = await browser.get(path, follow_redirects=True)
        assert page.status_code == 200, path
        assert "Photo Desk" not in page.text


async def test_that_a_reply_takes_the_ticket_and_a_blank_one_does_nothing(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    await signed_in(desk, browser)
    ticket_id = await ticket_of(desk)
    assert (await browser.post(f"/tickets/{ticket_id}/reply", data={"text": "  "})).status_code == 422
    assert (await browser.post(f"/tickets/{ticket_id}/reply", data={"text": "x" * 5001})).status_code == 422
    answer = await browser.post(f"/tickets/{ticket_id}/reply", data={"text": "Hello <b>Anna</b>"})
    assert answer.headers["location"] == f"/tickets/{ticket_id}#support-reply"
    ticket = await desk.store.read(Scope.operator(), lambda uow: uow.tickets.get(ticket_id))
    assert (ticket.human_owned, ticket.status) == (True, "awaiting_customer")
    page = (await browser.get(f"/tickets/{ticket_id}")).text
    assert "Hello &lt;b&gt;Anna&lt;/b&gt;" in page
    assert "Hand back to the bot" in page


async def test_that_taking_over_and_handing_back_are_noted(desk: Desk, browser: httpx.AsyncClient) -> None:
    await signed_in(desk, browser)
    ticket_id = await ticket_of(desk)
    for act in ("take-over", "hand-back", "close"):
        assert (await browser.post(f"/tickets/{ticket_id}/{act}")).status_code == 303
    noted = await desk.store.read(Scope.operator(), lambda uow: [each.action for each in uow.audit.all()])
    assert {"ticket.take-over", "ticket.hand-back", "ticket.close"} <= set(noted)


async def test_that_the_outbox_is_there_in_development_only(desk: Desk, browser: httpx.AsyncClient) -> None:
    await signed_in(desk, browser)
    assert (await browser.get("/outbox")).status_code == 200
    production = desk.settings.model_copy(update={"env": "production"})
    object.__setattr__(desk, "settings", production)
    assert (await browser.get("/outbox")).status_code == 404
    assert 'href="/outbox"' not in (await browser.get("/inbox")).text


async def test_that_signing_out_ends_the_session(desk: Desk, browser: httpx.AsyncClient) -> None:
    await signed_in(desk, browser)
    assert (await browser.get("/inbox")).status_code == 200
    cookie = dict(browser.cookies)
    await browser.post("/sign-out")
    browser.cookies.update(cookie)
    assert (await browser.get("/inbox")).status_code == 303


async def test_that_the_chat_page_may_be_framed_by_the_company_alone(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/widget/photo")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'self' https://photo.example" in policy
    assert "'unsafe-inline'" not in policy
    assert 'data-origins="https://photo.example"' in answer.text
    unknown = await browser.get("/widget/nobody")
    assert unknown.status_code == 404
    assert "frame-ancestors 'none'" in unknown.headers["content-security-policy"]


async def test_that_files_are_kept_for_ever_under_their_digest_only(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/")).text
    address = next(part for part in page.split('"') if part.endswith("tokens.css"))
    kept = await browser.get(address)
    assert "immutable" in kept.headers["cache-control"]
    other = await browser.get("/static/000000000000/tokens.css")
    assert other.headers["cache-control"] == "no-cache"
    assert (await browser.get("/static/000000000000/nothing.css")).status_code == 404


async def test_that_a_company_without_a_site_has_a_page_with_its_chat(browser: httpx.AsyncClient) -> None:
    moved = await browser.get("/companies/photo")
    assert moved.headers["location"] == "/companies/photo/"
    page = await browser.get("/companies/photo/")
    assert 'data-company="photo"' in page.text
    assert (await browser.get("/companies/photo/..%2f..%2fcompany")).status_code == 404
    assert (await browser.get("/companies/photo/site.css")).status_code == 200


async def test_that_bulk_work_says_what_a_colleague_has(desk: Desk, browser: httpx.AsyncClient) -> None:
    await signed_in(desk, browser)
    theirs, free = await ticket_of(desk), await ticket_of(desk)
    await hire(desk, "other@example.com", None)

    def taken(uow: UnitOfWork) -> None:
        other = uow.staff.by_email("other@example.com")
        assert other is not None
        uow.tickets.assign(theirs, other.id, "Other")

    await desk.store.write(Scope.operator(), taken)
    chosen = {"act": "assign", "ticket": [theirs, free], "here": "/inbox?view=all"}
    done = await browser.post("/inbox/bulk", data=chosen, follow_redirects=True)
    assert "Not taken: 1 ticket that a colleague has." in done.text
    assert str(done.url).endswith("/inbox?view=all&left=1")
