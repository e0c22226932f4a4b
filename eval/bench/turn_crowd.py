"""Turns for a crowd of tickets, two each with tool uses: months for the log and the figures."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.pool import NullPool

from language.intents import INTENTS
from store.models.tickets import Tickets
from store.models.turns import ToolCalls, Turns

CHUNK = 5_000
TURNS_EACH = 2
KINDS = (("answer", 62), ("specialist", 14), ("clarify", 8), ("unknown", 6), ("handoff", 8), ("blocked", 2))
ACTIONS = {"answer": "answer", "specialist": "tool_call", "clarify": "clarify", "handoff": "escalate"}
STATUSES = (("success", 90), ("not_found", 5), ("refused", 4), ("failed", 1))


def turn_crowd(url: str, *, seed: int = 11) -> int:
    """Write turns for every ticket that `crowd` made; how many those were."""
    engine = create_engine(url, poolclass=NullPool)
    chance, made = random.Random(seed), 0  # not for secrets: the same desk every time
    with engine.begin() as db:
        columns = (Tickets.id, Tickets.company_id, Tickets.agent_id, Tickets.created_at, Tickets.subject)
        tickets = db.execute(select(*columns).where(Tickets.id.like("tkt_crowd%"))).all()
        for start in range(0, len(tickets), CHUNK):
            turns = [turn for row in tickets[start : start + CHUNK] for turn in _turns(chance, row)]
            db.execute(insert(Turns), turns)
            calls = [_call(chance, turn) for turn in turns if turn["kind"] == "specialist"]
            db.execute(insert(ToolCalls), calls)
            made += len(turns)
        if engine.dialect.name == "sqlite":
            db.execute(text("ANALYZE"))
    engine.dispose()
    return made


def _turns(chance: random.Random, ticket: Any) -> Iterator[dict[str, Any]]:
    for number in range(TURNS_EACH):
        kind = _drawn(chance, KINDS)
        began: datetime = ticket.created_at + timedelta(minutes=number + 1)
        stages = {"safety": 2.0, "triage": 12.0 + 20 * chance.random(), "guard": 1.0}
        if kind in ("answer", "specialist"):
            stages[kind] = 8.0 + 30 * chance.random()
        yield {
            "id": f"{ticket.id.replace('tkt', 'trn')}_{number}",
            "reply_id": f"{ticket.id.replace('tkt', 'msg')}_r{number}",
            "ticket_id": ticket.id,
            "company_id": ticket.company_id,
            "agent_id": ticket.agent_id,
            "status": "done",
            "question": ticket.subject,
            "reply": "It is on its way and should arrive by Thursday.",
            "kind": kind,
            "action": ACTIONS.get(kind, "answer"),
            "language": chance.choice(("en", "hinglish")),
            "reply_language": "en",
            "intent": chance.choice(INTENTS),
            "intent_confidence": round(chance.random(), 3),
            "confidence": round(0.4 + 0.6 * chance.random(), 3),
            "is_safe": kind != "blocked",
            "safety_flags": ("prompt_injection",) if kind == "blocked" else (),
            "handoff_offered": kind == "handoff",
            "handoff_reason": chance.choice(("rule", "asked_for_person", "guard"))
            if kind == "handoff"
            else "",
            "hallucination": {"isHallucination": False, "claims": [{"claim": "x" * 300}]},
            "stages": stages,
            "total_ms": sum(stages.values()),
            "created_at": began,
            "started_at": began,
            "finished_at": began + timedelta(milliseconds=sum(stages.values())),
        }


def _call(chance: random.Random, turn: dict[str, Any]) -> dict[str, Any]:
    status = _drawn(chance, STATUSES)
    return {
        "id": turn["id"].replace("trn", "tool"),
        "turn_id": turn["id"],
        "company_id": turn["company_id"],
        "seq": 0,
        "tool": chance.choice(("order_lookup", "lookup_photo_request", "lookup_deployment")),
        "status": status,
        "data": {"status": status, "arguments": {"id": "[order_1]"}},
        "created_at": turn["created_at"],
    }


def _drawn(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]
