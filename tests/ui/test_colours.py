"""Text can be read in both themes: every pair of the tokens and every company's colours reach AA."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from seeds.schema import all_companies

AA = 4.5
THEMES = ("light", "dark")
GROUNDS = ("paper", "surface", "sunken")
FAMILIES = ("urgent", "waiting", "active", "human", "done", "closed")


def tokens() -> dict[str, tuple[str, str]]:
    """The colours of the token file by name: light, dark."""
    text = (files("ui") / "static" / "tokens.css").read_text("utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", text)
    return {name: (light, dark) for name, light, dark in pairs}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours after WCAG 2."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def written() -> Iterator[tuple[str, str]]:
    """Which ink stands on which ground."""
    yield from ((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in GROUNDS)
    yield from ((family, f"{family}-soft") for family in FAMILIES)
    yield from ((family, "surface") for family in FAMILIES)
    yield from (("ink", "bubble"), ("ink", "mark"), ("rail-ink", "rail"), ("rail-ink", "rail-hover"))


@pytest.mark.parametrize(("ink", "ground"), list(written()))
@pytest.mark.parametrize("theme", THEMES)
def test_that_ink_can_be_read_on_its_ground(ink: str, ground: str, theme: str) -> None:
    at = THEMES.index(theme)
    assert contrast(tokens()[ink][at], tokens()[ground][at]) >= AA


@pytest.mark.parametrize("theme", THEMES)
def test_that_the_edge_of_a_control_can_be_seen(theme: str) -> None:
    at = THEMES.index(theme)
    assert contrast(tokens()["line-control"][at], tokens()["surface"][at]) >= 3


@pytest.mark.parametrize("slug", [seed.company.slug for seed in all_companies()])
def test_that_a_company_s_colours_can_be_read(slug: str) -> None:
    brand = next(seed.company.brand for seed in all_companies() if seed.company.slug == slug)
    surface = tokens()["surface"]
    assert contrast(brand.brand, brand.brand_ink) >= AA
    assert contrast(brand.brand, surface[0]) >= AA
    assert contrast(brand.brand_dark, brand.brand_dark_ink) >= AA
    assert contrast(brand.brand_dark_text, surface[1]) >= AA
