"""A turn of a real ticket as a case: what was said, with nobody's data, and what a reply has to hold.

Messages were redacted at acceptance; here their placeholders become values of nobody, and what the desk knows
of the customer (name, address) leaves the text too. Expectations are proposed: people edit them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from api.profiles import id_example
from graph.errors import NotFound
from store.unit import UnitOfWork
from store.values.companies import Customer
from store.values.evals import Gate, OwnCase
from store.values.turns import TurnTrace

_FIGURE = re.compile(r"₹?\d[\d,.]*\d|₹?\d")
_PLACEHOLDER = re.compile(r"\[([a-z]+)(?:_\d+)?\]")
_WORD = re.compile(r"[^\W\d_]{3,}")
NOBODY = {"email": "customer@example.com", "phone": "the number you have", "upi": "customer@upi"}
SOMEBODY = "Asha"
"""Who the customer is called instead."""
MOST_FACTS = 4
WRONG = "the customer marked this reply as wrong; say what a right one has to hold"


def case_of(uow: UnitOfWork, ticket_id: str, turn_id: str) -> dict[str, Any]:
    """The turn with everything that was said before it, as DESIGN's case files have it.

    Tools are demanded only of the fictional customers, whose records every trial can read.
    """
    ticket = uow.tickets.get(ticket_id)
    trace = next((each for each in uow.tickets.trace(ticket_id) if each.turn.id == turn_id), None)
    if trace is None:
        raise NotFound("There is no such turn.", field="turn")
    turn, company = trace.turn, uow.companies.get(ticket.company_id)
    customer = uow.customers.get(ticket.customer_id) if ticket.customer_id else None
    demo = customer is not None and customer.demo
    known = {"email": customer.email, "verified": ticket.verified} if customer and demo else {}
    number = _own_number(trace) if demo else ""
    values = {**NOBODY, "order": number or id_example(company.id_patterns) or "12345"}
    row: dict[str, Any] = {
        "id": f"ticket-{ticket.number}-{turn_id[-6:]}",
        "company": company.slug,
        "language": turn.language,
        **known,
        "turns": [scrubbed(text, values, customer) for text in _said(uow, ticket_id, turn_id)],
        "intent": turn.intent,
        "kind": turn.kind,
        "must": [[fact] for fact in _facts(trace, own=demo)],
        "note": f"made from ticket #{ticket.number} on {turn.created_at:%Y-%m-%d}",
    }
    row = {name: value for name, value in row.items() if value not in (None, [], "")}
    if demo or not trace.tool_calls:
        return row | {"tools": [call.tool for call in trace.tool_calls if call.status == "success"]}
    row.pop("kind", None)  # whoever asks in a trial has no records: the reply is another one
    return row


def state_of(uow: UnitOfWork, ticket_id: str, turn_id: str) -> tuple[str, str]:
    """(state, reason) that is proposed: a reply that the customer marked as wrong is no example."""
    turn = uow.turns.get(turn_id)
    wrong = uow.tickets.ratings(ticket_id).get(turn.message_id or "") == "down"
    return ("disputed", WRONG) if wrong else ("active", "")


def scrubbed(text: str, values: Mapping[str, str], customer: Customer | None) -> str:
    """The text with values of nobody for its placeholders, and without the customer's name and address."""
    text = _PLACEHOLDER.sub(lambda found: values.get(found[1], "hidden"), text)
    if customer is None or customer.demo:
        return text
    names = {*_WORD.findall(customer.name), *_WORD.findall(customer.email.partition("@")[0])}
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", SOMEBODY, text, flags=re.IGNORECASE)
    return text


def keep_case(
    uow: UnitOfWork, company_id: str, row: dict[str, Any], state: str = "active", reason: str = ""
) -> OwnCase:
    """Add the case to the company's own, in the place of one of its name; the gate asks it from now on."""
    case = uow.evals.add_case(company_id, row)
    if state != "active":
        uow.evals.judge_case(case.id, state, reason)
    gate: Gate = uow.gates.of(company_id)
    if gate.due_at is None and gate.ran_at is None:
        uow.gates.begin(gate)
    return case


def line_of(case: Mapping[str, Any]) -> str:
    """The row as a line."""
    return json.dumps(dict(case), ensure_ascii=False) + "\n"


def _own_number(trace: TurnTrace) -> str:
    """The number of the fictional record that the turn was about."""
    numbers: Sequence[str] = [
        str(call.data["arguments"]["id"])
        for call in trace.tool_calls
        if call.data.get("arguments", {}).get("id")
    ]
    return numbers[0] if numbers else ""


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


def _facts(trace: TurnTrace, *, own: bool) -> list[str]:
    """Figures of the reply that a supported claim holds; those of real customers' records are left out."""
    tools = {str(call.data.get("id")) for call in trace.tool_calls}
    claims = " ".join(
        receipt.claim
        for receipt in trace.receipts
        if receipt.supported and (own or receipt.source_id not in tools)
    )
    return list(dict.fromkeys(_FIGURE.findall(claims)))[:MOST_FACTS]
