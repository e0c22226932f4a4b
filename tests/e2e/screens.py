"""Pictures of every page and of the widget's states, in both themes and both widths, to be looked at.

python -m tests.e2e.screens [FOLDER [PAGE...]]      (var/screens without one; all pages without names)
"""

import base64
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from api.proofs.replay import changed_step
from store.values.tickets import InboxFilters
from tests.e2e.conftest import FLAGS, chromium_path
from tests.e2e.pasts import with_past
from tests.e2e.real_desk import RealDesk, running_desk

THEMES = ("light", "dark")
WIDTHS = {1280: 860, 390: 780}
Shot = Callable[[str], None]


def main(folder: Path, only: Collection[str] = ()) -> None:
    """Take all pictures, or those of these pages of the staff."""
    folder.mkdir(parents=True, exist_ok=True)
    with running_desk() as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        pages = {**_private(desk), **with_past(desk)}
        for theme in THEMES:
            for width, height in WIDTHS.items():
                for name in _pictures(browser, desk, theme, width, height, folder, pages, only):
                    print(name)
        if not only:
            print(_together(browser, folder))
        browser.close()


def _together(browser: Browser, folder: Path) -> str:
    """The picture of the README: a customer's chat, and the trace of an answer like it."""
    parts = ("widget-hinglish-1280-light.png", "trace-triage-1280-light.png")
    shown = [base64.b64encode((folder / part).read_bytes()).decode() for part in parts]
    images = "".join(f"<div><img src='data:image/png;base64,{image}'></div>" for image in shown)
    style = (
        "body{margin:0;padding:24px;background:#dfe7e7;display:grid;grid-template-columns:1fr 1fr;gap:24px}"
        "div{height:470px;overflow:hidden;border-radius:10px;box-shadow:0 8px 28px #0d2a2f33}"
        "img{width:100%;display:block}"
    )
    page = browser.new_page(viewport={"width": 1480, "height": 518}, device_scale_factor=1)
    page.set_content(f"<style>{style}</style>{images}")
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    page.screenshot(path=folder / "desk.png")
    page.close()
    return "desk.png"


def _pictures(
    browser: Browser,
    desk: RealDesk,
    theme: str,
    width: int,
    height: int,
    folder: Path,
    pages: Mapping[str, str],
    only: Collection[str],
) -> Iterator[str]:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light"
    )
    page = context.new_page()
    page.set_default_timeout(20_000)

    def shot(name: str, *, whole: bool = True) -> str:
        file = folder / f"{name}-{width}-{theme}.png"
        page.screenshot(path=file, full_page=whole)
        return file.name

    if not only:
        for name, address in _public().items():
            page.goto(desk.origin + address)
            yield shot(name)
        yield from _chat(page, desk, shot)
    _sign_in(page, desk)
    for name, address in pages.items():
        if not only or name in only:
            page.goto(desk.origin + address)
            yield shot(name)
    if not only or "replay-differs" in only:
        with changed_step("answer"):
            page.goto(desk.origin + pages["replay"])
        yield shot("replay-differs")
    context.close()


def _public() -> dict[str, str]:
    sites = {
        f"company-{slug}": f"/companies/{slug}/"
        for slug in ("aipassportphoto", "nodes-garden", "tamarind-lane")
    }
    return {"overview": "/", **sites, "sign-in": "/sign-in", "not-found": "/companies/nobody"}


def _private(desk: RealDesk) -> dict[str, str]:
    tickets = desk.ask(lambda uow: uow.tickets.inbox(InboxFilters(), size=50)).rows
    by_layer = {row.ticket.layer: row.ticket.id for row in tickets}
    of_tickets = {f"ticket-{layer}": f"/tickets/{key}" for layer, key in by_layer.items()}
    of_traces = {f"trace-{layer}": f"/tickets/{key}/trace" for layer, key in by_layer.items()}
    lists = {name: f"/{name}" for name in ("inbox", "knowledge", "rules", "agents", "logs", "outbox")}
    set_up = {
        "companies": "/admin/companies",
        "company-new": "/admin/companies/new",
        "company-set-up": "/admin/companies/tamarind-lane",
        "agent-new": "/agents/new",
        "entry-new": "/knowledge/new?company=tamarind-lane",
        "rule-new": "/rules/new",
        "records": "/records?company=tamarind-lane",
        "imports": "/imports",
        "gaps": "/gaps",
        "articles": "/articles?company=tamarind-lane",
        "own-tools": "/admin/http-tools",
        "safety": "/admin/safety",
        "tools": "/tools?company=tamarind-lane&tool=order_lookup",
        "console": "/console?company=tamarind-lane",
        "figures": "/figures",
        "evals": "/evals",
        "outcomes": "/outcomes?recount=yes",
        "parity": "/parity",
        "reviews": "/reviews?company=tamarind-lane",
        "recalls": "/recall?company=tamarind-lane",
        "isolation": "/isolation",
    }
    return {**lists, **set_up, "inbox-empty": "/inbox?tag=none", **of_tickets, **of_traces}


def _chat(page: Page, desk: RealDesk, shot: Callable[..., str]) -> Iterator[str]:
    page.goto(f"{desk.origin}/companies/tamarind-lane/")
    page.get_by_role("button", name="Open support chat").click()
    chat = page.frame_locator("iframe")
    chat.locator("[data-scenario]").first.wait_for()
    yield shot("widget-fresh", whole=False)
    chat.get_by_label("Write a message").fill("COD hai kya?")
    page.keyboard.press("Enter")
    chat.locator(".bot .meta").wait_for()
    yield shot("widget-hinglish", whole=False)
    chat.get_by_label("Apna sawaal likhiye").fill("Please connect me to a human")
    page.keyboard.press("Enter")
    chat.locator(".ask").wait_for()
    yield shot("widget-offer", whole=False)
    chat.locator(".ask .button--main").click()
    chat.locator(".banner").wait_for()
    yield shot("widget-waiting", whole=False)
    chat.locator(".fine button:not([hidden])").click()
    chat.locator(".ask__trio").wait_for()
    yield shot("widget-closed", whole=False)
    page.goto(f"{desk.origin}/widget/aipassportphoto?full=1")
    page.get_by_label("Write a message").fill("What is the status of my photo request?")
    page.keyboard.press("Enter")
    page.locator(".ask input").wait_for()
    yield shot("widget-identity", whole=False)


def _sign_in(page: Page, desk: RealDesk) -> None:
    page.goto(f"{desk.origin}/sign-in")
    page.get_by_label("E-mail").fill(desk.email)
    page.get_by_label("Password").fill(desk.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/inbox")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var/screens"), sys.argv[2:])
