"""The smaller pages: overview, sign-in, problems, lists, outbox, the chat alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ui.views.shell import Shell


@dataclass(frozen=True)
class CompanyCard:
    """A company on the overview."""

    slug: str
    name: str
    description: str
    tagline: str

    @property
    def url(self) -> str:
        """Its own site, as the desk serves it."""
        return f"/companies/{self.slug}"

    @property
    def chat_url(self) -> str:
        """Its chat alone."""
        return f"/widget/{self.slug}?full=1"


@dataclass(frozen=True)
class Overview:
    """The front door."""

    template: ClassVar[str] = "overview.html"
    companies: tuple[CompanyCard, ...]
    chat_url: str
    trace_url: str


@dataclass(frozen=True)
class CompanyPage:
    """A page for a company that has no site of its own here."""

    template: ClassVar[str] = "company.html"
    slug: str
    name: str
    description: str
    tagline: str
    script: str
    """The line that brings the chat."""


@dataclass(frozen=True)
class SignIn:
    """The staff's door; `target` is where they wanted to go."""

    template: ClassVar[str] = "signin.html"
    target: str = "/inbox"
    email: str = ""
    problem: str = ""


@dataclass(frozen=True)
class ProblemPage:
    """Something that cannot be shown: what happened, and the way on."""

    template: ClassVar[str] = "problem.html"
    status: int
    title: str
    words: str
    way_on: str = "/"
    way_on_label: str = "To the overview"


@dataclass(frozen=True)
class ChatPage:
    """The document inside the widget's frame, or the same alone on a page."""

    template: ClassVar[str] = "chat.html"
    slug: str
    name: str
    origins: tuple[str, ...]
    full: bool
    language: str = "en"


@dataclass(frozen=True)
class Mail:
    """An e-mail that would have gone out."""

    to: str
    subject: str
    body: str
    at: str
    status: str


@dataclass(frozen=True)
class Outbox:
    """What the desk wrote to customers (development only)."""

    template: ClassVar[str] = "outbox.html"
    shell: Shell
    mails: tuple[Mail, ...]


@dataclass(frozen=True)
class Cell:
    """A value of a list; `family` gives it a status colour with its glyph, `mono` the typewriter."""

    text: str
    detail: str = ""
    url: str = ""
    family: str = ""
    mono: bool = False
    number: bool = False


@dataclass(frozen=True)
class ListPage:
    """A table that can be read."""

    template: ClassVar[str] = "list.html"
    shell: Shell
    title: str
    summary: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    tabs: tuple[tuple[str, str, bool], ...] = ()
    """(label, url, whether it is the one shown)"""
    older: str = ""
    newer: str = ""


def brand_stylesheet(brand: dict[str, str]) -> str:
    """A company's five colours as custom properties; what is no colour of six digits is left out."""
    names = {
        "brand": "brand",
        "brand_ink": "brand-ink",
        "brand_dark": "brand-dark",
        "brand_dark_ink": "brand-dark-ink",
        "brand_dark_text": "brand-dark-text",
    }
    lines = [f"  --{css}: {brand[key]};" for key, css in names.items() if _is_colour(brand.get(key))]
    return "\n".join([":root {", *lines, "}", ""])


def embed_script(slug: str, brand: dict[str, str], language: str = "auto", base: str = "") -> str:
    """The one line that puts the chat on a company's page; `base` is the desk's own origin."""
    names = {
        "brand": "brand",
        "brand_ink": "brand-ink",
        "brand_dark": "brand-dark",
        "brand_dark_ink": "brand-dark-ink",
    }
    colours = [f' data-{name}="{brand[key]}"' for key, name in names.items() if _is_colour(brand.get(key))]
    attributes = f'data-company="{slug}" data-lang="{language}"{"".join(colours)}'
    return f'<script async src="{base}/widget/v1.js" {attributes}></script>'


def cards(companies: Sequence[CompanyCard]) -> tuple[CompanyCard, ...]:
    """The cards in the order of their names."""
    return tuple(sorted(companies, key=lambda card: card.name.lower()))


def _is_colour(value: object) -> bool:
    digits = value[1:] if isinstance(value, str) and value.startswith("#") else ""
    return len(digits) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in digits)
