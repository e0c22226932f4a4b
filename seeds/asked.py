"""How customers ask for what a company knows: `asked*.yaml` of its folder, merged into what they name.

Each file is by one author and holds many phrasings per entry, page section and limit, in both languages. A
name that nothing has, and a phrasing under two names, are mistakes of the file. A phrasing that is known
already is not repeated.
"""

from collections.abc import Iterable, Iterator
from typing import Self

from pydantic import Field, model_validator

from graph.errors import Invalid
from seeds.shapes import Cannot, Company, Entry, Key, Page, Seed, Text


class Phrasings(Seed):
    """Ways in which customers ask for one thing."""

    en: tuple[Text, ...] = ()
    hinglish: tuple[Text, ...] = ()

    @property
    def both(self) -> tuple[str, ...]:
        """English first."""
        return self.en + self.hinglish


class SectionAsked(Phrasings):
    """Phrasings of one section of a site page; `heading` is as shown, or the section's question."""

    page: Key
    heading: str = ""


class Asked(Seed):
    """All phrasings of one company, by the keys of its entries and limits."""

    entries: dict[Key, Phrasings] = Field(default_factory=dict)
    pages: tuple[SectionAsked, ...] = ()
    cannot: dict[Key, Phrasings] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _each_phrasing_is_said_once(self) -> Self:
        said: dict[str, str] = {}
        for name, phrasings in self._named():
            for text in phrasings.both:
                other = said.setdefault(folded(text), name)
                if other != name:
                    raise ValueError(f"{name}: {text!r} is under {other} too")
        return self

    @property
    def texts(self) -> tuple[str, ...]:
        """Every phrasing."""
        return tuple(text for _, phrasings in self._named() for text in phrasings.both)

    def _named(self) -> Iterator[tuple[str, Phrasings]]:
        yield from ((f"entries.{key}", found) for key, found in self.entries.items())
        yield from ((f"pages.{found.page}.{found.heading}", found) for found in self.pages)
        yield from ((f"cannot.{key}", found) for key, found in self.cannot.items())


def with_entries_asked(entries: Iterable[Entry], asked: Asked, label: str) -> list[Entry]:
    """The entries with all their phrasings, their own first. Raises Invalid for an unknown entry."""
    known = list(entries)
    _all_known(asked.entries, (entry.key for entry in known), f"{label}: entries")
    owners = {folded(text): e.key for e in known for text in (*e.questions, *e.questions_hinglish)}
    for key, phrasings in asked.entries.items():
        for text in phrasings.both:
            if owners.get(folded(text), key) != key:
                raise Invalid(
                    f"{label}: entries.{key}: {text!r} is a question of {owners[folded(text)]}", field=label
                )
    return [_with_phrasings(entry, asked.entries.get(entry.key, Phrasings())) for entry in known]


def with_limits_asked(company: Company, asked: Asked, label: str) -> Company:
    """The company with the phrasings of what it does not do. Raises Invalid for an unknown limit."""
    _all_known(asked.cannot, (limit.key for limit in company.cannot), f"{label}: cannot")
    limits = tuple(_asked_for(limit, asked) for limit in company.cannot)
    return company.model_copy(update={"cannot": limits})


def with_pages_asked(pages: Iterable[Page], asked: Asked, label: str) -> list[Page]:
    """The pages with the phrasings of their sections. Raises Invalid for an unknown page."""
    known = list(pages)
    _all_known((found.page for found in asked.pages), (page.name for page in known), f"{label}: pages")
    return [page.model_copy(update={"asked": _by_heading(page, asked)}) for page in known]


def _by_heading(page: Page, asked: Asked) -> dict[str, tuple[str, ...]]:
    found = dict(page.asked)
    for section in asked.pages:
        if section.page == page.name:
            found[section.heading] = _merged(found.get(section.heading, ()), section.both)
    return found


def _with_phrasings(entry: Entry, more: Phrasings) -> Entry:
    both = {
        "questions": _merged(entry.questions, more.en),
        "questions_hinglish": _merged(entry.questions_hinglish, more.hinglish),
    }
    return entry.model_copy(update=both)


def _asked_for(limit: Cannot, asked: Asked) -> Cannot:
    more = asked.cannot.get(limit.key, Phrasings())
    return limit.model_copy(update={"asked": _merged(limit.asked, more.both)})


def _merged(own: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in (*own, *more):
        found.setdefault(folded(text), text)
    return tuple(found.values())


def _all_known(named: Iterable[str], known: Iterable[str], label: str) -> None:
    if strange := sorted(set(named) - set(known)):
        raise Invalid(f"{label}: nothing is called {', '.join(strange)}", field=label)


def author_of(name: str) -> int:
    """The number of a file's author: 1 for `asked.yaml`, 2 for `asked-2.yaml`."""
    return int(name.removesuffix(".yaml").rpartition("-")[2]) if "-" in name else 1


def folded(text: str) -> str:
    """A phrasing as it is compared with others."""
    return " ".join(text.casefold().split()).strip(" ?.!")
