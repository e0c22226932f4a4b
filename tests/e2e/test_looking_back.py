"""The pages that look back, in a real browser: a stale answer is corrected, answers are judged by keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pasts import ROUND, SLUG, told_price
from tests.e2e.real_desk import RealDesk
from tests.e2e.test_desk import serious

pytestmark = pytest.mark.browser

PATHS = ("/recall", "/outcomes?recount=yes", "/parity", "/reviews", "/isolation")


@pytest.fixture(scope="module")
def umbrella(product: RealDesk) -> str:
    """An entry with a price that one customer was told; its id."""
    return told_price(product)


def test_that_a_changed_price_is_corrected_with_the_customer(
    staff: Page, product: RealDesk, umbrella: str
) -> None:
    staff.goto(f"{product.origin}/knowledge/{umbrella}")
    staff.get_by_label("Answer", exact=True).fill("The monsoon umbrella costs ₹699.")
    staff.get_by_role("button", name="Save").click()
    expect(staff.get_by_role("status").first).to_contain_text("Saved")
    expect(staff.get_by_role("link", name="1 past answer")).to_have_attribute(
        "href", re.compile("^/recall/chg_")
    )
    staff.goto(f"{product.origin}/recall?company={SLUG}")
    row = staff.get_by_role("row", name=re.compile("monsoon umbrella"))
    expect(row).to_contain_text("Number or date changed")
    row.get_by_role("link").click()
    expect(staff.locator("del")).to_contain_text("₹649")
    expect(staff.locator("ins")).to_contain_text("₹699")
    expect(staff.get_by_label("Correction")).to_have_value(
        re.compile("It now is: “The monsoon umbrella costs ₹699")
    )
    assert serious(staff) == []
    staff.get_by_role("button", name="Send the correction").click()
    expect(staff.get_by_role("status").first).to_contain_text("1 answer corrected")
    expect(staff.locator(".recall__answers")).to_contain_text("customer corrected")
    staff.locator(".recall__answers a").click()
    expect(staff.locator(".said--human").last).to_contain_text("₹699")


def test_that_answers_are_judged_by_keys(staff: Page, product: RealDesk) -> None:
    staff.goto(f"{product.origin}/reviews?company=aipassportphoto")
    staff.get_by_role("button", name="20 answers").click()
    expect(staff.get_by_role("status").first).to_contain_text("drawn")
    asked = staff.locator(".review__asked")
    judged = staff.locator(".review tbody tr")
    for number, key in enumerate("yns", 1):
        expect(asked).to_be_visible()
        staff.keyboard.press(key)
        expect(judged).to_have_count(number)
    expect(staff.locator(".headlines")).to_contain_text("50.0 %")
    expect(staff.locator(".headlines")).to_contain_text("1 of 2")
    staff.keyboard.press("?")
    expect(staff.get_by_role("dialog", name="Keys")).to_be_visible()


@pytest.mark.parametrize("path", PATHS)
def test_that_a_page_that_looks_back_keeps_nobody_out(staff: Page, product: RealDesk, path: str) -> None:
    if path == "/isolation":
        product.do(lambda uow: uow.isolation.keep(ROUND, 40.0))
    staff.goto(f"{product.origin}{path}")
    if path.startswith("/outcomes"):
        expect(staff.get_by_role("status").last).to_contain_text("every figure is the same")
    if path == "/isolation":
        expect(staff.locator("#proof")).to_contain_text(re.compile(r"0 leaks in [\d,]+ probes, last"))
    assert serious(staff) == []
    staff.set_viewport_size({"width": 390, "height": 800})
    assert staff.evaluate("document.documentElement.scrollWidth") <= 390
