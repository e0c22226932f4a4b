"""The log of turns: one line for each reply, narrowed by filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from store.values.turns import ToolCall, Turn
from ui.views.shell import Shell
from ui.views.words import TOOL, clipped, milliseconds, share, stamp, titled

INTENTS = (
    "greeting", "order_status", "refund_request", "complaint", "ticket_creation", "faq_query",
    "shipping_query", "product_query", "payment_query", "abusive_language", "out_of_scope",
)  # fmt: skip
CHOICES: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "intent": ("Intent", tuple((name, titled(name)) for name in INTENTS)),
    "action": (
        "Action",
        (("answer", "Answer"), ("tool_call", "Tool"), ("clarify", "Question back"), ("escalate", "Escalate")),
    ),
    "kind": (
        "Outcome",
        tuple(
            (name, titled(name))
            for name in (
                "answer", "unknown", "off_topic", "cannot_perform", "clarify", "specialist", "handoff",
                "blocked",
            )
        ),
    ),
    "status": ("Status", (("done", "Done"), ("failed", "Failed"))),
    "safety": ("Safety", (("unsafe", "Held back"), ("safe", "Passed"))),
    "tools": ("Tools", (("failed", "Failed only"),)),
    "language": (
        "Language",
        (("en", "English"), ("hinglish", "Hinglish"), ("hi", "Hindi"), ("other", "Other")),
    ),
    "since": ("Since", (("1", "Yesterday"), ("7", "7 days"), ("30", "30 days"))),
}  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """A choice above the list."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LogLine:
    """One reply."""

    at: str
    url: str
    question: str
    reply: str
    company: str
    language: str
    intent: str
    intent_confidence: str
    outcome: str
    family: str
    flags: str
    tool: str
    tool_family: str
    confidence: str
    ms: str


@dataclass(frozen=True)
class Logs:
    """A page of the log."""

    template: ClassVar[str] = "logs.html"
    shell: Shell
    filters: tuple[Filter, ...]
    rows: tuple[LogLine, ...]
    csv_url: str
    newer: str = ""
    older: str = ""
    filtered: bool = False


def filters_of(chosen: Mapping[str, str], companies: Sequence[tuple[str, str]]) -> tuple[Filter, ...]:
    """The choices with what is chosen."""
    found = [Filter("company", "Company", chosen.get("company", ""), (("", "All"), *companies))]
    for name, (label, options) in CHOICES.items():
        found.append(Filter(name, label, chosen.get(name, ""), (("", "All"), *options)))
    return tuple(found)


def address(path: str, chosen: Mapping[str, str], **more: object) -> str:
    """An address with the filters that are chosen."""
    given = {name: value for name, value in {**chosen, **more}.items() if value not in ("", 0)}
    return f"{path}?{urlencode(given)}" if given else path


def line_of(turn: Turn, calls: Sequence[ToolCall], companies: Mapping[str, str]) -> LogLine:
    """A turn as the list shows it."""
    last = calls[-1] if calls else None
    return LogLine(
        at=stamp(turn.finished_at or turn.created_at),
        url=f"/tickets/{turn.ticket_id}/trace?turn={turn.id}",
        question=clipped(turn.question, 90),
        reply=clipped(turn.reply, 110),
        company=companies.get(turn.company_id, ""),
        language=turn.language or "",
        intent=titled(turn.intent or ""),
        intent_confidence=share(turn.intent_confidence),
        outcome=titled(turn.kind or turn.status),
        family=_family(turn),
        flags=", ".join(turn.safety_flags) or titled(turn.action or ""),
        tool=last.tool if last else "",
        tool_family=TOOL[last.status].family if last and last.status in TOOL else "closed",
        confidence=share(turn.confidence),
        ms=milliseconds(turn.total_ms),
    )


def _family(turn: Turn) -> str:
    if turn.status == "failed" or turn.is_safe is False:
        return "urgent"
    return {"handoff": "human", "unknown": "waiting", "clarify": "active"}.get(turn.kind or "", "done")
