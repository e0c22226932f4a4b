"""Completing a turn: reply, events, turn row, trace and ticket in one fenced transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from store.models.turns import Turns
from store.repositories.base import fields_of
from store.repositories.events import EventLog, number_of
from store.repositories.fencing import Fencing
from store.repositories.prepared import Prepared
from store.repositories.projection import Projection
from store.values.scope import Json
from store.values.tickets import Event, NewEvent
from store.values.turns import TurnResult

_TURN_FIELDS = (
    "run_id", "reply", "kind", "action", "language", "reply_language", "intent", "intent_confidence",
    "confidence", "category", "priority", "keywords", "tags", "is_safe", "risk", "safety_flags",
    "safety_mode", "hallucination", "citations", "handoff_offered", "handoff_reason", "summary",
    "handoff_note", "confirm", "ask", "layer", "decision", "rule", "gap", "stages", "total_ms",
)  # fmt: skip

_QUEUED = Prepared(
    lambda within: select(Turns.id).where(
        Turns.ticket_id == bindparam("ticket"), Turns.status == "queued", *within(Turns)
    )
)


class Completion(Fencing):
    """Ends a running turn; a second completion, or one by a worker that lost the turn, writes nothing."""

    def complete(
        self,
        turn_id: str,
        token: int,
        result: TurnResult,
        *,
        sentences: Sequence[tuple[int, str]] = (),
        status: str = "done",
        error: str = "",
    ) -> list[Event]:
        """Write reply, events, turn, trace and ticket together, or nothing at all.

        `sentences` are those that have not been sent yet; see `flush`.
        """
        turn = self._fenced(turn_id, token)
        told, flushed = self._told(turn, sentences)
        self._change(
            turn_id,
            status=status,
            error=error,
            message_id=turn.reply_id,
            finished_at=self._now(),
            lease_until=None,
            flushed=flushed,
            **fields_of(result, _TURN_FIELDS),
        )
        waiting = self._run(_QUEUED, ticket=turn.ticket_id).first() is not None
        events = EventLog(self._work).append(
            turn.ticket_id,
            [*told, *_closing_events(turn, result, self._now(), waiting=waiting)],
            **_ticket_changes(result, waiting=waiting),
        )
        projection = Projection(self._work)
        projection.reply(turn, result, number_of(events, "message"))
        projection.project(turn, result)
        return events


def _closing_events(turn: Row[Any], result: TurnResult, now: datetime, *, waiting: bool) -> list[NewEvent]:
    events = [
        NewEvent("tool", {"name": call["tool"], "status": call["status"], "turnId": turn.id})
        for call in result.tool_calls[turn.tool_events :]
    ]
    said = {
        "id": turn.reply_id,
        "role": "assistant",
        "text": result.reply,
        "citations": [_shown(citation) for citation in result.citations],
        "turnId": turn.id,
        "language": result.reply_language,
        "kind": result.kind,
        "createdAt": now.isoformat(),
    }
    events.append(NewEvent("message", said))
    if result.handoff_offered:
        offer = {"offered": True, "accepted": False, "reason": result.handoff_reason}
        events.append(NewEvent("handoff", offer))
    if result.confirm is not None:
        events.append(NewEvent("confirm", dict(result.confirm)))
    if result.ask == "identity":
        events.append(NewEvent("verify", {"needed": True}))
    status = "in_progress" if waiting else "awaiting_customer"
    events.append(NewEvent("status", {"status": status, "layer": result.layer, "humanOwned": False}))
    events.append(NewEvent("done", {"turnId": turn.id, "kind": result.kind}))
    return events


def _ticket_changes(result: TurnResult, *, waiting: bool) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "status": "in_progress" if waiting else "awaiting_customer",
        "category": result.category,
        "priority": result.priority,
        "layer": result.layer,
        "language": result.language,
        "intent": result.intent,
        "last_confidence": result.confidence,
        "summary": result.summary,
        "escalation_reason": result.handoff_reason,
        "handoff_note": result.handoff_note,
        "handoff_available": result.handoff_offered,
        "memory": result.memory,
    }
    if not waiting:
        changes["waiting_since"] = None
    return changes


def _shown(citation: Json) -> Json:
    """A citation as the customer may see it."""
    return {name: citation.get(name, "") for name in ("number", "title", "url")}
