"""The log of turns: one record per ended turn, its figures, and a check that it can be read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from api import errors
from api.auth.callers import Reader, desk_of
from api.wire import Reply
from store.unit import UnitOfWork
from store.values.turns import ToolCall, Turn

router = APIRouter(prefix="/api", tags=["logs"], responses=errors.RESPONSES)
COUNTED = 5000
"""The figures are over so many of the newest turns."""
Word = Annotated[str | None, Query(max_length=60)]


class LogView(Reply):
    """One ended turn."""

    id: str
    session_id: str
    agent_id: str
    company: str
    message: str
    language: str | None
    intent: str | None
    confidence: float | None
    kind: str | None
    action: str | None
    tool_used: str | None
    tool_success: bool | None
    final_response: str
    is_safe: bool | None
    safety_flags: list[str]
    latency_ms: float | None
    status: str
    created_at: datetime


class LogPage(Reply):
    """A page of the log, newest first."""

    items: list[LogView]
    limit: int
    offset: int


class LogStats(Reply):
    """Figures over the newest turns."""

    total: int
    by_intent: dict[str, int]
    by_action: dict[str, int]
    by_kind: dict[str, int]
    by_language: dict[str, int]
    escalation_rate: float
    unsafe: int
    failed: int
    average_latency_ms: float
    p99_latency_ms: float


class LogHealth(Reply):
    """Whether the log works."""

    status: Literal["ok"]
    newest: datetime | None


@router.get("/logs")
async def logs(
    request: Request,
    caller: Reader,
    company: Word = None,
    intent: Word = None,
    action: Word = None,
    kind: Word = None,
    language: Word = None,
    status: Word = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> LogPage:
    """Ended turns by filter; messages are redacted as they were stored."""

    def read(uow: UnitOfWork) -> LogPage:
        slugs = {item.id: item.slug for item in uow.companies.all()}
        company_id = uow.companies.by_slug(company).id if company else None
        equal = {"intent": intent, "action": action, "kind": kind, "language": language, "status": status}
        turns = uow.turns.log(limit=limit, offset=offset, company_id=company_id, **equal)
        items = [_view(turn, slugs[turn.company_id], _calls(uow, turn)) for turn in turns]
        return LogPage(items=items, limit=limit, offset=offset)

    return await desk_of(request).store.read(caller.scope, read)


@router.get("/logs/stats")
async def stats(request: Request, caller: Reader, company: Word = None) -> LogStats:
    """How the newest turns went."""

    def read(uow: UnitOfWork) -> Sequence[Turn]:
        company_id = uow.companies.by_slug(company).id if company else None
        return uow.turns.log(limit=COUNTED, company_id=company_id)

    return _stats(await desk_of(request).store.read(caller.scope, read))


@router.get("/test-logs")
async def test_logs(request: Request, caller: Reader) -> LogHealth:
    """Read the newest record."""
    newest = await desk_of(request).store.read(caller.scope, lambda uow: uow.turns.log(limit=1))
    return LogHealth(status="ok", newest=newest[0].created_at if newest else None)


def _calls(uow: UnitOfWork, turn: Turn) -> Sequence[ToolCall]:
    """Tool calls occur in turns of the specialist and in escalations after one."""
    return uow.turns.trace(turn.id).tool_calls if "specialist" in turn.stages else ()


def _view(turn: Turn, company: str, calls: Sequence[ToolCall]) -> LogView:
    return LogView(
        id=turn.id,
        session_id=turn.ticket_id,
        agent_id=turn.agent_id,
        company=company,
        message=turn.question,
        language=turn.language,
        intent=turn.intent,
        confidence=turn.confidence,
        kind=turn.kind,
        action=turn.action,
        tool_used=calls[-1].tool if calls else None,
        tool_success=calls[-1].status == "success" if calls else None,
        final_response=turn.reply,
        is_safe=turn.is_safe,
        safety_flags=list(turn.safety_flags),
        latency_ms=turn.total_ms,
        status=turn.status,
        created_at=turn.created_at,
    )


def _stats(turns: Sequence[Turn]) -> LogStats:
    times = sorted(turn.total_ms for turn in turns if turn.total_ms is not None)
    escalated = sum(turn.action == "escalate" for turn in turns)
    return LogStats(
        total=len(turns),
        by_intent=_counted(turn.intent for turn in turns),
        by_action=_counted(turn.action for turn in turns),
        by_kind=_counted(turn.kind for turn in turns),
        by_language=_counted(turn.language for turn in turns),
        escalation_rate=round(escalated / len(turns), 4) if turns else 0.0,
        unsafe=sum(turn.is_safe is False for turn in turns),
        failed=sum(turn.status == "failed" for turn in turns),
        average_latency_ms=round(sum(times) / len(times), 3) if times else 0.0,
        p99_latency_ms=times[int((len(times) - 1) * 0.99)] if times else 0.0,
    )


def _counted(values: Iterable[str | None]) -> dict[str, int]:
    return dict(Counter(value for value in values if value is not None).most_common())
