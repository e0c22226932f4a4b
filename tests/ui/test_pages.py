"""Every template with every kind of content: it renders, escapes, and keeps the strict policy."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from store.values.tickets import InboxFilters, InboxPage
from tests.ui import samples
from tests.ui.samples_again import AGAIN_VIEWS
from tests.ui.samples_knowledge import KNOWLEDGE_VIEWS
from tests.ui.samples_looking import LOOKING_VIEWS
from tests.ui.samples_work import PIECES, WORK_VIEWS
from tests.ui.test_views import inbox, ticket
from ui import assets
from ui.render import View, environment, render
from ui.views import pages
from ui.views.inbox import build_inbox
from ui.views.trace import build_trace

EVIL = "<script>alert(1)</script>"
CARD = pages.CompanyCard("shop", "Shop", "Sells things.", "Things")


def trace(chosen: bool = True) -> View:
    """The trace page with or without a turn."""
    traces = [samples.TRACE] if chosen else []
    return build_trace(samples.TICKET, samples.MESSAGES, traces, shell=samples.SHELL)


def empty_inbox(filters: InboxFilters) -> View:
    """The inbox without a ticket."""
    page = InboxPage(rows=(), total=0, page=1, pages=1)
    return build_inbox(page, filters, shell=samples.SHELL, looker=samples.LOOKER)


LIST = pages.ListPage(
    samples.SHELL,
    "Rules",
    "2 rules",
    ("Name", "Route"),
    ((pages.Cell(EVIL, url="/x"), pages.Cell("Escalate", "why", family="urgent")),),
    "Nothing.",
    tabs=(("Shop", "/rules?company=1", True),),
    older="/logs?page=2",
)
VIEWS: dict[str, View] = {
    "overview": pages.Overview((CARD,), "/widget/shop?full=1", "/inbox"),
    "overview, empty": pages.Overview((), "/", "/inbox"),
    "company": pages.CompanyPage("shop", EVIL, "Sells.", "", pages.embed_script("shop", {})),
    "sign-in": pages.SignIn("/inbox", EVIL, "The password is wrong."),
    "problem": pages.ProblemPage(404, "There is no such page", EVIL),
    "chat": pages.ChatPage("shop", EVIL, ("https://shop.example",), full=False),
    "outbox": pages.Outbox(samples.SHELL, (pages.Mail("a@example.com", EVIL, "Code 1", "now", "sent"),)),
    "outbox, empty": pages.Outbox(samples.SHELL, ()),
    "list": LIST,
    "list, empty": replace(LIST, rows=(), tabs=(), older=""),
    "inbox": inbox(),
    "inbox, empty": empty_inbox(InboxFilters(group="open")),
    "inbox, nothing fits": empty_inbox(InboxFilters(tag=EVIL)),
    "ticket": ticket(replace(samples.TICKET, subject=EVIL)),
    "ticket, with a person": ticket(samples.ESCALATED),
    "ticket, closed": ticket(samples.CLOSED),
    "trace": trace(),
    "trace, empty": trace(chosen=False),
    **WORK_VIEWS,
    **KNOWLEDGE_VIEWS,
    **AGAIN_VIEWS,
    **LOOKING_VIEWS,
}


class Page(HTMLParser):
    """Collects what a policy or a reader would stumble over."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.open_scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note faults of one element."""
        values = dict(attrs)
        if "style" in values or tag == "style" or any(name.startswith("on") for name in values):
            self.faults.append(f"inline style or handler on <{tag}>")
        if tag == "script" and not values.get("src"):
            self.faults.append("inline script")
        if tag == "button" and not values.get("type"):
            self.faults.append("a button without a type")
        if "id" in values:
            self.ids.append(values["id"] or "")


@pytest.mark.parametrize("name", VIEWS)
def test_that_a_page_renders_escaped_and_without_inline_code(name: str) -> None:
    html = render(VIEWS[name])
    page = Page()
    page.feed(html)
    assert page.faults == []
    assert EVIL not in html
    assert len(page.ids) == len(set(page.ids)), page.ids
    assert re.search(r"<title>[^<]+</title>", html)


@pytest.mark.parametrize("name", PIECES)
def test_that_a_piece_of_a_page_is_escaped_and_without_inline_code(name: str) -> None:
    html = render(PIECES[name])
    piece = Page()
    piece.feed(html)
    assert piece.faults == []
    assert EVIL not in html


def test_that_every_template_that_is_a_page_has_a_view_here() -> None:
    shown = {type(view).template for view in (*VIEWS.values(), *PIECES.values())}
    pages = ("base.html", "desk.html")
    parts = {*pages, "parts.html", "forms.html", "work.html", "charts.html", "knowledge_parts.html"}
    assert set(environment().list_templates()) - parts == shown


def test_that_every_address_of_a_file_is_one_that_exists() -> None:
    for view in VIEWS.values():
        for name in re.findall(rf"/static/{assets.version()}/([\w.-]+)", render(view)):
            assert name in assets.static_files()


def test_that_a_misspelt_file_name_fails() -> None:
    with pytest.raises(KeyError):
        assets.url("tokenz.css")


def test_that_the_front_door_has_its_three_ways() -> None:
    html = render(VIEWS["overview"])
    for way in ("Open the chat", "View the inbox", "See a trace"):
        assert way in html


def test_that_an_empty_view_says_what_will_be_here() -> None:
    assert "No open tickets" in render(VIEWS["inbox, empty"])
    assert "Nothing fits these filters" in render(VIEWS["inbox, nothing fits"])
    assert "No turn yet" in render(VIEWS["trace, empty"])
    assert "No e-mail yet" in render(VIEWS["outbox, empty"])
