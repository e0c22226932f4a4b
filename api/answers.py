"""The response of `POST /api/run`, read from the turn's row, so that a repeated request gets the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from api.wire import Reply
from store.values.scope import Json
from store.values.tickets import Ticket
from store.values.turns import ToolCall, Turn


class ToolCallView(Reply):
    """One use of a tool, or its refusal."""

    id: str
    tool: str
    status: str
    arguments: dict[str, str] = Field(default_factory=dict)
    facts: dict[str, str] = Field(default_factory=dict)
    reason: str = ""
    attempts: int = 1
    ms: float = 0.0


class HallucinationCheck(Reply):
    """What the guard found, claim by claim."""

    is_hallucination: bool = False
    confidence: float = 0.0
    mode: str = "balanced"
    claims: list[Json] = Field(default_factory=list)


class HandoffView(Reply):
    """Whether a person was offered, and why."""

    offered: bool
    reason: str = ""


class Latency(Reply):
    """Milliseconds: the whole turn and each node."""

    total_ms: float
    stages: dict[str, float]


class RunAnswer(Reply):
    """One finished turn."""

    run_id: str
    ticket_id: str
    turn_id: str
    session_id: str
    agent_id: str
    company: str
    response: str
    language: str
    intent: str
    intent_confidence: float
    confidence: float
    category: str
    keywords: list[str]
    kind: str
    action: str
    tool_used: str | None
    tool_success: bool | None
    tool_calls: list[ToolCallView]
    is_safe: bool
    risk_score: float
    safety_flags: list[str]
    hallucination_check: HallucinationCheck
    citations: list[Json]
    handoff: HandoffView
    status: str
    latency: Latency
    created_at: datetime


def answer_of(turn: Turn, calls: Sequence[ToolCall], ticket: Ticket, company: str) -> RunAnswer:
    """The response for a finished turn; `company` is the slug."""
    tools = [_tool(call.data) for call in calls]
    return RunAnswer(
        run_id=turn.run_id or turn.id,
        ticket_id=ticket.id,
        turn_id=turn.id,
        session_id=ticket.id,
        agent_id=turn.agent_id,
        company=company,
        response=turn.reply,
        language=turn.language or "en",
        intent=turn.intent or "out_of_scope",
        intent_confidence=turn.intent_confidence or 0.0,
        confidence=turn.confidence or 0.0,
        category=turn.category or "other",
        keywords=list(turn.keywords),
        kind=turn.kind or "handoff",
        action=turn.action or "escalate",
        tool_used=tools[-1].tool if tools else None,
        tool_success=tools[-1].status == "success" if tools else None,
        tool_calls=tools,
        is_safe=turn.is_safe is not False,
        risk_score=turn.risk or 0.0,
        safety_flags=list(turn.safety_flags),
        hallucination_check=HallucinationCheck.model_validate(turn.hallucination or {}),
        citations=list(turn.citations),
        handoff=HandoffView(offered=turn.handoff_offered, reason=turn.handoff_reason),
        status=ticket.status,
        latency=Latency(total_ms=turn.total_ms or 0.0, stages=dict(turn.stages)),
        created_at=turn.created_at,
    )


def _tool(data: dict[str, Any]) -> ToolCallView:
    return ToolCallView.model_validate({name: data[name] for name in _TOOL_FIELDS if name in data})


_TOOL_FIELDS = tuple(ToolCallView.model_fields)
