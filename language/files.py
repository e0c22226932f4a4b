"""Read the word lists in `language/data`: tables of tab-separated text, `#` begins a comment line."""

from functools import cache
from importlib.resources import files


def lines(name: str) -> list[str]:
    """Return the lines of the data file `name` that are neither empty nor comments."""
    text = (files("language") / "data" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def rows(name: str) -> list[list[str]]:
    """Return the cells of each line of the tab-separated data file `name`."""
    return [line.split("\t") for line in lines(name)]


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of the data file `name`."""
    return frozenset(word for line in lines(name) for word in line.split())
