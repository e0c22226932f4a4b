"""Staff at work: a live inbox by keys, a takeover in the middle of a reply, two colleagues on one ticket."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Request, expect

from api.auth.passwords import hash_password
from graph.parts import Part, SentencePart
from store.unit import UnitOfWork
from tests.e2e.conftest import new_context
from tests.e2e.real_desk import RealDesk

pytestmark = pytest.mark.browser

PASSWORD = "a long enough passphrase"
POLICY = "What is your return policy?"


def chat(page: Page, product: RealDesk, slug: str = "tamarind-lane") -> Page:
    """The chat alone on a page, ready."""
    page.goto(f"{product.origin}/widget/{slug}?full=1")
    page.locator("[data-scenario]").first.wait_for()
    return page


def say(page: Page, words: str) -> None:
    """Write into the box and send."""
    box = page.get_by_role("textbox").last
    box.fill(words)
    box.press("Enter")


def wants_a_person(page: Page, product: RealDesk, words: str) -> Page:
    """A customer who has asked and then accepted a person."""
    chat(page, product)
    say(page, words)
    page.locator(".bot .meta").first.wait_for()
    page.get_by_role("button", name="Talk to a person").click()
    page.get_by_role("button", name="Yes, a person").click()
    expect(page.get_by_role("status")).to_contain_text("Waiting for a person")
    return page


@pytest.fixture
def slowly(product: RealDesk) -> Iterator[Callable[[float], None]]:
    """Makes every reply pause so many seconds after its first sentence, as a slow model does."""
    execution = product.desk.execution
    swift = execution.run_turn
    pause = [0.0]

    async def run(*given: object) -> AsyncIterator[Part]:
        said = False
        async for part in swift(*given):  # type: ignore[arg-type]
            if isinstance(part, SentencePart) and not said and pause[0]:
                said = True
                yield replace(part, last=False)
                await asyncio.sleep(pause[0])
            else:
                yield part

    object.__setattr__(execution, "run_turn", run)
    yield lambda seconds: pause.__setitem__(0, seconds)
    object.__setattr__(execution, "run_turn", swift)


@pytest.fixture
def colleague(browser: Browser, product: RealDesk) -> Iterator[Page]:
    """Another member of staff, signed in in a browser of their own."""
    hashed = product.run(hash_password(PASSWORD))

    def hire(uow: UnitOfWork) -> None:
        if uow.staff.by_email("dev@example.com") is None:
            user = uow.staff.create("dev@example.com", hashed, name="Dev Shah")
            uow.staff.grant(user.id, None, "lead")

    product.do(hire)
    context = new_context(browser)
    page = context.new_page()
    page.goto(f"{product.origin}/sign-in")
    page.get_by_label("E-mail").fill("dev@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/inbox")
    yield page
    context.close()


def serious(page: Page) -> list[str]:
    """What axe finds that keeps people out, in both themes."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        only = {"runOnly": ["color-contrast"]} if scheme == "dark" else None
        results = Axe().run(page, options=only).response["violations"]
        found += [
            f"{scheme} {each['id']}: {node['html'][:160]}"
            for each in results
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"][:3]
        ]
    page.emulate_media(color_scheme=None)
    return found


def test_that_a_ticket_appears_without_a_reload_and_is_worked_on_by_keys(
    staff: Page, product: RealDesk
) -> None:
    expect(staff.locator("[data-live-state]")).to_contain_text("Live")
    wants_a_person(staff.context.new_page(), product, "Is COD possible for my order?")
    row = staff.locator(".line", has_text="Is COD possible for my order?").first
    expect(row).to_have_class(re.compile("line--unread"))
    expect(staff.locator("#group-escalated")).to_be_visible()
    expect(row.locator(".line__wait")).to_contain_text("left")
    staff.keyboard.press("?")
    expect(staff.get_by_role("dialog", name="Keys")).to_be_visible()
    staff.keyboard.press("Escape")
    staff.keyboard.press("j")
    expect(row.locator("a")).to_be_focused()
    staff.keyboard.press("x")
    expect(staff.get_by_text("1 chosen")).to_be_visible()
    staff.keyboard.press("a")
    expect(row.locator(".face")).to_have_attribute("aria-label", "Demo admin")
    staff.keyboard.press("/")
    staff.keyboard.type("COD possible")
    staff.keyboard.press("Enter")
    staff.wait_for_url("**/inbox?*q=COD*")
    expect(staff.locator(".line")).to_have_count(1)
    staff.get_by_text("Save view").click()
    staff.get_by_label("Name of the view").fill("Cash")
    staff.get_by_role("button", name="Save", exact=True).click()
    expect(staff.get_by_role("link", name="Cash")).to_have_attribute("aria-current", "true")
    staff.keyboard.press("j")
    staff.keyboard.press("r")
    staff.wait_for_url("**/tickets/*")
    expect(staff.get_by_label("Reply or note")).to_be_focused()
    staff.keyboard.press("Escape")
    staff.keyboard.press("e")
    expect(staff.locator(".head .pill")).to_contain_text("Resolved")


@pytest.mark.alone
def test_that_a_takeover_stops_the_bot_in_the_middle_of_a_reply(
    staff: Page, product: RealDesk, slowly: Callable[[float], None]
) -> None:
    customer = chat(staff.context.new_page(), product)
    say(customer, "Do you deliver to Pune?")
    customer.locator(".bot .meta").first.wait_for()
    staff.get_by_role("link", name="Do you deliver to Pune?").first.click()
    slowly(4.0)
    say(customer, "How do I return a damaged item?")
    expect(staff.locator("[data-live] .sentence, .said--live .sentence").first).to_be_visible()
    expect(customer.locator(".sentence").first).to_be_visible()
    asked: list[datetime] = []  # when the browser sent it: a click may wait for the page to be still

    def note(request: Request) -> None:
        if request.url.endswith("/take-over"):
            asked.append(product.desk.clock.now())

    staff.on("request", note)
    staff.get_by_role("button", name="Take over t").click()
    expect(customer.locator(".event").last).to_contain_text("A person takes over from here")
    expect(customer.locator(".sentence")).to_have_count(0)
    staff.remove_listener("request", note)
    said = product.ask(lambda uow: uow.tickets.events(staff.url.partition("/tickets/")[2].partition("#")[0]))
    stopped = next(event for event in said if event.data.get("kind") == "superseded")
    assert stopped.created_at - asked[0] < timedelta(seconds=1)
    assert not [event for event in said if event.id > stopped.id and event.name == "delta"]
    slowly(0.0)
    staff.get_by_label("Reply or note").fill("Hello, I am looking into it.")
    staff.keyboard.press("Enter")
    expect(customer.locator(".human__text")).to_have_text("Hello, I am looking into it.")
    expect(customer.locator(".bot .meta")).to_have_count(1)


def test_that_a_customer_can_stop_a_reply_and_reload_in_the_middle_of_one(
    page: Page, product: RealDesk, slowly: Callable[[float], None]
) -> None:
    chat(page, product)
    slowly(5.0)
    say(page, POLICY)
    expect(page.locator(".sentence").first).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".event").last).to_contain_text("You stopped the reply")
    expect(page.locator(".sentence")).to_have_count(0)
    slowly(1.0)
    say(page, POLICY)
    expect(page.locator(".sentence").first).to_be_visible()
    page.reload()
    expect(page.locator(".bot .meta")).to_have_count(1)
    words = page.locator(".bot > p").last.inner_text()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".bot > p").last).to_have_text(words)
    assert words.count(words.split(".")[0]) == 1


def test_that_two_colleagues_see_each_other_and_are_told_of_a_conflict(
    staff: Page, colleague: Page, product: RealDesk
) -> None:
    customer = wants_a_person(staff.context.new_page(), product, "How long does a refund take?")
    staff.get_by_role("link", name="How long does a refund take?").first.click()
    staff.locator("[data-ticket]").wait_for()
    colleague.goto(staff.url)
    expect(colleague.locator("[data-others]")).to_contain_text("Demo admin also here")
    expect(staff.locator("[data-others]")).to_contain_text("Dev Shah also here")
    expect(staff.locator(".suggest__text")).to_contain_text("working days")
    staff.get_by_role("button", name="Use").click()
    expect(staff.get_by_label("Reply or note")).to_have_value(re.compile("working days"))
    colleague.get_by_label("Reply or note").fill("It takes a week.")
    staff.get_by_label("Reply or note").press("Enter")
    expect(customer.locator(".human__text")).to_contain_text("working days")
    expect(colleague.locator(".said--human")).to_have_count(1)
    colleague.get_by_label("Reply or note").press("Enter")
    expect(colleague.get_by_role("alert")).to_contain_text("Demo admin answered while you were writing")
    expect(colleague.get_by_label("Reply or note")).to_have_value("It takes a week.")
    expect(customer.locator(".human__text")).to_have_count(1)
    colleague.get_by_role("radio", name="Internal note").check()
    colleague.get_by_label("Reply or note").press("Enter")
    expect(colleague.locator(".said--note")).to_have_count(1)
    expect(staff.locator(".said--note")).to_contain_text("It takes a week.")
    assert "It takes a week." not in customer.locator(".chat__log").inner_text()


def test_that_a_turn_becomes_a_case_and_two_turns_are_compared(staff: Page, product: RealDesk) -> None:
    customer = chat(staff.context.new_page(), product)
    asked = "How do I pay with UPI?"
    for number, words in enumerate((asked, "Do you ship to Nepal?"), 1):
        say(customer, words)
        expect(customer.locator(".bot .meta")).to_have_count(number)
    staff.get_by_role("link", name=asked).first.click()
    staff.get_by_role("link", name="Trace").click()
    staff.get_by_label("Compare with turn").select_option(index=1)
    expect(staff.locator(".compared")).to_contain_text(asked)
    staff.locator(".turns > ol > li > a").first.click()
    staff.locator(".told").first.focus()
    expect(staff.get_by_role("tooltip").first).to_be_visible()
    staff.get_by_text("Make this a test case").click()
    with staff.expect_download() as download:
        staff.get_by_role("link", name="Download the row").click()
    row = download.value.path().read_text("utf-8")
    assert '"company": "tamarind-lane"' in row
    assert asked in row
    staff.goto(f"{staff.url.partition('?')[0]}#step-safety")
    expect(staff.locator("#step-safety")).to_have_attribute("open", "")


def test_that_nothing_serious_keeps_people_out(staff: Page, product: RealDesk) -> None:
    customer = wants_a_person(staff.context.new_page(), product, "Can I return a gift?")
    faults = {"widget": serious(customer)}
    staff.goto(f"{product.origin}/inbox?view=all")
    faults["inbox"] = serious(staff)
    staff.get_by_role("link", name="Can I return a gift?").first.click()
    staff.locator("[data-ticket]").wait_for()
    faults["ticket"] = serious(staff)
    staff.get_by_role("link", name="Trace").click()
    staff.locator(".step").first.wait_for()
    faults["trace"] = serious(staff)
    assert faults == {name: [] for name in faults}
