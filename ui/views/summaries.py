"""What each step of a turn came to, in one line."""

from collections.abc import Mapping, Sequence
from typing import Any

from store.values.turns import ReceiptRecord, ToolCall
from ui.views.recorded import mapping, mappings, number
from ui.views.words import clipped, counted, share, titled


def summary_of(
    node: str, output: Mapping[str, Any], calls: Sequence[ToolCall], receipts: Sequence[ReceiptRecord]
) -> str:
    """What a step came to, in one line."""
    if failure := mapping(output.get("failure")):
        return f"{failure.get('node', node)} failed: {clipped(str(failure.get('error', '')), 90)}"
    writer = {
        "safety": _safety,
        "triage": _triage,
        "guard": _guard,
        "escalation": _escalation,
    }.get(node)
    if writer is not None:
        return writer(output, receipts)
    return _writing(output, calls)


def _safety(output: Mapping[str, Any], _receipts: Sequence[ReceiptRecord]) -> str:
    verdict = mapping(output.get("safety"))
    flags = [str(flag.get("name", "")) for flag in mappings(verdict.get("flags"))]
    found = ", ".join(flags) if flags else "nothing found"
    return f"{verdict.get('outcome', 'no verdict')}, risk {share(number(verdict.get('risk')))}, {found}"


def _triage(output: Mapping[str, Any], _receipts: Sequence[ReceiptRecord]) -> str:
    triage = mapping(output.get("triage"))
    rule = mapping(triage.get("rule"))
    said = [
        f"{triage.get('intent', '?')} {share(number(triage.get('intent_confidence')))}",
        f"rule “{rule['name']}”" if rule.get("name") else "",
        _found(output),
        f"on to {triage.get('route', '?')}",
    ]
    return ", ".join(part for part in said if part)


def _guard(output: Mapping[str, Any], receipts: Sequence[ReceiptRecord]) -> str:
    verdict = mapping(output.get("guard"))
    held = sum(receipt.supported for receipt in receipts)
    claims = f"{held} of {counted(len(receipts), 'claim')} held" if receipts else "no claim to check"
    return f"{verdict.get('mode', '')} mode, {verdict.get('outcome', '?')}, {claims}".lstrip()


def _escalation(output: Mapping[str, Any], _receipts: Sequence[ReceiptRecord]) -> str:
    escalation = mapping(output.get("escalation"))
    offered = "a person is offered" if escalation.get("offer_handoff") else "no person is offered"
    return f"{titled(str(escalation.get('reason') or 'no reason'))}, {offered}"


def _writing(output: Mapping[str, Any], calls: Sequence[ToolCall]) -> str:
    draft = mapping(output.get("draft"))
    sentences = mappings(draft.get("sentences"))
    said = [
        counted(len(calls), "tool use") if calls else "",
        _found(output),
        f"{counted(len(sentences), 'sentence')} written" if sentences else "",
        str(draft.get("kind", "")),
    ]
    return ", ".join(part for part in said if part) or "nothing written"


def _found(output: Mapping[str, Any]) -> str:
    """What a search brought, whichever step made it."""
    hits = mappings(mapping(output.get("evidence")).get("hits"))
    return f"{counted(len(hits), 'passage')} found" if hits else ""


FACTS = {
    "safety": ("outcome", "mode", "risk"),
    "triage": (
        "language",
        "reply_language",
        "route",
        "mode",
        "category",
        "priority",
        "task",
        "query",
        "context",
    ),
    "guard": ("outcome", "mode", "confidence"),
    "escalation": ("reason", "kind", "priority", "summary", "note"),
}


def facts_of(node: str, value: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The fields of a step's verdict that people ask for first, where they say something."""
    found = ((name, value.get(name)) for name in FACTS.get(node, ()))
    return tuple((titled(name), _plain(item)) for name, item in found if item not in (None, ""))


def _plain(value: object) -> str:
    return share(float(value)) if isinstance(value, float) else str(value)
