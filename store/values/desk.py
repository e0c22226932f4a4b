"""What the desk works with besides knowledge: support rules, back-office records, orders."""

from dataclasses import dataclass, field
from datetime import datetime

from store.values.scope import Json


@dataclass(frozen=True, kw_only=True)
class RuleFields:
    """A support rule: the words that trigger it and where the turn then goes."""

    name: str
    match: str = "all_terms"
    terms: tuple[str, ...] = ()
    terms_hinglish: tuple[tuple[str, ...], ...] = ()
    """Alternative groups: the rule also matches when every term of one group occurs."""
    route: str = "specialist"
    category: str = "other"
    priority: int = 100
    """Lower runs first."""
    priority_level: str = "normal"
    confidence: float = 0.9
    reasoning_summary: str = ""
    escalation_reason: str = ""
    handoff_note: str = ""
    blocks_public_knowledge: bool = False
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class SupportRule(RuleFields):
    """A rule of one company, or of all of them when `company_id` is None."""

    id: str
    company_id: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class BusinessRecord:
    """A record of a company's back office, such as a photo request or a deployment."""

    id: str
    company_id: str
    record_type: str
    external_id: str
    email: str | None
    """Whose record it is, lower-cased."""
    status: str
    payload: Json = field(default_factory=dict)
    demo_session: str | None = None
    """The demo session whose own copy this is; None is the master."""
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order of an online shop; `data` holds items, amounts and dates as the shop has them."""

    id: str
    company_id: str
    order_id: str
    email: str
    status: str
    data: Json = field(default_factory=dict)
    demo_session: str | None = None
    updated_at: datetime
