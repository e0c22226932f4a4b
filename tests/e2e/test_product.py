"""A whole day at the desk: a customer writes, staff read, take over, answer and close."""

import re

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.e2e.real_desk import RealDesk

pytestmark = pytest.mark.browser


def chat(page: Page, product: RealDesk, slug: str = "tamarind-lane") -> Page:
    """The chat alone on a page, ready."""
    page.goto(f"{product.origin}/widget/{slug}?full=1")
    page.locator("[data-scenario]").first.wait_for()
    return page


def say(page: Page | FrameLocator, words: str) -> None:
    """Write into the box and send."""
    box = page.get_by_role("textbox").last
    box.fill(words)
    box.press("Enter")


def test_that_the_front_door_leads_to_chat_inbox_and_trace(page: Page, product: RealDesk) -> None:
    page.goto(product.origin)
    expect(page.get_by_role("heading", level=1)).to_contain_text("receipts")
    expect(page.locator(".front__card")).to_have_count(3)
    page.get_by_role("link", name="See a trace").click()
    expect(page).to_have_url(re.compile("/sign-in"))


def test_that_private_pages_ask_for_a_sign_in_and_go_on_afterwards(page: Page, product: RealDesk) -> None:
    page.goto(f"{product.origin}/inbox?status=escalated")
    page.get_by_label("E-mail").fill(product.email)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.get_by_label("Password").fill(product.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{product.origin}/inbox?status=escalated")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{product.origin}/inbox")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_that_an_answer_can_be_followed_from_inbox_to_receipts(staff: Page, product: RealDesk) -> None:
    customer = staff.context.new_page()
    chat(customer, product)
    say(customer, "How long does delivery take?")
    customer.locator(".foots").first.wait_for()
    staff.reload()
    staff.get_by_role("link", name="How long does delivery take?").first.click()
    expect(staff.locator(".said--bot .said__text").first).not_to_be_empty()
    staff.get_by_role("link", name="Trace").click()
    expect(staff.locator(".graph")).to_be_visible()
    expect(staff.locator(".fall rect").first).to_be_visible()
    for node in ("safety", "triage", "answer", "guard"):
        expect(staff.locator(f"#step-{node}")).to_be_visible()
    expect(staff.locator(".receipt").first).to_be_visible()
    expect(staff.locator(".passage").first).to_be_visible()
    with staff.expect_download() as download:
        staff.get_by_role("link", name="Export JSON").click()
    assert download.value.suggested_filename.endswith(".json")


def test_that_a_person_takes_over_answers_and_hands_back(staff: Page, product: RealDesk) -> None:
    customer = staff.context.new_page()
    chat(customer, product)
    say(customer, "please connect me to a human agent")
    customer.get_by_role("button", name="Yes, a person").click()
    expect(customer.get_by_role("status")).to_contain_text("Waiting for a person")
    staff.get_by_role("link", name="please connect me to a human agent").first.click()
    expect(staff.locator(".head .pill")).to_contain_text("Needs a person")
    staff.get_by_role("button", name="Take it").click()
    expect(customer.get_by_role("status")).to_contain_text("A person is with you")
    staff.get_by_label("Reply or note").fill("Hello, how can I help?")
    staff.keyboard.press("Enter")
    expect(customer.locator(".human__text")).to_have_text("Hello, how can I help?")
    say(customer, "my parcel is late")
    expect(staff.locator(".said--customer").last).to_contain_text("my parcel is late")
    expect(customer.locator(".thinking")).to_have_count(0)
    staff.get_by_role("button", name="Hand back to the bot").click()
    expect(customer.get_by_text("The assistant is back").first).to_be_visible()
    say(customer, "How long does delivery take?")
    expect(customer.locator(".bot .meta")).to_have_count(2)
    staff.get_by_role("button", name="Close e").click()
    expect(customer.locator(".event").get_by_text("Chat closed")).to_be_visible()
    expect(staff.locator(".head .pill")).to_contain_text("Resolved")


def test_that_a_reload_and_a_restart_keep_and_leave_the_conversation(page: Page, product: RealDesk) -> None:
    chat(page, product)
    say(page, "What is your return policy?")
    page.locator(".bot .meta").wait_for()
    words = page.locator(".bot > p").first.inner_text()
    page.reload()
    expect(page.locator(".bot > p").first).to_have_text(words)
    page.get_by_role("button", name="End chat").click()
    page.get_by_role("button", name="Yes").click()
    page.locator(".ask").get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Start a new chat").click()
    expect(page.locator("[data-scenario]").first).to_be_visible()


def test_that_a_cut_connection_ends_in_the_same_words(page: Page, product: RealDesk) -> None:
    chat(page, product)
    say(page, "What is your return policy?")
    page.context.set_offline(True)
    page.wait_for_timeout(1200)
    page.context.set_offline(False)
    expect(page.locator(".bot .meta")).to_have_count(1)
    words = page.locator(".bot > p").first.inner_text()
    page.reload()
    expect(page.locator(".bot > p").first).to_have_text(words)
    expect(page.locator(".me")).to_have_count(1)


def test_that_an_identity_is_proven_by_the_code_in_the_outbox(staff: Page, product: RealDesk) -> None:
    customer = staff.context.new_page()
    chat(customer, product, "aipassportphoto")
    say(customer, "What is the status of my photo request?")
    customer.get_by_label("E-mail address").fill("anna@example.com")
    customer.get_by_role("button", name="Send the code").click()
    customer.get_by_label("6-digit code").wait_for()
    staff.goto(f"{product.origin}/outbox")
    found = re.search(r"\b\d{6}\b", staff.locator(".mail").first.inner_text())
    assert found is not None
    customer.get_by_label("6-digit code").fill(found[0])
    customer.get_by_role("button", name="Confirm").click()
    expect(customer.locator(".chat__title p")).to_contain_text("Verified as")
    expect(customer.locator(".bot").last).to_contain_text("APP-1001")


@pytest.mark.parametrize("path", ["knowledge", "rules", "agents", "logs", "outbox", "inbox"])
def test_that_each_list_of_the_desk_opens(staff: Page, product: RealDesk, path: str) -> None:
    staff.goto(f"{product.origin}/{path}")
    expect(staff.get_by_role("heading", level=1)).to_be_visible()
    expect(staff.locator(".rail [aria-current]")).to_have_count(1)


def test_that_what_does_not_exist_is_told_on_a_page(staff: Page, product: RealDesk) -> None:
    for path in ("tickets/tkt_none", "companies/nobody", "companies/tamarind-lane/nothing", "nothing"):
        answer = staff.goto(f"{product.origin}/{path}")
        assert answer is not None
        assert answer.status == 404
        expect(staff.get_by_role("heading", level=1)).to_have_text("There is no such page")


def test_that_every_page_of_a_company_carries_its_chat(page: Page, product: RealDesk) -> None:
    for slug in ("aipassportphoto", "nodes-garden", "tamarind-lane"):
        page.goto(f"{product.origin}/companies/{slug}")
        page.get_by_role("navigation").get_by_role("link").nth(1).click()
        expect(page.get_by_role("button", name="Open support chat")).to_be_visible()
