"""What the tables add up to: uses of tools, and each day's figures as they were counted."""

from datetime import datetime

from sqlalchemy import func, select

from store.models.turns import ToolCalls, Turns
from store.repositories.base import Repository, rows_of
from store.values.turns import ToolCall

Counts = dict[str, dict[str, int]]


class FigureRepository(Repository):
    """Sums over the caller's companies."""

    def tool_counts(self, company_id: str, since: datetime) -> Counts:
        """How often each tool ended in which status."""
        rows = self._db.execute(
            select(ToolCalls.tool, ToolCalls.status, func.count(ToolCalls.id))
            .where(
                ToolCalls.company_id == company_id, ToolCalls.created_at >= since, *self._within(ToolCalls)
            )
            .group_by(ToolCalls.tool, ToolCalls.status)
        )
        found: Counts = {}
        for tool, status, count in rows:
            found.setdefault(str(tool), {})[str(status)] = int(count)
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
