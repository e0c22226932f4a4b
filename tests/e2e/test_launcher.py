"""The launcher on pages of other origins: strict, hostile, small, and gone when it is told to go."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI, Response
from playwright.sync_api import Frame, Page, expect

from tests.e2e.conftest import Serve
from tests.e2e.fake_desk import FakeDesk

pytestmark = pytest.mark.browser
Host = Callable[..., str]
WATCH = """
window.left = {listeners: 0, timers: new Set()};
for (const target of [window, document]) {
  const [add, drop] = [target.addEventListener, target.removeEventListener];
  const ours = () => new Error().stack.includes("/widget/v1.js") ? 1 : 0;
  target.addEventListener = (...a) => { window.left.listeners += ours(); return add.apply(target, a); };
  target.removeEventListener = (...a) => { window.left.listeners -= ours(); return drop.apply(target, a); };
}
const [begin, end] = [window.setInterval, window.clearInterval];
window.setInterval = (...a) => { const id = begin(...a); window.left.timers.add(id); return id; };
window.clearInterval = (id) => { window.left.timers.delete(id); end(id); };
"""


@pytest.fixture
def host(serve: Serve, origin: str, desk: FakeDesk) -> Host:
    """Makes a page of another origin that embeds the chat, and gives its address."""

    def make(*, style: str = "", policy: str = "", attributes: str = "", before: str = "") -> str:
        app = FastAPI()
        sheet = "<link rel='stylesheet' href='/host.css'>" if style else ""
        html = (
            f"<!doctype html><html lang='en'><title>Host</title>{before}"
            f"{sheet}<h1>Host</h1><a href='#x'>A link</a>"
            f"<script async src='{origin}/widget/v1.js' data-company='shop' {attributes}></script></html>"
        )

        @app.get("/")
        async def page() -> Response:
            headers = {"Content-Security-Policy": policy} if policy else {}
            return Response(html, media_type="text/html", headers=headers)

        @app.get("/host.css")
        async def css() -> Response:
            return Response(style, media_type="text/css")

        address = serve(app)
        desk.hosts.append(address)
        return address

    return make


def chat(page: Page) -> Frame:
    """The chat's frame, ready."""
    page.wait_for_selector("iframe")
    page.frame_locator("iframe").locator(".chips button").first.wait_for()
    return page.frames[1]


def test_that_a_strict_policy_of_the_host_is_enough(page: Page, host: Host, origin: str) -> None:
    page.goto(host(policy=f"default-src 'none'; script-src {origin}; frame-src {origin}"))
    page.get_by_role("button", name="Open support chat").click()
    chat(page)
    frame = page.frame_locator("iframe")
    frame.get_by_text("Can I return it?").click()
    expect(frame.locator(".foots")).to_be_visible()


def test_that_nothing_is_fetched_or_kept_before_the_first_opening(
    page: Page, host: Host, origin: str, desk: FakeDesk
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(host())
    page.get_by_role("button", name="Open support chat").wait_for()
    assert [url for url in asked if url.startswith(origin)] == [f"{origin}/widget/v1.js"]
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert desk.sessions == []


@pytest.mark.parametrize(
    "style",
    ["* { all: unset !important; }", "body * { display: none !important; font-size: 40px !important; }"],
)
def test_that_hostile_styles_of_the_host_do_not_reach_the_button(page: Page, host: Host, style: str) -> None:
    page.goto(host(style=style))
    button = page.get_by_role("button", name="Open support chat")
    button.wait_for()
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] + box["width"] > 1280 - 40
    assert button.evaluate("(node) => getComputedStyle(node).fontSize") == "15px"
    button.click()
    chat(page)
    frame = page.locator("iframe").bounding_box()
    assert frame is not None
    assert frame["width"] == 384


def test_that_the_chat_is_opened_and_closed_by_keys_alone_and_focus_comes_back(
    page: Page, host: Host
) -> None:
    page.goto(host())
    page.get_by_role("button", name="Open support chat").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    chat(page)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("Write a message")).to_be_focused()
    page.keyboard.type("Can I return it")
    page.keyboard.press("Enter")
    expect(frame.locator(".foots")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("iframe")).to_be_hidden()
    button = page.get_by_role("button", name="Open support chat")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(frame.locator(".foots")).to_be_visible()


def test_that_words_for_a_closed_chat_are_counted_on_the_button(
    page: Page, host: Host, desk: FakeDesk
) -> None:
    page.goto(host())
    page.evaluate("Support('on', 'unread', (count) => { window.count = count; })")
    page.get_by_role("button", name="Open support chat").click()
    frame = page.frame_locator("iframe")
    frame.get_by_text("Can I return it?").click()
    frame.locator(".foots").wait_for()
    page.keyboard.press("Escape")
    desk.ticket.tell("message", {"id": "msg_h", "role": "human", "author": "Meera", "text": "Hello"})
    page.get_by_role("button", name="Open support chat, 1 new messages").click()
    expect(frame.locator(".human__text")).to_have_text("Hello")
    page.wait_for_function("window.count === 0")


def test_that_commands_before_and_after_loading_are_obeyed(page: Page, host: Host, desk: FakeDesk) -> None:
    page.add_init_script(
        "window.Support = function () { (Support.q = Support.q || []).push(arguments); };"
        "Support('identify', {token: 'jwt-asha@example.com'});"
        "Support('setLang', 'hi-Latn'); Support('open');"
    )
    page.goto(host())
    chat(page)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("Apna sawaal likhiye")).to_be_visible()
    expect(frame.locator(".chat__title p")).to_contain_text("asha@example.com")
    page.evaluate("Support('setLang', 'en')")
    expect(frame.get_by_label("Write a message")).to_be_visible()
    page.evaluate("Support('logout')")
    expect(frame.locator(".chat__title p")).to_contain_text("AI assistant")
    page.evaluate("Support('toggle')")
    expect(page.locator("iframe")).to_be_hidden()
    assert {"token": "jwt-asha@example.com"} in desk.sessions


def test_that_destroy_leaves_nothing(page: Page, host: Host) -> None:
    page.add_init_script(WATCH)
    page.goto(host())
    page.get_by_role("button", name="Open support chat").click()
    chat(page)
    page.evaluate("Support('destroy')")
    left = page.evaluate(
        "[document.querySelectorAll('support-launcher, iframe').length, typeof window.Support,"
        " window.left.listeners, window.left.timers.size]"
    )
    assert left == [0, "undefined", 0, 0]
    assert len(page.frames) == 1


def test_that_a_page_that_is_not_allowed_cannot_speak_to_the_chat(
    page: Page, host: Host, desk: FakeDesk
) -> None:
    address = host()
    desk.hosts.clear()
    page.goto(address)
    page.evaluate("Support('identify', {token: 'jwt-asha@example.com'})")
    page.get_by_role("button", name="Open support chat").click()
    chat(page)
    page.wait_for_timeout(300)
    assert desk.sessions == [{}]


def test_that_a_foreign_message_is_not_taken_for_the_chat_s(page: Page, host: Host) -> None:
    page.goto(host())
    page.get_by_role("button", name="Open support chat").click()
    chat(page)
    page.evaluate("window.postMessage({supportgraph: 1, type: 'close'}, '*')")
    page.wait_for_timeout(200)
    expect(page.locator("iframe")).to_be_visible()


def test_that_the_chat_fills_a_phone(page: Page, host: Host) -> None:
    page.set_viewport_size({"width": 390, "height": 780})
    page.goto(host())
    page.get_by_role("button", name="Open support chat").click()
    chat(page)
    assert page.locator("iframe").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 780}


def test_that_a_page_zoomed_to_400_percent_keeps_all_controls(page: Page, host: Host) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(host())
    page.get_by_role("button", name="Open support chat").click()
    chat(page)
    frame = page.frame_locator("iframe")
    for control in (
        frame.get_by_role("button", name="Talk to a person"),
        frame.get_by_role("button", name="Close chat"),
        frame.get_by_label("Write a message"),
    ):
        expect(control).to_be_in_viewport()


def test_that_the_button_takes_the_company_s_colours_and_refuses_nonsense(page: Page, host: Host) -> None:
    page.goto(host(attributes="data-brand='#99284a' data-brand-ink='red;} * {color:red' data-label='Ask us'"))
    button = page.get_by_role("button", name="Open support chat")
    style = button.evaluate(
        "(node) => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
    )
    assert style == ["rgb(153, 40, 74)", "rgb(255, 255, 255)"]
    assert button.inner_text() == "Ask us"
