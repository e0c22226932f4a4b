"""The company, its agent and its rules as a run sees them: plain data, read once when a turn starts."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from graph.ports import Agent, Company, Limit, Rule
from graph.state import SafetyMode
from store.values import companies, desk

_LANGUAGE_MODES: Mapping[str, Literal["auto", "en", "hinglish"]] = {
    "auto": "auto",
    "en": "en",
    "english": "en",
    "hinglish": "hinglish",
    "hi": "hinglish",
    "hindi": "hinglish",
}
STRICTNESS: tuple[SafetyMode, ...] = ("permissive", "balanced", "strict")


def company_of(row: companies.Company) -> Company:
    """The profile that people edit, as nodes read it."""
    profile = row.profile
    return Company(
        id=row.id,
        slug=row.slug,
        name=row.name,
        support_email=row.support_email,
        greeting=_pair(profile, "greeting", row.name),
        contact=_pair(profile, "contact", row.support_email),
        scope=_pair(profile, "scope", row.description),
        topics=tuple(profile.get("topics", ())),
        limits=tuple(_limit(item) for item in profile.get("cannot", ())),
        domains=row.domains,
        id_example=id_example(row.id_patterns),
    )


def agent_of(row: companies.Agent) -> Agent:
    """The agent's settings."""
    return Agent(
        id=row.id,
        name=row.name,
        language_mode=_LANGUAGE_MODES.get(row.language_mode.lower(), "auto"),
        safety_mode=_one_of(row.safety_mode, get_args(SafetyMode), "balanced"),
        confidence_threshold=row.confidence_threshold,
        tone=row.system_prompt,
    )


def rules_of(rows: Sequence[desk.SupportRule]) -> tuple[Rule, ...]:
    """Active rules: the company's before global ones, then by priority."""
    active = sorted(
        (row for row in rows if row.active), key=lambda row: (row.company_id is None, row.priority)
    )
    return tuple(_rule(row) for row in active)


def id_example(patterns: Sequence[str]) -> str:
    r"""A number as customers know it, made from the first pattern: `\bAPP-\d{4}\b` -> `APP-1234`."""
    if not patterns:
        return ""
    bare = re.sub(r"\\b|\^|\$", "", patterns[0])
    bare = re.sub(r"\\d\{(\d+)(?:,\d+)?\}", lambda found: "1234567890"[: int(found[1])], bare)
    return bare if re.fullmatch(r"[A-Za-z0-9-]+", bare) else ""


def mode_of(asked: str | None, own: SafetyMode) -> SafetyMode:
    """What the caller was allowed to ask for, else the agent's own mode."""
    mode: SafetyMode = _one_of(asked or own, STRICTNESS, own)
    return mode


def is_looser(asked: str, own: str) -> bool:
    """Whether a mode checks less than the agent's own."""
    order: tuple[str, ...] = STRICTNESS
    return order.index(asked) < order.index(own)


def _rule(row: desk.SupportRule) -> Rule:
    return Rule(
        id=row.id,
        name=row.name,
        priority=row.priority,
        match=_one_of(row.match, ("all_terms", "any_terms"), "all_terms"),
        terms=row.terms,
        terms_hinglish=row.terms_hinglish,
        route=_one_of(row.route, ("escalate", "specialist", "knowledge_answer"), "escalate"),
        category=row.category,
        priority_level=_one_of(row.priority_level, ("low", "normal", "high"), "normal"),
        confidence=row.confidence,
        reasoning_summary=row.reasoning_summary,
        escalation_reason=row.escalation_reason,
        handoff_note=row.handoff_note,
        blocks_public_knowledge=row.blocks_public_knowledge,
    )


def _limit(item: Mapping[str, Any]) -> Limit:
    terms = (*item.get("terms_en", ()), *item.get("terms_hinglish", ()))
    return Limit(
        key=item["key"],
        terms=tuple(tuple(term.split()) for term in terms),
        text={"en": item["en"], "hinglish": item["hinglish"]},
    )


def _pair(profile: Mapping[str, Any], name: str, fallback: str) -> dict[Any, str]:
    pair = profile.get(name) or {}
    english = pair.get("en") or fallback
    return {"en": english, "hinglish": pair.get("hinglish") or english}


def _one_of(value: str, allowed: tuple[Any, ...], fallback: Any) -> Any:
    return value if value in allowed else fallback
