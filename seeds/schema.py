"""Reads the seeded companies from `seeds/data`; a mistake in a file names the file and the field.

The shapes are in `seeds.shapes` and are exported here too.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from graph.errors import Invalid, NotFound
from seeds.asked import Asked, author_of, folded, with_entries_asked, with_limits_asked, with_pages_asked
from seeds.shapes import (
    Agent,
    Article,
    Brand,
    Cannot,
    Company,
    CompanySeed,
    Entry,
    Order,
    OrderItem,
    Page,
    PagePair,
    Pair,
    Record,
    Rule,
    Scenario,
    Seed,
    Tag,
    Ticket,
)

__all__ = [
    "Agent",
    "Article",
    "Brand",
    "Cannot",
    "Company",
    "CompanySeed",
    "Entry",
    "Order",
    "OrderItem",
    "Page",
    "PagePair",
    "Pair",
    "Record",
    "Rule",
    "Scenario",
    "Tag",
    "Ticket",
    "all_companies",
    "authors",
    "global_rules",
    "load_company",
    "read_company",
    "starter_tags",
]

Shape = TypeVar("Shape", bound=Seed)


@cache
def all_companies() -> tuple[CompanySeed, ...]:
    """Every seeded company, by slug."""
    folders = (item.name for item in _root().iterdir() if (item / "company.yaml").is_file())
    return tuple(load_company(slug) for slug in sorted(folders))


@cache
def load_company(slug: str) -> CompanySeed:
    """The seed of one company; `NotFound` without its folder, `Invalid` naming file and field otherwise."""
    if slug not in {item.name for item in _root().iterdir() if item.is_dir()}:
        raise NotFound(f"no seeded company is called {slug!r}", field="company")
    seed = read_company(_root() / slug)
    known = files("seeds") / "phrases" / "answerability" / f"{slug}.yaml"
    by_author = _parsed(known)["unanswerable"] if known.is_file() else {}
    gaps = tuple(asked for listed in by_author.values() for asked in listed)
    return seed.model_copy(update={"company": seed.company.model_copy(update={"not_covered": gaps})})


def read_company(folder: Traversable) -> CompanySeed:
    """Read one company's folder, wherever it lies."""
    site = folder / "site"
    pages = sorted(site.iterdir(), key=lambda item: item.name) if site.is_dir() else []
    values: dict[str, Any] = {
        "company": _read(folder / "company.yaml", Company),
        "pages": [
            Page(name=page.name.removesuffix(".html"), html=page.read_text("utf-8"))
            for page in pages
            if page.name.endswith(".html")
        ],
        "stylesheet": "".join(page.read_text("utf-8") for page in pages if page.name == "site.css"),
    }
    for name, model in _LISTS.items():
        values[name] = _read_list(folder / f"{name}.yaml", model)
    written = (item for item in folder.iterdir() if item.name.startswith("asked"))
    for more in sorted(written, key=lambda item: item.name):
        asked, label = _read(more, Asked), _label(more)
        values["company"] = with_limits_asked(values["company"], asked, label)
        values["entries"] = with_entries_asked(values["entries"], asked, label)
        values["pages"] = with_pages_asked(values["pages"], asked, label)
    return _checked(CompanySeed, values, folder.name)


def authors(slug: str) -> dict[str, int]:
    """Who wrote each phrasing (folded) of a company's `asked` files: the first who has it, by number."""
    found: dict[str, int] = {}
    written = (item for item in (_root() / slug).iterdir() if item.name.startswith("asked"))
    for number, file in sorted((author_of(item.name), item) for item in written):
        for text in _read(file, Asked).texts:
            found.setdefault(folded(text), number)
    return found


@cache
def global_rules() -> tuple[Rule, ...]:
    """The rules that hold for every company, after its own."""
    return tuple(_read_list(_root() / "global_rules.yaml", Rule))


@cache
def starter_tags() -> tuple[str, ...]:
    """The tags that exist from the start."""
    return tuple(tag.name for tag in _read_list(_root() / "tags.yaml", Tag))


_LISTS: dict[str, type[Seed]] = {
    "entries": Entry,
    "articles": Article,
    "rules": Rule,
    "records": Record,
    "orders": Order,
    "agents": Agent,
    "tickets": Ticket,
    "page_pairs": PagePair,
}


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _root() -> Traversable:
    return files("seeds") / "data"


def _read(path: Traversable, model: type[Shape]) -> Shape:
    return _checked(model, _parsed(path), _label(path))


def _read_list(path: Traversable, model: type[Shape]) -> list[Shape]:
    if not path.is_file():
        return []
    items = _parsed(path)
    if not isinstance(items, list):
        raise Invalid(f"{_label(path)}: has to be a list", field=_label(path))
    return [_checked(model, item, f"{_label(path)}[{index}]") for index, item in enumerate(items)]


def _parsed(path: Traversable) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_LOADER)
    except FileNotFoundError as error:
        raise Invalid(f"{_label(path)}: is missing", field=_label(path)) from error
    except yaml.YAMLError as error:
        raise Invalid(f"{_label(path)}: {error}", field=_label(path)) from error


def _checked(model: type[Shape], values: Any, label: str) -> Shape:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"{label}: {field or 'values'}: {first['msg']}", field=field or label) from error


def _label(path: Traversable) -> str:
    """The last two parts of a path: which company, which file."""
    return "/".join(str(path).replace("\\", "/").split("/")[-2:])
