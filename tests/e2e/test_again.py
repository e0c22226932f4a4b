"""Past turns in a real browser: a ticket replayed, a draft tried, a turn made into a case; on every width."""

import pytest
from playwright.sync_api import Page, expect

from store.unit import UnitOfWork
from tests.e2e.real_desk import RealDesk
from tests.e2e.test_desk import serious

pytestmark = pytest.mark.browser
SLUG = "nodes-garden"


def ticket(uow: UnitOfWork) -> str:
    """A recorded ticket of the company."""
    return uow.turns.tickets_answered(uow.companies.by_slug(SLUG).id, 1)[0]


def fits(page: Page) -> bool:
    """Whether a phone shows the whole width, and nobody is kept out."""
    clean = serious(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    fitting: bool = page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 800})
    return clean and fitting


def test_that_a_ticket_is_replayed_from_its_trace(staff: Page, product: RealDesk) -> None:
    staff.goto(f"{product.origin}/tickets/{product.ask(ticket)}/trace")
    staff.get_by_role("link", name="Replay").click()
    expect(staff.get_by_role("status")).to_contain_text("the same")
    expect(staff.get_by_text("every state, sentence and decision as then").first).to_be_visible()
    assert fits(staff)


def test_that_a_draft_is_tried_and_shown_before_it_is_published(staff: Page, product: RealDesk) -> None:
    def quoted(uow: UnitOfWork) -> str:
        """The entry that the newest answer of the company rests on."""
        turns = uow.turns.log(limit=20, company_id=uow.companies.by_slug(SLUG).id)
        sources = [r.source_id for turn in turns for r in uow.turns.trace(turn.id).receipts if r.source_id]
        found = [uow.knowledge.passage(key) for key in sources if key.startswith("psg_")]
        return next(passage.source_id for passage in found if passage.kind == "entry")

    entry = product.ask(quoted)
    staff.goto(f"{product.origin}/knowledge/{entry}")
    staff.get_by_label("Answer", exact=True).fill("This is another answer.")
    staff.get_by_label("Answer in Hinglish").fill("")
    staff.get_by_role("button", name="Try on past tickets").click()
    expect(staff.get_by_role("button", name="Publish this change")).to_be_visible(timeout=45_000)
    expect(staff.locator(".again__pair").first).to_contain_text("This is another answer.")
    assert fits(staff)
    assert "This is another answer." not in product.ask(lambda uow: uow.knowledge.entry(entry).content)


def test_that_a_turn_is_made_into_a_case(staff: Page, product: RealDesk) -> None:
    staff.goto(f"{product.origin}/tickets/{product.ask(ticket)}/trace")
    staff.get_by_text("Make this a test case").click()
    staff.get_by_role("link", name="Look at it and add it").click()
    expect(staff.get_by_text("What was said")).to_be_visible()
    assert fits(staff)
    staff.get_by_label("May not hold").fill("an invented price")
    staff.get_by_text("Disputed", exact=True).click()
    staff.get_by_label("Why it is disputed").fill("two opinions")
    staff.get_by_role("button", name="Add case").click()
    expect(staff.get_by_text("disputed: two opinions")).to_be_visible()
    expect(staff.get_by_role("heading", name="Gate of ").first).to_be_visible()
    assert fits(staff)
