"""The rail: groups, and the places of the group that one is in."""

from dataclasses import replace

from tests.ui.samples import SHELL
from ui.icons import ICONS
from ui.views.shell import GROUPS, Place


def _places(company: str = "", *, outbox: bool = True) -> dict[str, Place]:
    shell = replace(SHELL, company=company, outbox=outbox)
    return {place.key: place for group in shell.groups for place in group.places}


def test_that_every_place_is_named_once_and_has_an_icon() -> None:
    """A key that stands twice would open two groups."""
    keys = [place.key for group in GROUPS for place in group.places]
    icons = {place.icon for group in GROUPS for place in group.places} | {group.icon for group in GROUPS}
    assert len(keys) == len(set(keys))
    assert icons <= set(ICONS)


def test_that_a_place_takes_the_company_along_where_its_page_is_about_one() -> None:
    """From a company's entries to its imports, not to another company's."""
    places = _places("tamarind-lane")
    assert places["imports"].url == "/imports?company=tamarind-lane"
    assert places["inbox"].url == "/inbox"
    assert _places()["imports"].url == "/imports"


def test_that_the_outbox_is_shown_in_development_only() -> None:
    """In production mails are not to be read here."""
    assert "outbox" in _places()
    assert "outbox" not in _places(outbox=False)
