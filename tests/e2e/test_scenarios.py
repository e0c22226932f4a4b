"""Every scenario of the demo companies on their own pages: by its chip, and typed in Hinglish."""

import re

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from seeds.schema import all_companies
from seeds.shapes import Scenario
from tests.e2e.real_desk import RealDesk

pytestmark = pytest.mark.browser
IDENTIFY = """async ([slug, email]) => {
  const headers = {"Content-Type": "application/json"};
  const asked = {method: "POST", headers, body: JSON.stringify({email})};
  const {token} = await (await fetch(`/api/widget/${slug}/demo-identity`, asked)).json();
  Support("identify", {token});
}"""  # what the company's own site would do: hand a proof of its customer to the chat
SCENARIOS = [
    pytest.param(seed.company.slug, scenario, id=f"{seed.company.slug}-{scenario.key}")
    for seed in all_companies()
    for scenario in seed.company.scenarios
]
HINGLISH = re.compile(
    r"\b(hai|hain|aur|ke|ki|ka|mein|aap|aapka|aapki|aapke|nahi|kar|se|ko|par|hoti|hota|hote|diya|gaya)\b",
    re.I,
)


def opened(page: Page, product: RealDesk, slug: str) -> FrameLocator:
    """The chat on the company's page, ready."""
    page.goto(f"{product.origin}/companies/{slug}/")
    page.get_by_role("button", name="Open support chat").click()
    frame = page.frame_locator("iframe")
    frame.locator("[data-scenario]").first.wait_for()
    return frame


def replied(frame: FrameLocator) -> str:
    """The text of the whole reply."""
    expect(frame.locator(".bot .meta")).to_have_count(1)
    expect(frame.locator(".thinking")).to_have_count(0)
    return frame.locator(".bot > p").first.inner_text()


def check(product: RealDesk, slug: str, scenario: Scenario, frame: FrameLocator) -> None:
    """The turn ended as the scenario says, and the customer sees what belongs to that."""
    trace = product.last_trace(slug)
    ran = [call.tool for call in trace.tool_calls if call.status == "success"]
    assert (trace.turn.kind, ran) == (scenario.expect_kind, list(scenario.expect_tools)), trace.turn.reply
    nodes = [step.node for step in trace.steps]
    assert nodes[0] == "safety"
    assert ("specialist" in nodes) == bool(scenario.expect_tools)
    if scenario.expect_kind == "answer":
        expect(frame.locator(".foots li").first).to_be_visible()
    if scenario.expect_kind == "handoff":
        expect(frame.get_by_role("button", name=re.compile("Yes, a person|Haan, bulaiye"))).to_be_visible()


@pytest.mark.parametrize(("slug", "scenario"), SCENARIOS)
def test_that_a_chip_ends_as_its_scenario_says(
    page: Page, product: RealDesk, slug: str, scenario: Scenario
) -> None:
    frame = opened(page, product, slug)
    frame.locator(f"[data-scenario='{scenario.key}']").click()
    text = replied(frame)
    check(product, slug, scenario, frame)
    assert not HINGLISH.search(text), text
    if scenario.verified:
        expect(frame.locator(".chat__title p")).to_contain_text("Verified as")


@pytest.mark.parametrize(("slug", "scenario"), SCENARIOS)
def test_that_the_same_in_hinglish_ends_the_same_and_in_hinglish(
    page: Page, product: RealDesk, slug: str, scenario: Scenario
) -> None:
    page.goto(f"{product.origin}/companies/{slug}/")
    if scenario.verified:
        page.evaluate(IDENTIFY, [slug, scenario.email])
    page.get_by_role("button", name="Open support chat").click()
    frame = page.frame_locator("iframe")
    frame.locator("[data-scenario]").first.wait_for()
    if scenario.verified:
        expect(frame.locator(".chat__title p")).to_contain_text("Verified as")
    frame.get_by_label("Write a message").fill(scenario.hinglish)
    page.keyboard.press("Enter")
    text = replied(frame)
    check(product, slug, scenario, frame)
    assert len(HINGLISH.findall(text)) >= 2, text
    expect(frame.get_by_label("Apna sawaal likhiye")).to_be_visible()
