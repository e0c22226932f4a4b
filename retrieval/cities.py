"""The country of a city that a question names, where only the country is something the company speaks of."""

import functools
import json
import re
from importlib.resources import files

from retrieval.lexical import Lexical, term_of
from retrieval.words import places


@functools.cache
def _cities() -> dict[str, str]:
    """Large cities by name, in small letters; a name that is a common word or a person's is left out."""
    table = json.loads((files("retrieval") / "data" / "cities.json").read_text("utf-8"))
    return {city: country for country, cities in table.items() for city in cities}


@functools.cache
def _named() -> re.Pattern[str]:
    names = sorted(_cities(), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b", re.IGNORECASE)


def with_countries(text: str, lexical: Lexical) -> str:
    """The text with the country in the place of a city that the company's knowledge does not name.

    A country that the knowledge does not speak of takes no city's place.
    """

    def country(match: re.Match[str]) -> str:
        city = match.group().lower()
        place = _cities()[city]
        named = all(lexical.states(term_of(word)) for word in city.split())
        return match.group() if named or not lexical.states(places()[place]) else place

    return _named().sub(country, text)
