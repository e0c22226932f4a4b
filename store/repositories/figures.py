"""What the tables add up to: a day's figures, counted once and kept; uses of tools; the log of turns."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from store.models.figures import FigureDays
from store.models.tickets import Feedback, Tickets
from store.models.turns import ToolCalls, Turns
from store.repositories.base import Repository, rows_of
from store.repositories.outcomes import END
from store.values.figures import FigureDay, TurnFilters, bin_of, date_of, day_of
from store.values.outcomes import reason_of
from store.values.scope import Json
from store.values.turns import ToolCall, Turn

Counts = dict[str, dict[str, int]]
ENDED = ("done", "failed")
LANGUAGES = ("en", "hinglish")
"""The two that are held against each other."""
SETTLED = {"confirmed": True, "refused": False, "partly": False}


class FigureRepository(Repository):
    """Sums over the caller's companies."""

    def days(self, since: str, company_id: str | None = None) -> tuple[FigureDay, ...]:
        """The kept figures from a day on, oldest first."""
        where = [FigureDays.day >= since, *self._within(FigureDays)]
        if company_id is not None:
            where.append(FigureDays.company_id == company_id)
        return self._list(
            FigureDay, rows_of(FigureDays, FigureDay, *where).order_by(FigureDays.day, FigureDays.company_id)
        )

    def counted_until(self) -> datetime | None:
        """When figures were counted last."""
        newest = select(func.max(FigureDays.counted_at)).where(*self._within(FigureDays))
        found: datetime | None = self._db.execute(newest).scalar()
        return found

    def changed(self, since: datetime) -> tuple[tuple[str, str], ...]:
        """(company, day) whose turns or tickets have changed since then, newest day first."""
        found: set[tuple[str, str]] = set()
        for table, column in ((Turns, Turns.finished_at), (Tickets, Tickets.updated_at)):
            day = self._day(table.created_at)
            company = table.company_id.concat("")  # SQLite would read all rows, in the order of the companies
            statement = select(company, day).where(column >= since, *self._within(table)).distinct()
            found |= {(str(company), str(named)) for company, named in self._db.execute(statement)}
        return tuple(sorted(found, key=lambda item: (item[1], item[0]), reverse=True))

    def count(self, company_id: str, day: str) -> Json:
        """What the day comes to now, in the fields of `FigureDay.data`."""
        begin = datetime.combine(date_of(day), time(), tzinfo=UTC)
        span = (begin, begin + timedelta(days=1))
        return {
            **self._turns(company_id, span),
            **self._tickets(company_id, span),
            "tools": self._tools(company_id, span),
            **self._thumbs(company_id, span),
        }

    def keep(self, company_id: str, day: str, data: Json, counted_at: datetime) -> None:
        """Put the day's figures in place of older ones."""
        self._check(company_id)
        mine = (FigureDays.company_id == company_id, FigureDays.day == day)
        self._db.execute(delete(FigureDays).where(*mine))
        row = {"company_id": company_id, "day": day, "data": data, "counted_at": counted_at}
        self._insert(FigureDays, row)

    def log(
        self,
        filters: TurnFilters,
        *,
        limit: int = 50,
        offset: int = 0,
        after: tuple[datetime, str] | None = None,
    ) -> tuple[Turn, ...]:
        """Ended turns, newest first; `after` is the place of the last one that was seen."""
        where = [*_conditions(filters), *self._within(Turns)]
        if after is not None:
            at, turn_id = after
            where.append(or_(Turns.created_at < at, and_(Turns.created_at == at, Turns.id < turn_id)))
        statement = rows_of(Turns, Turn, *where).order_by(Turns.created_at.desc(), Turns.id.desc())
        return self._list(Turn, statement.limit(limit).offset(offset))

    def calls_of(self, turn_ids: Iterable[str]) -> dict[str, tuple[ToolCall, ...]]:
        """The uses of tools by turn, for the turns that have any."""
        wanted = ToolCalls.turn_id.in_(list(turn_ids))
        statement = rows_of(ToolCalls, ToolCall, wanted, *self._within(ToolCalls))
        found: dict[str, tuple[ToolCall, ...]] = {}
        for call in self._list(ToolCall, statement.order_by(ToolCalls.turn_id, ToolCalls.seq)):
            found[call.turn_id] = (*found.get(call.turn_id, ()), call)
        return found

    def tool_counts(self, company_id: str, since: datetime) -> Counts:
        """How often each tool ended in which status, by the days that are counted."""
        found: Counts = {}
        for item in self.days(day_of(since), company_id):
            for tool, statuses in item.data.get("tools", {}).items():
                counts = found.setdefault(tool, {})
                for status, count in statuses.items():
                    counts[status] = counts.get(status, 0) + count
        return found

    def newest_calls(self, company_id: str, tool: str, limit: int = 10) -> tuple[tuple[ToolCall, str], ...]:
        """The last uses of a tool, newest first, each with its ticket."""
        statement = (
            rows_of(ToolCalls, ToolCall, ToolCalls.company_id == company_id, ToolCalls.tool == tool)
            .where(*self._within(ToolCalls))
            .join(Turns, Turns.id == ToolCalls.turn_id)
            .add_columns(Turns.ticket_id.label("of_ticket"))
            .order_by(ToolCalls.created_at.desc())
            .limit(limit)
        )
        found = []
        for row in self._db.execute(statement):
            values = dict(row._mapping)
            ticket = str(values.pop("of_ticket"))
            found.append((ToolCall(**values), ticket))
        return tuple(found)

    def _turns(self, company_id: str, span: tuple[datetime, datetime]) -> Json:
        columns = (
            Turns.status, Turns.kind, Turns.action, Turns.language, Turns.intent, Turns.is_safe,
            Turns.safety_flags, Turns.handoff_offered, Turns.handoff_reason, Turns.stages, Turns.total_ms,
            Turns.gap.is_not(None).label("gap"),
        )  # fmt: skip
        where = (*self._of_day(Turns, company_id, span), Turns.status.in_(ENDED))
        rows = self._db.execute(select(*columns).where(*where)).all()
        handed = [row for row in rows if row.handoff_offered]
        return {
            "turns": len(rows),
            "ms": round(sum(row.total_ms or 0.0 for row in rows), 3),
            "failed": sum(row.status == "failed" for row in rows),
            "unsafe": sum(row.is_safe is False for row in rows),
            "guard": sum(row.handoff_reason == "guard" for row in rows),
            "gaps": sum(bool(row.gap) for row in rows),
            "kinds": _counted(row.kind for row in rows),
            "actions": _counted(row.action for row in rows),
            "languages": _counted(row.language for row in rows),
            "intents": _counted(row.intent for row in rows),
            "flags": _counted(flag for row in rows for flag in row.safety_flags),
            "reasons": _counted(row.handoff_reason or "other" for row in handed),
            "replies": _by_language(rows, _replies),
            "latency": _latency(rows),
        }

    def _tickets(self, company_id: str, span: tuple[datetime, datetime]) -> Json:
        columns = (
            END.label("end"), Tickets.outcome, Tickets.handed_for, Tickets.last_confidence, Tickets.language,
        )  # fmt: skip
        rows = self._db.execute(select(*columns).where(*self._of_day(Tickets, company_id, span))).all()
        confidence: dict[str, list[int]] = {}
        for row in rows:
            settled = SETTLED.get(row.outcome or "")
            if settled is None or row.last_confidence is None:
                continue
            place = confidence.setdefault(str(min(9, int(row.last_confidence * 10))), [0, 0])
            place[0] += 1
            place[1] += settled
        return {
            "tickets": len(rows),
            "outcomes": _counted(row.end for row in rows),
            "handed": _counted(reason_of(row.handed_for) for row in rows if row.end == "handed"),
            "ends": _by_language(rows, lambda some: _counted(row.end for row in some)),
            "confidence": confidence,
        }

    def _tools(self, company_id: str, span: tuple[datetime, datetime]) -> Counts:
        rows = self._db.execute(
            select(ToolCalls.tool, ToolCalls.status, func.count(ToolCalls.id))
            .where(*self._of_day(ToolCalls, company_id, span))
            .group_by(ToolCalls.tool, ToolCalls.status)
        )
        found: Counts = {}
        for tool, status, count in rows:
            found.setdefault(str(tool), {})[str(status)] = int(count)
        return found

    def _thumbs(self, company_id: str, span: tuple[datetime, datetime]) -> Json:
        rows = self._db.execute(
            select(Feedback.rating, func.count(Feedback.id))
            .where(*self._of_day(Feedback, company_id, span))
            .group_by(Feedback.rating)
        )
        counts = {str(rating): int(count) for rating, count in rows}
        return {"up": counts.get("up", 0), "down": counts.get("down", 0)}

    def _of_day(self, table: Any, company_id: str, span: tuple[datetime, datetime]) -> tuple[Any, ...]:
        begin, end = span
        within = self._within(table)
        return table.company_id == company_id, table.created_at >= begin, table.created_at < end, *within

    def _day(self, column: Any) -> ColumnElement[Any]:
        """The day of a moment in UTC, on both engines."""
        if self._db.dialect.name == "sqlite":
            return func.date(column)
        return func.date(func.timezone("UTC", column))


def _conditions(filters: TurnFilters) -> list[ColumnElement[bool]]:
    equal = {
        Turns.company_id: filters.company_id,
        Turns.intent: filters.intent,
        Turns.action: filters.action,
        Turns.kind: filters.kind,
        Turns.language: filters.language,
        Turns.is_safe: filters.safe,
    }
    where: list[ColumnElement[bool]] = [
        column == value for column, value in equal.items() if value is not None
    ]
    where.append(Turns.status == filters.status if filters.status else Turns.status.in_(ENDED))
    if filters.since is not None:
        where.append(Turns.created_at >= filters.since)
    if filters.until is not None:
        where.append(Turns.created_at < filters.until)
    if filters.tool_failed:
        where.append(Turns.id.in_(select(ToolCalls.turn_id).where(ToolCalls.status == "failed")))
    return where


def _by_language(rows: Sequence[Any], counted: Callable[[Sequence[Any]], Mapping[str, int]]) -> Counts:
    """Counts of each language that is there."""
    spoken = {language: [row for row in rows if row.language == language] for language in LANGUAGES}
    return {language: dict(counted(some)) for language, some in spoken.items() if some}


def _replies(rows: Sequence[Any]) -> dict[str, int]:
    """What parity is measured by: replies of one language, and of them those that were no help."""
    return {
        "all": len(rows),
        "unknown": sum(row.kind == "unknown" for row in rows),
        "offered": sum(bool(row.handoff_offered) for row in rows),
        "guard": sum(row.handoff_reason == "guard" for row in rows),
        "failed": sum(row.status == "failed" for row in rows),
    }


def _latency(rows: Iterable[Any]) -> Counts:
    found: dict[str, Counter[str]] = {}
    for row in rows:
        for stage, ms in {**row.stages, "total": row.total_ms}.items():
            if ms is not None:
                found.setdefault(stage, Counter())[str(bin_of(ms))] += 1
    return {stage: dict(bins) for stage, bins in found.items()}


def _counted(values: Iterable[str | None]) -> dict[str, int]:
    return dict(Counter(value for value in values if value))
