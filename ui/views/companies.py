"""Companies as staff set them up: the list, and one company with what is still to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ui.colours import PAIRS, contrast
from ui.views.forms import Form
from ui.views.shell import Shell

DAY_NAMES = (
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
)
COLOURS = (
    ("brand", "Colour"),
    ("brand_ink", "Ink on it"),
    ("brand_dark", "Colour, dark theme"),
    ("brand_dark_ink", "Ink on it, dark theme"),
    ("brand_dark_text", "Links, dark theme"),
)


@dataclass(frozen=True)
class CompanyLine:
    """A company in the list."""

    name: str
    slug: str
    description: str
    colour: str
    counts: tuple[str, ...]
    left: int
    """How many steps are left until its chat can go on a site."""

    @property
    def url(self) -> str:
        """Where it is set up."""
        return f"/admin/companies/{self.slug}"


@dataclass(frozen=True)
class Companies:
    """All companies of the member."""

    template: ClassVar[str] = "companies.html"
    shell: Shell
    companies: tuple[CompanyLine, ...]
    may_create: bool


@dataclass(frozen=True)
class NewCompanyPage:
    """The form for a new company: its name and its address on the desk."""

    template: ClassVar[str] = "company_new.html"
    shell: Shell
    form: Form


@dataclass(frozen=True)
class Step:
    """Something that a company needs before customers can be answered."""

    words: str
    url: str
    done: bool
    detail: str = ""


@dataclass(frozen=True)
class Ratio:
    """How well two colours of a brand can be told apart."""

    words: str
    ratio: str
    fine: bool


@dataclass(frozen=True)
class KeyLine:
    """A live identity key; the secret only right after it was made."""

    kid: str
    made: str
    secret: str = ""


@dataclass(frozen=True)
class CompanyEdit:
    """One company with everything that people set on it."""

    template: ClassVar[str] = "company_edit.html"
    shell: Shell
    slug: str
    name: str
    form: Form
    steps: tuple[Step, ...]
    ratios: tuple[Ratio, ...]
    keys: tuple[KeyLine, ...]
    embed: str
    chat_url: str
    waiting: tuple[tuple[str, str], ...]
    """(language, what a waiting customer is told now)"""
    limits: int
    """How many rows the list of what the company does not do has, empty ones too."""
    scenarios: int
    webhook_key: str = ""
    saved: str = ""
    may_change: bool = True

    @property
    def left(self) -> int:
        """Steps that are still to be done."""
        return sum(not step.done for step in self.steps)

    @property
    def days(self) -> tuple[tuple[str, str], ...]:
        """The days of a week."""
        return DAY_NAMES

    @property
    def colours(self) -> tuple[tuple[str, str], ...]:
        """The five colours."""
        return COLOURS


def ratios_of(brand: dict[str, str]) -> tuple[Ratio, ...]:
    """What stands on what, and how well it can be read."""
    pairs = [(words, contrast(brand[name], brand.get(other, other))) for name, other, words in PAIRS]
    return tuple(Ratio(words, f"{ratio:.1f} : 1", ratio >= 4.5) for words, ratio in pairs)


def steps_of(
    slug: str,
    *,
    worded: bool,
    branded: bool,
    entries: int,
    rules: int,
    tools: Sequence[str],
    origins: int,
    key: bool,
) -> tuple[Step, ...]:
    """The way from a name to a chat on a site."""
    here = f"/admin/companies/{slug}"
    return (
        Step("Write greeting, contact and scope", f"{here}#words", worded),
        Step("Choose the colours", f"{here}#brand-title", branded),
        Step(
            "Add knowledge",
            f"/knowledge?company={slug}",
            entries > 0,
            f"{entries} passages" if entries else "",
        ),
        Step(
            "Set rules",
            f"/rules?company={slug}",
            rules > 0,
            f"{rules} of its own" if rules else "the shared ones hold",
        ),
        Step("Choose tools", f"/agents?company={slug}", bool(tools), ", ".join(tools)),
        Step("Say where the chat may stand", f"{here}#places", origins > 0),
        Step("Make an identity key", f"{here}#identity", key, "" if key else "only needed for accounts"),
        Step("Try it in the console", f"/console?company={slug}", False, "as often as you like"),
    )
