"""Support rules: they bind before any classifier or model can route past them.

Company rules come before global ones, then by priority; the first that matches wins. A rule about a
dispute or an action is not tripped by a question about how things would go.
"""

from graph.ports import Rule
from graph.state import Category, MatchedRule, Priority, Triage
from nodes.triage.tasks import case_task, task_for_category, task_for_words
from nodes.triage.view import View

_CATEGORIES: frozenset[str] = frozenset({"billing", "delivery", "refund", "policy", "account", "technical"})


def matches(rule: Rule, view: View) -> bool:
    """Whether the rule's terms occur, in English or as one of its Hinglish groups."""
    if rule.terms_hinglish and view.says_any(rule.terms_hinglish):
        return True
    found = [view.says(term) for term in rule.terms]
    return bool(found) and (all(found) if rule.match == "all_terms" else any(found))


def decide_by_rule(view: View) -> Triage | None:
    """The verdict of the first routing rule that matches, or None."""
    for rule in view.rules:
        if rule.blocks_public_knowledge or not matches(rule, view):
            continue
        if rule.route != "knowledge_answer" and _only_asks(view):
            continue
        return _routed(rule, view)
    return None


def blocker(view: View) -> Rule | None:
    """The first rule that keeps this message away from public knowledge, or None."""
    return next((rule for rule in view.rules if rule.blocks_public_knowledge and matches(rule, view)), None)


def by_rule(rule: Rule, view: View, reason: str) -> Triage:
    """An escalation that a rule asks for."""
    return _ruled(rule, view, "escalation", reason=reason)


def _only_asks(view: View) -> bool:
    return view.acts.hypothetical or view.acts.mode == "informational"


def _routed(rule: Rule, view: View) -> Triage:
    match rule.route:
        case "specialist":
            task = task_for_words(view) or task_for_category(rule.category, view) or case_task(view)
            if task is None:
                return _ruled(rule, view, "escalation", reason="case")
            return _ruled(rule, view, "specialist", task=task)
        case "knowledge_answer":
            return _ruled(rule, view, "answer")
        case _:
            return _ruled(rule, view, "escalation", reason="rule")


def _ruled(rule: Rule, view: View, route: str, **fields: object) -> Triage:
    category: Category = rule.category if rule.category in _CATEGORIES else "other"  # type: ignore[assignment]
    priority: Priority = rule.priority_level
    matched = MatchedRule(id=rule.id, name=rule.name, route=rule.route, terms=rule.terms)
    return view.decide(
        route,  # type: ignore[arg-type]
        rule=matched,
        category=category,
        priority=priority,
        confidence=rule.confidence,
        reasons=(rule.reasoning_summary or f"rule {rule.name!r} matched",),
        tags=(rule.category, rule.name),
        **fields,
    )
