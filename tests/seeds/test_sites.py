"""The demo sites: plain pages that need no script, and that say nothing the entries do not."""

import re
from collections.abc import Iterator

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from seeds.schema import CompanySeed, Page, all_companies, load_company

PAGES = [
    pytest.param(seed, page, id=f"{seed.company.slug}/{page.name}")
    for seed in all_companies()
    for page in seed.pages
]
COMPANIES = [pytest.param(seed, id=seed.company.slug) for seed in all_companies()]


def text_of(node: LexborNode) -> str:
    """The text of a node on one line."""
    return " ".join(node.text().split())


def sentences(page: Page) -> Iterator[str]:
    """Every sentence of the page's paragraphs and list items, without its buttons and pictures."""
    for node in LexborHTMLParser(page.html).css("main p, main li"):
        if node.css_first("a.btn, svg") or (node.tag == "li" and node.css_first("p")):
            continue
        yield from re.split(r"(?<=[.?]) (?=[A-Zn])", text_of(node))


@pytest.mark.parametrize(("seed", "page"), PAGES)
def test_that_a_page_has_its_parts(seed: CompanySeed, page: Page) -> None:
    tree = LexborHTMLParser(page.html)
    title, description = tree.css_first("title"), tree.css_first("meta[name=description]")
    assert title is not None
    assert seed.company.name in title.text()
    assert description is not None
    assert len(description.attributes["content"] or "") > 30
    assert [len(tree.css(part)) for part in ("h1", "main", "header nav", "footer")] == [1, 1, 1, 1]
    assert tree.css_first("link[rel=stylesheet][href='site.css']") is not None


@pytest.mark.parametrize(("seed", "page"), PAGES)
def test_that_a_page_obeys_a_strict_content_policy(seed: CompanySeed, page: Page) -> None:
    assert LexborHTMLParser(page.html).css("script, style, [style], iframe, img, object") == []
    assert re.search(r"\son\w+\s*=|javascript:|https?://", page.html) is None, seed.company.slug


@pytest.mark.parametrize(("seed", "page"), PAGES)
def test_that_a_page_leaves_one_place_for_the_widget(seed: CompanySeed, page: Page) -> None:
    assert page.html.count("<!-- widget -->") == 1, seed.company.slug
    assert re.search(r"<!-- widget -->\s*</body>", page.html)


@pytest.mark.parametrize(("seed", "page"), PAGES)
def test_that_links_lead_to_pages_of_the_site(seed: CompanySeed, page: Page) -> None:
    names = {other.name for other in seed.pages}
    for link in LexborHTMLParser(page.html).css("a"):
        href = link.attributes["href"] or ""
        assert href in {"./", "#main", f"mailto:{seed.company.support_email}"} | names, href


@pytest.mark.parametrize("seed", COMPANIES)
def test_that_a_site_has_enough_pages_a_table_and_questions(seed: CompanySeed) -> None:
    assert len(seed.pages) == 7
    assert {"index", "faq"} <= {page.name for page in seed.pages}
    html = "".join(page.html for page in seed.pages)
    assert "<table>" in html
    assert html.count("<details>") >= 4
    assert "prefers-color-scheme: dark" in seed.stylesheet
    assert "@import" not in seed.stylesheet
    assert "url(" not in seed.stylesheet


@pytest.mark.parametrize(("seed", "page"), PAGES)
def test_that_every_sentence_of_a_page_has_a_reviewed_hinglish_text(seed: CompanySeed, page: Page) -> None:
    known = {fact.en for entry in seed.entries for fact in entry.facts}
    known |= {pair.en for pair in seed.page_pairs if pair.page == page.name}
    assert [sentence for sentence in sentences(page) if sentence not in known] == []


@pytest.mark.parametrize("seed", COMPANIES)
def test_that_page_pairs_quote_their_page(seed: CompanySeed) -> None:
    said = {(page.name, sentence) for page in seed.pages for sentence in sentences(page)}
    assert [pair.en for pair in seed.page_pairs if (pair.page, pair.en) not in said] == []


def test_that_the_office_is_named_on_the_contact_page_alone() -> None:
    seed = load_company("aipassportphoto")
    assert [page.name for page in seed.pages if "Picanha L.L.C-FZ, United Arab Emirates" in page.html] == [
        "contact"
    ]
    assert all("Picanha" not in entry.model_dump_json() for entry in seed.entries)


def test_that_the_node_company_s_first_page_has_its_parts() -> None:
    index = next(page for page in load_company("nodes-garden").pages if page.name == "index")
    tree = LexborHTMLParser(index.html)
    assert len(tree.css(".hero .btn")) == 2
    assert len(tree.css(".cards .card")) == 3
    assert tree.css("#features li")
    assert tree.css_first(".spot") is not None
    assert tree.css_first("#support") is not None
