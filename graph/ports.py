"""What a node may ask of the world: small Protocols, and `Deps`, the one context of a run.

`Company`, `Agent` and `Rule` are plain data, read once when a turn starts: the model never chooses them.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel

from graph.state import Language, ReplyLanguage, SafetyMode
from retrieval.passages import Hit
from retrieval.passages import Search as Search
from tools.values import ToolResult
from tools.values import ToolSpec as ToolSpec

Bilingual = Mapping[ReplyLanguage, str]
Form = TypeVar("Form", bound=BaseModel)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Something in the company's field that it does not do, and how it says so."""

    key: str
    terms: tuple[tuple[str, ...], ...]  # any group whose words all occur
    text: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The company that this turn speaks for."""

    id: str
    slug: str
    name: str
    support_email: str
    greeting: Bilingual
    contact: Bilingual
    scope: Bilingual
    topics: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    domains: tuple[str, ...] = ()
    id_example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """The agent's settings; the caller may only have tightened them."""

    id: str
    name: str
    language_mode: Literal["auto", "en", "hinglish"] = "auto"
    safety_mode: SafetyMode = "balanced"
    confidence_threshold: float = 0.7
    tone: str = ""  # how the company likes to sound; only a model hears it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A support rule as saved; company rules come before global ones, then by priority."""

    id: str
    name: str
    priority: int
    match: Literal["all_terms", "any_terms"]
    terms: tuple[str, ...]
    terms_hinglish: tuple[tuple[str, ...], ...] = ()
    route: Literal["escalate", "specialist", "knowledge_answer"] = "escalate"
    category: str = "other"
    priority_level: Literal["low", "normal", "high"] = "normal"
    confidence: float = 0.9
    reasoning_summary: str = ""
    escalation_reason: str = ""
    handoff_note: str = ""
    blocks_public_knowledge: bool = False


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def tick(self) -> float:
        """A monotonic reading in seconds, for durations."""


class Ids(Protocol):
    """The only source of identifiers."""

    def new(self, prefix: str) -> str:
        """A fresh sortable id such as `trn_01J...`."""


class Chance(Protocol):
    """The only source of random draws."""

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """So many of the items, each as likely as any other, in random order; all when there are fewer."""


class IntentVerdict(Protocol):
    """What a classifier says, with the features that spoke."""

    @property
    def intent(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def scores(self) -> Mapping[str, float]: ...
    @property
    def features(self) -> Sequence[tuple[str, float]]: ...
    @property
    def second(self) -> str | None: ...


class Classifier(Protocol):
    """Ten intents and out_of_scope, calibrated."""

    def classify(self, text: str) -> IntentVerdict: ...


class Retriever(Protocol):
    """The knowledge of one company; made for it, so that no filter can be forgotten."""

    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search: ...

    async def lines(self, query: str, hit: Hit, *, limit: int = 3) -> tuple[int, ...]:
        """Indices of the fewest lines of the passage that answer the query, best first."""


class ClaimVerdict(Protocol):
    """Whether a sentence rests on a source."""

    @property
    def supported(self) -> bool: ...
    @property
    def score(self) -> float: ...
    @property
    def source_id(self) -> str | None: ...
    @property
    def quote(self) -> str | None: ...
    @property
    def reasons(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Text that a claim may rest on."""

    id: str
    text: str
    kind: Literal["passage", "tool", "variant"] = "passage"
    title: str = ""
    content_hash: str = ""


class Claims(Protocol):
    """Checks what a reply says against sources; pure."""

    def check(self, sentence: str, sources: Sequence[Source], *, language: Language) -> ClaimVerdict: ...

    def grounding(self, reply: str, sources: Sequence[Source]) -> float:
        """How far a reply as a whole rests on the sources, 0..1."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A call that a node asks for; the gate decides whether it runs."""

    tool: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False  # the customer accepted the pending offer for just this call
    asked_for: bool = False  # the customer's own words ask for this action
    about: str = field(default="", compare=False)  # the message: it may name one of several records


class Toolbox(Protocol):
    """The tools of this company and agent behind the one gate."""

    def offered(self) -> Mapping[str, ToolSpec]:
        """The tools that are enabled for the company and the agent, by name."""

    async def run(self, call: ToolCall) -> ToolResult:
        """Pass the gate and run; a refusal is a result too. Never raises for a tool's own failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A rendered prompt: instructions of ours, and words of others between marks that they do not contain."""

    name: str
    version: str
    mark: str
    system: str
    user: str


class Model(Protocol):
    """A language model of this turn, bounded in time and money and never trusted.

    It raises ModelUnavailable for every fault, at the latest at its deadline; who asks goes on without it.
    """

    async def ask(self, prompt: Prompt, form: type[Form]) -> Form:
        """A value of the form, valid by its schema."""

    def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """Text in pieces as it comes; it ends without an error only where the model ended it properly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is asking, already authorised; identity never comes from text."""

    customer_id: str
    verified: bool
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """Everything that a run was given."""

    company: Company
    agent: Agent
    rules: tuple[Rule, ...]
    retriever: Retriever
    toolbox: Toolbox
    claims: Claims
    classifier: Classifier
    clock: Clock
    ids: Ids
    caller: Caller
    mode: SafetyMode = "balanced"
    threshold: float = 0.7
    model: Model | None = None  # without one every node does what it can by itself
