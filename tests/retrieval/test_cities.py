"""A city stands for its country, where the knowledge speaks of countries and not of that city."""

import pytest

from retrieval.cities import with_countries
from retrieval.lexical import Lexical


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("photo for a job in Sao Paulo", "photo for a job in brazil"),
        ("going to CHICAGO soon", "going to united states soon"),
        ("a shop in Sydney", "a shop in Sydney"),
        ("a trip to Osaka", "a trip to Osaka"),
    ],
)
def test_that_only_a_known_country_takes_the_place_of_an_unknown_city(text: str, read: str) -> None:
    known = ("Brazil", "the United States", "Australia", "Sydney")
    assert with_countries(text, Lexical([[(term, 1.0) for term in known]])) == read


def test_that_a_city_which_only_a_phrasing_names_stands_for_its_country() -> None:
    asked, said = "What size for Sydney?", "Photos for Australia are small."
    lexical = Lexical([[(asked, 1.0), (said, 1.0)]], [said])
    assert with_countries("a photo for Sydney", lexical) == "a photo for australia"
