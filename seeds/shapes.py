"""What a seeded company is made of: the frozen shape of the files under `seeds/data`.

Every text that a customer may read comes as a pair, English and Hinglish, one fact to a sentence, so that an
answer in either language rests on the same reviewed words.
"""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from graph.state import Category, Kind, Priority, SafetyMode


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Email = Annotated[str, StringConstraints(pattern=r"^[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Pattern = Annotated[str, AfterValidator(_pattern)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Seed(BaseModel):
    """A value read from a data file: frozen, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Pair(Seed):
    """One sentence in both languages, with the same numbers, names and negations."""

    en: Text
    hinglish: Text


class Brand(Seed):
    """The five colours that a company may set."""

    brand: Colour
    brand_ink: Colour
    brand_dark: Colour
    brand_dark_ink: Colour
    brand_dark_text: Colour


class Cannot(Pair):
    """Something in the company's field that it does not do.

    A term is a few words; a message asks for it when it holds all words of any one term. `en` and `hinglish`
    are what the customer is told. `asked` are whole phrasings of the wish, in both languages.
    """

    key: Key
    terms_en: tuple[Text, ...] = Field(min_length=1)
    terms_hinglish: tuple[Text, ...] = Field(min_length=1)
    asked: tuple[Text, ...] = ()


class Scenario(Pair):
    """A chip on a fresh chat: who types what, and how the turn has to end."""

    key: Key
    email: Email
    verified: bool = False
    expect_kind: Kind
    expect_tools: tuple[Text, ...] = ()


class Company(Seed):
    """The company itself: its names, its colours, what it does and what it does not."""

    slug: Key
    name: Text
    description: Text
    support_email: Email
    legal_name: Text
    domains: tuple[Text, ...] = Field(min_length=1)
    id_patterns: tuple[Pattern, ...] = Field(min_length=1)
    brand: Brand
    tagline: Text
    greeting: Pair
    contact: Pair
    scope: Pair
    topics: tuple[Text, ...] = Field(min_length=10, max_length=60)
    cannot: tuple[Cannot, ...] = Field(min_length=1)
    not_covered: tuple[Text, ...] = ()
    """Questions that the owner declared not covered: near what is known, and not answered by it."""
    canary: Text
    scenarios: tuple[Scenario, ...] = Field(min_length=1)


class Entry(Seed):
    """A manual knowledge entry: sentence-aligned facts and the ways in which customers ask for them.

    The first fact is the short answer to the entry's main question.
    """

    key: Key
    title: Text
    title_hinglish: Text
    category: Key
    facts: tuple[Pair, ...] = Field(min_length=1)
    questions: tuple[Text, ...] = Field(min_length=6)
    questions_hinglish: tuple[Text, ...] = Field(min_length=6)

    def body(self, language: Literal["en", "hinglish"] = "en") -> str:
        """All facts of the entry in one language, as one paragraph."""
        return " ".join(fact.hinglish if language == "hinglish" else fact.en for fact in self.facts)


class Article(Seed):
    """A page that only the specialist reads; it is never searched for customers."""

    key: Key
    title: Text
    category: Category
    content: Text


class Rule(Seed):
    """A support rule: the words that trigger it, and where the turn then goes.

    `terms` match as substrings, all or any of them by `match`. `terms_hinglish` are alternative groups: the
    rule also matches when every term of one group is contained.
    """

    name: Text
    scope: Literal["global", "company"]
    priority: int = Field(default=100, ge=0)
    match: Literal["all_terms", "any_terms"]
    terms: tuple[Text, ...] = Field(min_length=1)
    terms_hinglish: tuple[tuple[Text, ...], ...] = ()
    route: Literal["escalate", "specialist", "knowledge_answer"]
    category: Category
    priority_level: Priority = "normal"
    confidence: Share = 0.9
    reasoning_summary: Text
    escalation_reason: Text | None = None
    handoff_note: Text | None = None
    blocks_public_knowledge: bool = False


class Record(Seed):
    """A fictional back-office record, such as a photo request or a deployment."""

    external_id: Text
    record_type: Literal["photo_request", "node_deployment"]
    customer_email: Email
    status: Text
    payload: dict[str, JsonValue]


class OrderItem(Seed):
    """One line of an order; `price` is for one piece, in the order's currency."""

    name: Text
    quantity: int = Field(ge=1)
    price: int = Field(ge=0)


class Order(Seed):
    """A fictional order; `total` includes delivery and handling charges."""

    order_id: Text
    email: Email
    status: Literal[
        "placed",
        "packed",
        "shipped",
        "out_for_delivery",
        "delivered",
        "delayed",
        "cancelled",
        "return_requested",
        "returned",
        "refunded",
    ]
    items: tuple[OrderItem, ...] = Field(min_length=1)
    total: int = Field(ge=0)
    currency: Literal["INR"] = "INR"
    payment_method: Literal["UPI", "card", "COD", "EMI", "net banking", "gift card"]
    placed_on: date
    shipped_on: date | None = None
    expected_delivery: date | None = None
    delivered_on: date | None = None
    courier: Text | None = None
    tracking_no: Text | None = None
    city: Text


class Agent(Seed):
    """An agent's configuration, in the field names of the AgentOS contracts."""

    key: Key
    name: Text
    description: Text
    system_prompt: Text = Field(alias="systemPrompt")
    language_mode: Literal["auto", "english", "hinglish"] = Field(default="auto", alias="languageMode")
    safety_mode: SafetyMode = Field(default="balanced", alias="safetyMode")
    confidence_threshold: Share = Field(default=0.7, alias="confidenceThreshold")
    status: Literal["active", "inactive"] = "active"
    is_default: bool = Field(default=False, alias="default")
    tools: dict[str, bool]


class Ticket(Seed):
    """A recorded conversation: what the customer writes, turn by turn."""

    key: Key
    email: Email
    verified: bool = False
    turns: tuple[Text, ...] = Field(min_length=1)


class PagePair(Pair):
    """A sentence of a site page, verbatim, with its reviewed Hinglish text."""

    page: Key


class Page(Seed):
    """One page of the company's site; `name` is its path without `.html`."""

    name: Key
    html: Text
    asked: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    """Phrasings by the heading of the section that answers them."""


class Tag(Seed):
    """A free label that tickets carry."""

    name: Key


class CompanySeed(Seed):
    """Everything that is seeded for one company."""

    company: Company
    entries: tuple[Entry, ...]
    articles: tuple[Article, ...] = ()
    rules: tuple[Rule, ...] = ()
    records: tuple[Record, ...] = ()
    orders: tuple[Order, ...] = ()
    agents: tuple[Agent, ...]
    tickets: tuple[Ticket, ...] = ()
    page_pairs: tuple[PagePair, ...] = ()
    pages: tuple[Page, ...] = ()
    stylesheet: str = ""

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        keyed: dict[str, list[str]] = {
            "entries": [entry.key for entry in self.entries],
            "rules": [rule.name for rule in self.rules],
            "records": [record.external_id for record in self.records],
            "orders": [order.order_id for order in self.orders],
            "agents": [agent.key for agent in self.agents],
            "tickets": [ticket.key for ticket in self.tickets],
            "scenarios": [scenario.key for scenario in self.company.scenarios],
        }
        for name, keys in keyed.items():
            if twice := sorted({key for key in keys if keys.count(key) > 1}):
                raise ValueError(f"{name}: {', '.join(twice)} occurs twice")
        if sum(agent.is_default for agent in self.agents) != 1:
            raise ValueError("agents: exactly one agent has to be the default")
        return self
