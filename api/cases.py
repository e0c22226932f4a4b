"""A turn of a real ticket as a row of a case file: what was said, what a reply has to hold.

The words are the redacted ones; an address is named only when it is a fictional customer's.
"""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

from graph.errors import NotFound
from store.unit import UnitOfWork
from store.values.turns import TurnTrace

_FIGURE = re.compile(r"₹?\d[\d,.]*\d|₹?\d")
MOST_FACTS = 4


def case_of(uow: UnitOfWork, ticket_id: str, turn_id: str) -> dict[str, Any]:
    """The turn with everything that was said before it, as DESIGN's case files have it."""
    ticket = uow.tickets.get(ticket_id)
    trace = next((each for each in uow.tickets.trace(ticket_id) if each.turn.id == turn_id), None)
    if trace is None:
        raise NotFound("There is no such turn.", field="turn")
    turn = trace.turn
    customer = uow.customers.get(ticket.customer_id) if ticket.customer_id else None
    known = {"email": customer.email, "verified": ticket.verified} if customer and customer.demo else {}
    row: dict[str, Any] = {
        "id": f"ticket-{ticket.number}-{turn_id[-6:]}",
        "company": uow.companies.get(ticket.company_id).slug,
        "language": turn.language,
        **known,
        "turns": _said(uow, ticket_id, turn_id),
        "intent": turn.intent,
        "kind": turn.kind,
        "tools": [call.tool for call in trace.tool_calls if call.status == "success"],
        "must": [[fact] for fact in _facts(trace)],
        "note": f"made from ticket #{ticket.number} on {turn.created_at:%Y-%m-%d}",
    }
    return {name: value for name, value in row.items() if value not in (None, [], "")} | {
        "tools": row["tools"]
    }


def line_of(case: dict[str, Any]) -> str:
    """The row as a line."""
    return json.dumps(case, ensure_ascii=False) + "\n"


async def keep_case(data_dir: Path, case: dict[str, Any]) -> Path:
    """Add the row to the company's case file; one that is there under its id is replaced."""
    return await asyncio.to_thread(_keep, data_dir / "cases" / f"{case['company']}.jsonl", case)


def _keep(file: Path, case: dict[str, Any]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    known = file.read_text("utf-8").splitlines(keepends=True) if file.exists() else []
    others = [line for line in known if line.strip() and json.loads(line).get("id") != case["id"]]
    fresh = file.with_suffix(".part")
    fresh.write_text("".join([*others, line_of(case)]), "utf-8")
    fresh.replace(file)
    return file


def _said(uow: UnitOfWork, ticket_id: str, turn_id: str) -> list[str]:
    """The customer's messages up to those that the turn answered; several for one turn are one."""
    turns: dict[str, list[str]] = {}
    for message in uow.tickets.messages(ticket_id):
        if message.role != "user" or message.turn_id is None:
            continue
        turns.setdefault(message.turn_id, []).append(message.text)
    said: list[str] = []
    for each, texts in turns.items():
        said.append("\n".join(texts))
        if each == turn_id:
            return said
    raise NotFound("The customer's words of this turn are not there.", field="turn")


def _facts(trace: TurnTrace) -> list[str]:
    """Figures of the reply that a supported claim holds: what a worse reply would get wrong first."""
    claims = " ".join(receipt.claim for receipt in trace.receipts if receipt.supported)
    return list(dict.fromkeys(_FIGURE.findall(claims)))[:MOST_FACTS]
