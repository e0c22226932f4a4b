"""The content owner's pages in a real browser: readable by everybody, on every width, in both themes."""

import pytest
from playwright.sync_api import Page

from tests.e2e.real_desk import RealDesk
from tests.e2e.test_desk import serious

PATHS = (
    "/knowledge?company=aipassportphoto&q=How long does it take?",
    "/knowledge/new?company=aipassportphoto",
    "/imports?company=aipassportphoto",
    "/gaps?company=aipassportphoto",
)
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", PATHS)
def test_that_a_knowledge_page_keeps_nobody_out(staff: Page, product: RealDesk, path: str) -> None:
    staff.goto(f"{product.origin}{path}")
    assert serious(staff) == []

    staff.set_viewport_size({"width": 390, "height": 800})
    assert staff.evaluate("document.documentElement.scrollWidth") <= 390
