"""One Chromium for all browser tests, and servers on free ports that end with their test."""

import contextlib
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.fake_desk import FakeDesk, fake_app
from tests.e2e.real_desk import RealDesk, running_desk

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 20_000
"""Milliseconds that a browser test waits for what it expects: two workers share a slow machine."""
SEEN_WHEN_READY = """if (document.readyState === "loading") {
  const root = () => document.documentElement?.style;
  const hidden = new MutationObserver(() => {
    if (document.readyState === "loading") root()?.setProperty("visibility", "hidden");
  });
  const seen = () => { hidden.disconnect(); root().removeProperty("visibility"); };
  hidden.observe(document, {childList: true});
  for (const ready of ["DOMContentLoaded", "load"]) window.addEventListener(ready, seen);
}"""
"""No test is faster than a page's own scripts: what cannot be seen yet is waited for, not acted on."""
expect.set_options(timeout=PATIENCE)
Serve = Callable[[Any], str]


def chromium_path() -> str:
    """Where Chromium is: named by the environment, or one of the usual names on the path."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("the browser tests need Chromium: install it, or name it in CHROMIUM")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; of a module only, because while its loop runs no async test can."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        yield chromium
        chromium.close()


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """A browser of somebody's own, in which a page is seen once its scripts have run."""
    wanted = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"} | options
    context = browser.new_context(**wanted)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(SEEN_WHEN_READY)
    return context


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own; an error on the page fails the test."""
    context = new_context(browser)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None
    )
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Runs an app on a free port and gives its origin; ended after the test."""
    with contextlib.ExitStack() as running:
        yield lambda app: running.enter_context(running_app(app))


@contextlib.contextmanager
def running_app(app: Any) -> Iterator[str]:
    """The origin at which the app answers, for as long as the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server takes too long to start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def desk() -> FakeDesk:
    """A desk that answers by script."""
    return FakeDesk()


@pytest.fixture
def origin(desk: FakeDesk, serve: Serve) -> Iterator[str]:
    """Where the fake desk answers; its streams end with the test."""
    yield serve(fake_app(desk))
    desk.down = True


@pytest.fixture(scope="session")
def product() -> Iterator[RealDesk]:
    """The real desk, shared by all tests of the session."""
    with running_desk() as desk:
        yield desk


@pytest.fixture
def staff(page: Page, product: RealDesk) -> Page:
    """A page on which a member of staff is signed in."""
    page.goto(f"{product.origin}/sign-in")
    page.get_by_label("E-mail").fill(product.email)
    page.get_by_label("Password").fill(product.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/inbox")
    return page
