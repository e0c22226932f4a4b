"""A fourth company by pages alone, from its name to its first customer; and each set-up page's main path."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.e2e.real_desk import RealDesk

pytestmark = pytest.mark.browser

PAGES = (
    "/admin/companies",
    "/admin/companies/tamarind-lane",
    "/agents",
    "/rules",
    "/rules/new",
    "/records?company=tamarind-lane",
    "/tools?company=tamarind-lane&tool=order_lookup",
    "/console?company=tamarind-lane",
    "/logs",
    "/figures",
    "/evals",
)


def serious(page: Page) -> list[str]:
    """What axe finds serious, in the light theme, and of contrast in the dark one."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        only = {"runOnly": ["color-contrast"]} if scheme == "dark" else None
        found += [
            f"{scheme} {each['id']}: {node['html'][:160]}"
            for each in Axe().run(page, options=only).response["violations"]
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"][:3]
        ]
    return found


def test_that_a_fourth_company_is_set_up_by_pages_alone_and_answers_its_first_customer(
    staff: Page, product: RealDesk
) -> None:
    go = product.origin
    staff.goto(f"{go}/admin/companies")
    staff.get_by_role("link", name="New company").click()
    staff.get_by_label("Name", exact=True).fill("Chai Post")
    staff.get_by_label("Short name").fill("Not A Slug")
    staff.get_by_role("button", name="Create").click()
    expect(staff.get_by_role("alert")).to_contain_text("slug")
    staff.get_by_label("Short name").fill("chai-post")
    staff.get_by_role("button", name="Create").click()
    expect(staff.get_by_role("status")).to_contain_text("Created")

    staff.get_by_label("Colour", exact=True).fill("#f5d90a")  # yellow cannot be read on white
    staff.get_by_role("button", name="Save").first.click()
    expect(staff.get_by_role("alert")).to_contain_text("text needs 4.5 to 1")
    staff.get_by_label("Colour", exact=True).fill("#7a2e12")
    staff.get_by_label("Greeting", exact=True).fill("Hello, this is the AI assistant of Chai Post.")
    staff.get_by_label("Greeting, Hinglish").fill("Namaste, yeh Chai Post ka AI assistant hai.")
    staff.get_by_label("Contact", exact=True).fill("Write to help@chaipost.example.")
    staff.get_by_label("Scope", exact=True).fill("Chai Post sends tea by post.")
    staff.get_by_label("Topics").fill("tea\nchai\nparcel\ndelivery")
    staff.get_by_label("Sites that may show the chat").fill("https://chaipost.example")
    staff.get_by_label("Its numbers look like").fill("CP-10001")
    staff.get_by_role("button", name="Save").first.click()
    expect(staff.get_by_role("status")).to_contain_text("Saved")
    expect(staff.locator("#embed")).to_contain_text(f'src="{go}/widget/v1.js" data-company="chai-post"')
    staff.get_by_role("button", name="New key").click()
    expect(staff.locator("#secret")).to_contain_text("sec_")
    staff.goto(f"{go}/admin/companies/chai-post")
    expect(staff.locator("#secret")).to_have_count(0)

    company = product.ask(lambda uow: uow.companies.by_slug("chai-post"))
    staff.goto(f"{go}/knowledge/new?company=chai-post")
    staff.get_by_label("Question", exact=True).fill("How long does delivery take?")
    staff.get_by_label("Answer", exact=True).fill("Tea parcels arrive within 4 working days.")
    staff.get_by_role("button", name="Save").click()
    expect(staff.locator(".note--done")).to_be_visible()

    staff.goto(f"{go}/rules/new?company=chai-post")
    staff.get_by_label("Name", exact=True).fill("Mould in the tea")
    staff.get_by_label("English terms").fill("mould\nmold")
    staff.get_by_label("Hinglish", exact=True).fill("chai, kharab")
    expect(staff.locator("#preview")).to_contain_text("would be decided by this rule")
    staff.get_by_role("button", name="Create").click()
    expect(staff.get_by_role("status")).to_contain_text("Saved")

    staff.goto(f"{go}/agents?company=chai-post")
    expect(staff.get_by_label("Name", exact=True)).to_have_value("Front desk")
    staff.get_by_role("switch", name="order_lookup").check()
    staff.get_by_text("Strict", exact=True).click()
    staff.get_by_role("button", name="Save as v2").click()
    expect(staff.locator(".versions li")).to_have_count(2)
    staff.goto(f"{go}/records?company=chai-post")
    staff.get_by_label("Number").fill("CP-10001")
    staff.get_by_label("Type").fill("order")
    staff.get_by_label("Customer’s e-mail").fill("kavya@example.com")
    staff.get_by_label("Status").fill("shipped")
    staff.get_by_role("button", name="Save").click()
    expect(staff.get_by_role("link", name="CP-10001")).to_be_visible()

    staff.goto(f"{go}/console?company=chai-post")
    staff.get_by_label("Write as the customer").fill("delivery mein kitna time lagta hai?")
    staff.keyboard.press("Enter")
    expect(staff.locator(".said--bot .said__text").last).to_contain_text("4")
    staff.get_by_label("Customer", exact=True).fill("kavya@example.com")
    staff.get_by_role("switch", name="Identity proven").check()
    staff.get_by_label("Write as the customer").fill("Where is my order CP-10001?")
    staff.keyboard.press("Enter")
    expect(staff.locator(".said--bot .said__text").last).to_contain_text("CP-10001")
    expect(staff.locator("#inside")).to_contain_text("order_lookup")
    assert product.ask(lambda uow: uow.turns.log(company_id=company.id)) == ()

    customer = staff.context.new_page()
    customer.goto(f"{go}/companies/chai-post/")
    customer.get_by_role("button", name="Open support chat").click()
    chat = customer.frame_locator("iframe")
    chat.get_by_label("Write a message").fill("How long does delivery take?")
    customer.keyboard.press("Enter")
    expect(chat.locator(".bot > p").first).to_contain_text("4 working days")


def test_that_versions_of_an_agent_are_compared_and_rolled_back(staff: Page, product: RealDesk) -> None:
    staff.goto(f"{product.origin}/agents?company=nodes-garden")
    staff.get_by_label("Instructions").fill("Answer briefly.\nNever guess.")
    staff.get_by_role("switch", name="reboot_node").uncheck()
    staff.get_by_role("button", name="Save as v2").click()
    staff.locator(".versions").get_by_role("link", name="Diff").first.click()
    expect(staff.locator("#difference")).to_contain_text("Never guess.")
    expect(staff.locator("#difference")).to_contain_text("tool reboot_node")
    staff.get_by_role("button", name="Roll back").first.click()
    expect(staff.locator(".note--done")).to_contain_text("Rolled back")
    expect(staff.get_by_role("switch", name="reboot_node")).to_be_checked()


def test_that_a_tool_is_tried_without_changing_its_record(staff: Page, product: RealDesk) -> None:
    staff.goto(f"{product.origin}/tools?company=nodes-garden&tool=reboot_node")
    before = product.ask(lambda uow: [record.status for record in uow.records.all()])
    staff.get_by_label("As the customer").fill("operator@example.com")
    staff.get_by_role("switch", name="The customer said yes").check()
    staff.get_by_role("button", name="Run").click()
    expect(staff.locator(".split__side [role=status]")).to_contain_text("Succeeded")
    assert product.ask(lambda uow: [record.status for record in uow.records.all()]) == before


def test_that_a_conversation_of_the_console_is_exported_and_kept_as_a_case_that_runs(
    staff: Page, product: RealDesk
) -> None:
    tickets = product.ask(lambda uow: uow.tickets.count())
    staff.goto(f"{product.origin}/console?company=tamarind-lane")
    staff.locator(".scenario").first.click()
    expect(staff.locator(".said--bot")).to_have_count(1)
    with staff.expect_download() as download:
        staff.get_by_role("button", name="Export").click()
    exported = json.loads(download.value.path().read_text("utf-8"))
    assert exported["turns"][0]["answer"]["steps"][0]["node"] == "safety"
    staff.get_by_role("button", name="Make test case").click()
    expect(staff.locator("#trouble")).to_contain_text("Kept as test case")
    staff.goto(f"{product.origin}/evals")
    staff.get_by_label("Cases", exact=True).select_option("own")
    staff.get_by_role("button", name="Start").click()
    staff.locator("tbody a").first.click()
    expect(staff.locator(".headlines")).to_contain_text("100.0 %")
    assert product.ask(lambda uow: uow.tickets.count()) == tickets


def test_that_the_log_is_narrowed_and_figures_count(staff: Page, product: RealDesk) -> None:
    staff.goto(f"{product.origin}/logs")
    staff.get_by_label("Outcome").select_option("handoff")
    staff.get_by_role("button", name="Filter").click()
    expect(staff).to_have_url(re.compile("kind=handoff"))
    assert set(staff.locator("tbody tr td:nth-child(5) .row").all_inner_texts()) == {"Handoff"}
    with staff.expect_download() as download:
        staff.get_by_role("link", name="CSV").click()
    lines = download.value.path().read_text("utf-8").splitlines()
    assert lines[0].startswith("createdAt,company,ticketId")
    assert all(",handoff," in line for line in lines[1:])
    staff.goto(f"{product.origin}/figures?days=7")
    staff.wait_for_timeout(500)
    staff.reload()  # what was not counted in time stands on the next page
    expect(staff.locator("#volume-title")).to_be_visible()
    expect(staff.locator(".plot rect").first).to_be_visible()


def test_that_no_set_up_page_has_a_serious_fault_of_access(staff: Page, product: RealDesk) -> None:
    found: list[str] = []
    for path in PAGES:
        staff.goto(product.origin + path)
        found += [f"{path} {fault}" for fault in serious(staff)]
    assert found == []
