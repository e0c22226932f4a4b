"""Support rules as people write them: the list, one rule, and what it would have done lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from store.values.desk import SupportRule
from ui.views.forms import Form, lines
from ui.views.shell import Shell
from ui.views.words import clipped, share, titled

ROUTES = (("escalate", "Offer a person"), ("specialist", "A tool"), ("knowledge_answer", "An answer"))
FAMILIES = {"escalate": "human", "specialist": "active", "knowledge_answer": "done"}
MATCHES = (("all_terms", "All terms"), ("any_terms", "Any term"))
LEVELS = (("low", "Low"), ("normal", "Normal"), ("high", "High"))
CATEGORIES = tuple(
    (name, titled(name))
    for name in ("billing", "delivery", "refund", "policy", "account", "technical", "other")
)
SHOWN = 12


@dataclass(frozen=True)
class RuleLine:
    """A rule in the list."""

    name: str
    url: str
    company: str
    terms: str
    hinglish: str
    match: str
    route: str
    family: str
    blocks: bool
    category: str
    priority: int
    confidence: str
    active: bool


@dataclass(frozen=True)
class Rules:
    """The rules in the order in which they are tried."""

    template: ClassVar[str] = "rules.html"
    shell: Shell
    rules: tuple[RuleLine, ...]
    companies: tuple[tuple[str, str, bool], ...]
    new_url: str
    may_change: bool = True


@dataclass(frozen=True)
class RulePage:
    """One rule, or the form for a new one when `rule_id` is empty."""

    template: ClassVar[str] = "rule.html"
    shell: Shell
    rule_id: str
    title: str
    form: Form
    companies: tuple[tuple[str, str], ...]
    company: str
    saved: str = ""
    may_change: bool = True

    @property
    def routes(self) -> tuple[tuple[str, str], ...]:
        """Where a rule leads."""
        return ROUTES

    @property
    def matches(self) -> tuple[tuple[str, str], ...]:
        """How terms count."""
        return MATCHES

    @property
    def levels(self) -> tuple[tuple[str, str], ...]:
        """Priorities of the ticket."""
        return LEVELS

    @property
    def categories(self) -> tuple[tuple[str, str], ...]:
        """Categories of the ticket."""
        return CATEGORIES


@dataclass(frozen=True)
class RulePreview:
    """The piece of the page that says which of the last messages the rule would have decided."""

    template: ClassVar[str] = "rule_preview.html"
    messages: int
    decided: tuple[tuple[str, str], ...]
    """(words, address of the turn's trace)"""
    only_asked: int
    problem: str = ""

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """The first of them."""
        return self.decided[:SHOWN]


def rule_lines(rules: Sequence[SupportRule], companies: Mapping[str, str]) -> tuple[RuleLine, ...]:
    """The rules as the list shows them."""
    return tuple(
        RuleLine(
            name=rule.name,
            url=f"/rules/{rule.id}",
            company=companies.get(rule.company_id or "", "All companies"),
            terms=clipped(", ".join(rule.terms), 120),
            hinglish=clipped(" or ".join(" + ".join(group) for group in rule.terms_hinglish), 120),
            match=dict(MATCHES).get(rule.match, rule.match),
            route=dict(ROUTES).get(rule.route, rule.route),
            family=FAMILIES.get(rule.route, "closed"),
            blocks=rule.blocks_public_knowledge,
            category=titled(rule.category),
            priority=rule.priority,
            confidence=share(rule.confidence),
            active=rule.active,
        )
        for rule in rules
    )


def rule_values(rule: SupportRule) -> dict[str, str]:
    """The form's fields for a rule as it is."""
    texts = (
        "name", "match", "route", "category", "priority", "priority_level", "reasoning_summary",
        "escalation_reason", "handoff_note",
    )  # fmt: skip
    values = {name: str(getattr(rule, name)) for name in texts}
    values["terms"] = lines(rule.terms)
    values["terms_hinglish"] = lines([", ".join(group) for group in rule.terms_hinglish])
    values["confidence"] = f"{rule.confidence:.2f}"
    values["active"] = "on" if rule.active else ""
    values["blocks_public_knowledge"] = "on" if rule.blocks_public_knowledge else ""
    return values
