"""The test console: a conversation as any customer, with what went on inside each reply beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from store.values.turns import StepRecord, ToolCall, TurnResult
from ui.views.evidence import (
    PassageSeen,
    ReceiptSeen,
    Score,
    ToolUse,
    features_of,
    passages_of,
    reasons_of,
    receipts_of,
    tools_of,
    used_sources,
)
from ui.views.path import Path, path_of
from ui.views.recorded import mapping
from ui.views.shell import Shell
from ui.views.summaries import facts_of, summary_of
from ui.views.words import Sign, milliseconds, titled

BAD = {"blocked": "urgent", "handoff": "human", "unknown": "waiting"}


@dataclass(frozen=True)
class Scenario:
    """A conversation's first message, ready to be sent."""

    label: str
    message: str
    email: str = ""
    verified: bool = False


@dataclass(frozen=True)
class Console:
    """The page before anything was said."""

    template: ClassVar[str] = "console.html"
    shell: Shell
    company: str
    companies: tuple[tuple[str, str, bool], ...]
    agents: tuple[tuple[str, str, bool], ...]
    """(id, name with version, whether it is the chosen one)"""
    customers: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    mode: str
    threshold: str
    may_keep: bool = False


@dataclass(frozen=True)
class StepInside:
    """One step of a reply."""

    node: str
    ms: str
    family: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    features: tuple[Score, ...] = ()
    reasons: tuple[str, ...] = ()
    tools: tuple[ToolUse, ...] = ()
    passages: tuple[PassageSeen, ...] = ()
    receipts: tuple[ReceiptSeen, ...] = ()


@dataclass(frozen=True)
class Exchange:
    """A message and its reply, as they are put into the conversation."""

    template: ClassVar[str] = "console_said.html"
    number: int
    asker: str
    message: str
    language: str
    sentences: tuple[str, ...]
    sources: tuple[tuple[int, str, str], ...]
    path: Path | None
    made: str
    sign: Sign | None


@dataclass(frozen=True)
class Inside:
    """What went on inside a reply."""

    template: ClassVar[str] = "console_inside.html"
    number: int
    steps: tuple[StepInside, ...]
    memory: str
    models: tuple[tuple[str, str], ...]
    """(what was asked of a model, what it took)"""
    json: str


def exchange_of(number: int, asker: str, message: str, result: TurnResult) -> Exchange:
    """The message with its reply."""
    family = BAD.get(result.kind)
    refused = [call for call in result.tool_calls if call.get("status") in ("refused", "failed")]
    sign = Sign(family, titled(result.kind)) if family else None
    if refused:
        sign = Sign("urgent", f"{len(refused)} tool use {refused[0]['status']}")
    return Exchange(
        number=number,
        asker=asker,
        message=message,
        language=result.language,
        sentences=tuple(text for text, _ in result.sentences) or (result.reply,),
        sources=tuple(
            (int(item.get("number", 0)), str(item.get("title", "")), str(item.get("url") or ""))
            for item in result.citations
        ),
        path=path_of([step.node for step in result.steps]),
        made=f"{result.kind.replace('_', ' ')} · {milliseconds(result.total_ms)}",
        sign=sign,
    )


def steps_of(result: TurnResult, calls: Sequence[ToolCall]) -> tuple[StepInside, ...]:
    """Every step of the reply, with what it rested on."""
    used = used_sources(result.steps, result.receipts)
    return tuple(_step(step, result, calls, used) for step in result.steps)


def _step(
    step: StepRecord, result: TurnResult, calls: Sequence[ToolCall], used: Mapping[str, str]
) -> StepInside:
    output = step.output
    verdict = mapping(output.get(step.node)) or mapping(output.get("draft"))
    mine = calls if step.node == "specialist" else ()
    failed = bool(output.get("failure")) or verdict.get("outcome") in ("refuse", "blocked", "escalate")
    stopped = failed or any(call.status in ("refused", "failed") for call in mine)
    held = "waiting" if verdict.get("outcome") == "restrict" else "done"
    return StepInside(
        node=step.node,
        ms=milliseconds(step.ms),
        family="urgent" if stopped else held,
        summary=summary_of(step.node, output, mine, result.receipts),
        facts=facts_of(step.node, verdict),
        features=features_of(verdict)[:5],
        reasons=reasons_of(verdict)[:6],
        tools=tools_of(mine),
        passages=passages_of(mapping(output.get("evidence")), used)[:4],
        receipts=receipts_of(result.receipts) if step.node == "guard" else (),
    )
