"""Fakes with memory for every port, and `running_with`, which puts them into a node's runtime."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from langgraph.runtime import Runtime

from graph.ports import Agent, Caller, Company, Deps, Limit, Rule, Source, ToolCall
from graph.state import Language
from retrieval.passages import Hit, Passage, Search
from tools.values import ToolResult, ToolSpec


@dataclass
class FrozenClock:
    """A clock that moves only when told to."""

    at: datetime = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def tick(self) -> float:
        return self.at.timestamp()

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class CountingIds:
    """Ids in the order of asking: `trn_1`, `trn_2`."""

    made: dict[str, int] = field(default_factory=dict)

    def new(self, prefix: str) -> str:
        self.made[prefix] = self.made.get(prefix, 0) + 1
        return f"{prefix}_{self.made[prefix]}"


@dataclass(frozen=True)
class Verdict:
    """An intent verdict made by hand."""

    intent: str = "faq_query"
    confidence: float = 0.9
    scores: Mapping[str, float] = field(default_factory=dict)
    features: Sequence[tuple[str, float]] = ()
    second: str | None = None


@dataclass
class ScriptedClassifier:
    """Says what it was told to and remembers what it was asked."""

    verdict: Verdict = field(default_factory=Verdict)
    seen: list[str] = field(default_factory=list)

    def classify(self, text: str) -> Verdict:
        self.seen.append(text)
        return self.verdict


@dataclass
class ScriptedRetriever:
    """Returns its hits for every query and remembers the queries."""

    hits: tuple[Hit, ...] = ()
    seen: list[tuple[str, str]] = field(default_factory=list)
    chosen: tuple[int, ...] = (0,)

    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search:
        self.seen.append((query, context))
        answerable = max((hit.answers for hit in self.hits), default=0.0)
        return Search(query=query, hits=self.hits[:limit], answerable=answerable, degraded=False, reasons=())

    async def lines(self, query: str, hit: Hit, *, limit: int = 3) -> tuple[int, ...]:
        return self.chosen[:limit]


@dataclass
class ScriptedToolbox:
    """Answers calls from a table by tool name and remembers the calls."""

    specs: Mapping[str, ToolSpec] = field(default_factory=dict)
    results: Mapping[str, ToolResult] = field(default_factory=dict)
    calls: list[ToolCall] = field(default_factory=list)

    def offered(self) -> Mapping[str, ToolSpec]:
        return self.specs

    async def run(self, call: ToolCall) -> ToolResult:
        self.calls.append(call)
        return self.results[call.tool]


@dataclass(frozen=True)
class Judgement:
    """A claim verdict made by hand."""

    supported: bool
    score: float = 1.0
    source_id: str | None = None
    quote: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass
class ScriptedClaims:
    """Supports every claim, or none."""

    supports: bool = True
    rests: float = 1.0
    seen: list[str] = field(default_factory=list)

    def check(self, sentence: str, sources: Sequence[Source], *, language: Language) -> Judgement:
        self.seen.append(sentence)
        return Judgement(self.supports, reasons=() if self.supports else ("not in the source",))

    def grounding(self, reply: str, sources: Sequence[Source]) -> float:
        return self.rests


COMPANY = Company(
    id="cmp_1",
    slug="lamps",
    name="Lamp House",
    support_email="help@lamps.example",
    greeting={"en": "Hello from Lamp House.", "hinglish": "Namaste, Lamp House se."},
    contact={
        "en": "You can write to help@lamps.example.",
        "hinglish": "Aap help@lamps.example par likh sakte hain.",
    },
    scope={"en": "Lamp House sells lamps.", "hinglish": "Lamp House lamps bechta hai."},
    topics=("lamp", "bulb", "shade"),
    limits=(
        Limit(
            key="repair",
            terms=(("repair lamp",), ("lamp theek kar",)),
            text={
                "en": "Lamp House does not repair lamps.",
                "hinglish": "Lamp House lamps repair nahi karta.",
            },
        ),
    ),
    domains=("lamps.example",),
    id_example="LH-1001",
)


def passage(**changes: Any) -> Passage:
    """A passage of Lamp House."""
    values: dict[str, Any] = {
        "id": "psg_1",
        "source_id": "ent_1",
        "kind": "entry",
        "title": "Bulbs",
        "title_hinglish": "Bulb",
        "text": "Every lamp comes with one bulb.\nA spare bulb costs $3.50.",
        "hinglish": "Har lamp ke saath ek bulb aata hai.\nEk spare bulb $3.50 ka hai.",
        "content_hash": "sha256:1",
    }
    return Passage(**{**values, **changes})


def hit(answers: float = 0.9, **changes: Any) -> Hit:
    """A hit on that passage."""
    return Hit(passage=passage(**changes), dense=0.8, lexical=0.8, fused=0.9, answers=answers)


def deps(**changes: Any) -> Deps:
    """Everything a run needs, fake unless named."""
    values: dict[str, Any] = {
        "company": COMPANY,
        "agent": Agent(id="agt_1", name="Lamp agent"),
        "rules": (),
        "retriever": ScriptedRetriever(),
        "toolbox": ScriptedToolbox(),
        "claims": ScriptedClaims(),
        "classifier": ScriptedClassifier(),
        "clock": FrozenClock(),
        "ids": CountingIds(),
        "caller": Caller(customer_id="cus_1", verified=False),
    }
    return Deps(**{**values, **changes})


def running_with(**changes: Any) -> Runtime[Deps]:
    """A node's runtime over `deps(**changes)`."""
    return Runtime(context=deps(**changes))


def rule(**changes: Any) -> Rule:
    """A support rule of Lamp House."""
    values: dict[str, Any] = {
        "id": "rul_1",
        "name": "Broken on arrival",
        "priority": 10,
        "match": "all_terms",
        "terms": ("broken", "refund"),
    }
    return Rule(**{**values, **changes})
