"""The log of turns: one record per ended turn, its figures, and a check that it can be read."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime

from api import errors
from api.auth.callers import Reader, desk_of
from api.figures import counting_of
from api.wire import Reply
from store.unit import UnitOfWork
from store.values.figures import TurnFilters, quantile
from store.values.turns import ToolCall, Turn
from ui.views.sums import summed

router = APIRouter(prefix="/api", tags=["logs"], responses=errors.RESPONSES)
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
    """Figures over the turns of the last days, counted day by day (UTC)."""

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
    safety: Literal["safe", "unsafe"] | None = None,
    tools: Literal["failed"] | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> LogPage:
    """Ended turns by filter; messages are redacted as they were stored."""

    def read(uow: UnitOfWork) -> LogPage:
        slugs = {item.id: item.slug for item in uow.companies.all()}
        filters = TurnFilters(
            company_id=uow.companies.by_slug(company).id if company else None,
            intent=intent,
            action=action,
            kind=kind,
            language=language,
            status=status,
            safe=None if safety is None else safety == "safe",
            tool_failed=tools == "failed",
            since=since,
            until=until,
        )
        turns = uow.figures.log(filters, limit=limit, offset=offset)
        calls = uow.figures.calls_of(turn.id for turn in turns)
        items = [_view(turn, slugs[turn.company_id], calls.get(turn.id, ())) for turn in turns]
        return LogPage(items=items, limit=limit, offset=offset)

    return await desk_of(request).store.read(caller.scope, read)


@router.get("/logs/stats")
async def stats(
    request: Request,
    caller: Reader,
    company: Word = None,
    days: Annotated[int, Query(ge=1, le=366)] = 90,
) -> LogStats:
    """How the turns of the last days went."""
    desk = desk_of(request)
    await counting_of(request.app).catch_up(seconds=5.0)
    last = desk.clock.now().date()
    first = last - timedelta(days=days - 1)

    def read(uow: UnitOfWork) -> LogStats:
        company_id = uow.companies.by_slug(company).id if company else None
        return _stats(summed(uow.figures.days(first.isoformat(), company_id), first, last).data)

    return await desk.store.read(caller.scope, read)


@router.get("/test-logs")
async def test_logs(request: Request, caller: Reader) -> LogHealth:
    """Read the newest record."""
    newest = await desk_of(request).store.read(caller.scope, lambda uow: uow.turns.log(limit=1))
    return LogHealth(status="ok", newest=newest[0].created_at if newest else None)


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


def _stats(data: Mapping[str, Any]) -> LogStats:
    turns = data.get("turns", 0)
    late = quantile(data.get("latency", {}).get("total", {}), 0.99)
    return LogStats(
        total=turns,
        by_intent=data.get("intents", {}),
        by_action=data.get("actions", {}),
        by_kind=data.get("kinds", {}),
        by_language=data.get("languages", {}),
        escalation_rate=round(data.get("actions", {}).get("escalate", 0) / turns, 4) if turns else 0.0,
        unsafe=data.get("unsafe", 0),
        failed=data.get("failed", 0),
        average_latency_ms=round(data.get("ms", 0.0) / turns, 3) if turns else 0.0,
        p99_latency_ms=round(late or 0.0, 1),
    )
