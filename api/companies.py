"""What people may set on a company, checked field by field, and how it is kept."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic.alias_generators import to_camel

from api.alerts import AlertsBody
from api.hours import HoursBody
from api.profiles import id_example
from api.wire import Body, Email, Line, Update
from store.values.companies import Company, CompanyFields
from ui.colours import completed, is_colour, too_close

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
TAKEN_SLUGS = frozenset({"new", "v1", "api", "static", "widget"})
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
EXAMPLE = re.compile(r"[A-Z]{1,8}-?\d{3,12}")
KEYED = ("cannot", "scenarios")
PROFILE = ("greeting", "contact", "scope", "topics", "cannot", "scenarios", "hours", "alerts", "service")


def _colour(value: str) -> str:
    if not is_colour(value):
        raise ValueError("has to be a colour such as #0a6871")
    return value.lower()


def _origin(value: str) -> str:
    origin = value.strip().lower().rstrip("/")
    if not ORIGIN.fullmatch(origin):
        raise ValueError("has to be an address without a path, such as https://shop.example")
    return origin


def _domain(value: str) -> str:
    domain = value.strip().lower()
    if not DOMAIN.fullmatch(domain):
        raise ValueError("has to be a host name such as shop.example")
    return domain


def _slug(value: str) -> str:
    if value in TAKEN_SLUGS:
        raise ValueError("is taken by the desk itself")
    return value


def _example(value: str) -> str:
    example = value.strip().upper()
    if not EXAMPLE.fullmatch(example):
        raise ValueError("has to be letters, then 3 to 12 digits, such as TL-10482")
    return example


Slug = Annotated[str, Field(min_length=2, max_length=40, pattern=SLUG), AfterValidator(_slug)]
Colour = Annotated[str, AfterValidator(_colour)]
Words = Annotated[str, Field(max_length=2000)]
Short = Annotated[str, Field(max_length=200)]


class Pair(Body):
    """The same words in both languages; without Hinglish ones the English ones are said."""

    en: Words = ""
    hinglish: Words = ""


class BrandBody(Body):
    """A company's colours; those that are left out are made from the first."""

    brand: Colour
    brand_ink: Colour | None = None
    brand_dark: Colour | None = None
    brand_dark_ink: Colour | None = None
    brand_dark_text: Colour | None = None

    @model_validator(mode="after")
    def _readable(self) -> "BrandBody":
        faults = too_close(self.kept)
        if faults:
            name, words = next(iter(faults.items()))
            raise ValueError(f"{name.replace('_', ' ')}: only {words}")
        return self

    @property
    def kept(self) -> dict[str, str]:
        """All five."""
        return completed({name: value for name, value in self.model_dump().items() if value})


class LimitBody(Pair):
    """Something in the company's field that it does not do, and how it says so."""

    key: Annotated[str, Field(pattern=SLUG, max_length=60)]
    en: Annotated[str, Field(min_length=1, max_length=500)]
    terms_en: Annotated[list[Short], Field(min_length=1, max_length=60)]
    terms_hinglish: Annotated[list[Short], Field(max_length=60, default_factory=list)]


class ScenarioBody(Pair):
    """A first message that a fresh chat offers."""

    key: Annotated[str, Field(pattern=SLUG, max_length=60)]
    en: Annotated[str, Field(min_length=1, max_length=200)]
    email: Email | None = None
    verified: bool = False


class ServiceBody(Body):
    """What the company promises: minutes to a person's answer by priority, and when silence closes a chat."""

    sla_minutes: dict[Literal["urgent", "high", "normal", "low"], Annotated[int, Field(ge=1, le=100_000)]]
    close_after_hours: Annotated[int, Field(ge=0, le=10_000)]


class CompanyChange(Update):
    """What may be set on a company; what is left out stays."""

    name: Line | None = None
    slug: Slug | None = None
    description: Words | None = None
    support_email: Email | None = None
    legal_name: Short | None = None
    tagline: Short | None = None
    brand: BrandBody | None = None
    domains: Annotated[list[Annotated[str, AfterValidator(_domain)]], Field(max_length=50)] | None = None
    origins: Annotated[list[Annotated[str, AfterValidator(_origin)]], Field(max_length=50)] | None = None
    id_examples: Annotated[list[Annotated[str, AfterValidator(_example)]], Field(max_length=10)] | None = None
    greeting: Pair | None = None
    contact: Pair | None = None
    scope: Pair | None = None
    topics: Annotated[list[Short], Field(max_length=200)] | None = None
    cannot: Annotated[list[LimitBody], Field(max_length=100)] | None = None
    scenarios: Annotated[list[ScenarioBody], Field(max_length=12)] | None = None
    hours: HoursBody | None = None
    alerts: AlertsBody | None = None
    service: ServiceBody | None = None


class NewCompany(CompanyChange):
    """A company begins with a name and an address of its own."""

    name: Line
    slug: Slug


def fields_with(known: CompanyFields, body: CompanyChange) -> CompanyFields:
    """The company's fields with what the body names."""
    given = body.model_dump(exclude_unset=True, exclude={"id_examples", "brand", *PROFILE})
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    for name in ("domains", "origins"):
        if name in changes:
            changes[name] = tuple(dict.fromkeys(changes[name]))
    if body.brand is not None:
        changes["brand"] = body.brand.kept
    if body.id_examples is not None:
        changes["id_patterns"] = patterns_with(known.id_patterns, body.id_examples)
    profile = body.model_dump(mode="json", by_alias=False, exclude_unset=True, include=set(PROFILE))
    if profile.get("service"):  # kept under the names that the desk reads
        profile["service"] = {to_camel(name): value for name, value in profile["service"].items()}
    profile |= {name: _merged(known.profile, name, profile[name]) for name in KEYED if profile.get(name)}
    changes["profile"] = known.profile | {name: value for name, value in profile.items() if value is not None}
    return replace(known, **changes)


def _merged(known: Mapping[str, Any], name: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items with what an earlier item of the same key has beside the fields that people set."""
    before = {item["key"]: item for item in known.get(name, ())}
    return [before.get(item["key"], {}) | item for item in items]


def blank_company(body: NewCompany, canary: str) -> CompanyFields:
    """A company that knows nothing yet but its name; the canary proves later that nobody else can read it."""
    return CompanyFields(slug=body.slug, name=body.name, brand=completed({}), canary=canary)


def plain_fields(company: Company) -> CompanyFields:
    """What a person may set, without id and stamps."""
    return CompanyFields(**{name: getattr(company, name) for name in CompanyFields.__dataclass_fields__})


def pattern_of(example: str) -> str:
    r"""`TL-10482` -> `\bTL-\d{5}\b`."""
    return r"\b" + re.sub(r"\d+", lambda run: rf"\d{{{len(run[0])}}}", example) + r"\b"


def examples_of(patterns: tuple[str, ...]) -> list[str]:
    """Each pattern that can be shown as a number, as one."""
    return [example for pattern in patterns if (example := id_example((pattern,)))]


def patterns_with(known: tuple[str, ...], examples: list[str]) -> tuple[str, ...]:
    """The patterns for the examples; patterns that no example can say are kept."""
    special = [pattern for pattern in known if not id_example((pattern,))]
    return tuple(dict.fromkeys([*map(pattern_of, examples), *special]))


def words_of(profile: Mapping[str, Any], name: str) -> dict[str, str]:
    """A pair of the profile; empty where it was never written."""
    pair = profile.get(name) or {}
    return {"en": str(pair.get("en", "")), "hinglish": str(pair.get("hinglish", ""))}
