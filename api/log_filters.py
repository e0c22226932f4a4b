"""Filters of the log as they stand in an address, and turns as lines that a spreadsheet may open."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime, timedelta

from api.desk import Desk
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.figures import TurnFilters
from store.values.scope import Scope
from store.values.turns import ToolCall, Turn

CHUNK, MOST_LINES = 1000, 100_000
COLUMNS = (
    "createdAt", "company", "ticketId", "turnId", "language", "intent", "intentConfidence", "kind", "action",
    "status", "confidence", "isSafe", "safetyFlags", "tool", "toolStatus", "totalMs", "message", "response",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be run by a spreadsheet."""
Page = tuple[tuple[Turn, ...], dict[str, tuple[ToolCall, ...]]]


def turn_filters(chosen: Mapping[str, str], companies: Iterable[Company], now: datetime) -> TurnFilters:
    """What an address asks for; a company that is not the caller's fits nothing."""
    slugs = {company.slug: company.id for company in companies}
    slug, days = chosen.get("company", ""), chosen.get("since", "")
    return TurnFilters(
        company_id=slugs.get(slug, "none") if slug else None,
        intent=chosen.get("intent") or None,
        action=chosen.get("action") or None,
        kind=chosen.get("kind") or None,
        language=chosen.get("language") or None,
        status=chosen.get("status") or None,
        safe={"safe": True, "unsafe": False}.get(chosen.get("safety", "")),
        tool_failed=chosen.get("tools") == "failed",
        since=now - timedelta(days=int(days)) if days.isdigit() and len(days) < 4 else None,
    )


async def csv_lines(
    desk: Desk, scope: Scope, filters: TurnFilters, slugs: Mapping[str, str]
) -> AsyncIterator[str]:
    """The log as CSV, a thousand turns at a time; messages are redacted as they were stored."""
    yield _written([COLUMNS])
    after: tuple[datetime, str] | None = None
    for _ in range(MOST_LINES // CHUNK):
        place = after

        def read(uow: UnitOfWork, place: tuple[datetime, str] | None = place) -> Page:
            turns = uow.figures.log(filters, limit=CHUNK, after=place)
            return turns, uow.figures.calls_of(turn.id for turn in turns)

        turns, calls = await desk.store.read(scope, read)
        if turns:
            yield _written(_line(turn, calls.get(turn.id, ()), slugs) for turn in turns)
        if len(turns) < CHUNK:
            return
        after = (turns[-1].created_at, turns[-1].id)


def _line(turn: Turn, calls: tuple[ToolCall, ...], slugs: Mapping[str, str]) -> tuple[object, ...]:
    last = calls[-1] if calls else None
    return (
        turn.created_at.isoformat(timespec="seconds"),
        slugs.get(turn.company_id, ""),
        turn.ticket_id,
        turn.id,
        turn.language,
        turn.intent,
        turn.intent_confidence,
        turn.kind,
        turn.action,
        turn.status,
        turn.confidence,
        turn.is_safe,
        " ".join(turn.safety_flags),
        last.tool if last else "",
        last.status if last else "",
        turn.total_ms,
        turn.question,
        turn.reply,
    )


def _written(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return "" if value is None else value
    return f"'{value}" if value.startswith(FORMULA) else value
