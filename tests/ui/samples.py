"""Tickets, turns and traces as the store would give them, small enough to read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from store.values.companies import Customer
from store.values.service import ServicePolicy
from store.values.tickets import InboxPage, InboxRow, Message, Ticket
from store.values.turns import ReceiptRecord, StepRecord, ToolCall, Turn, TurnTrace
from ui.views.inbox import Looker
from ui.views.shell import Shell
from ui.views.ticket_facts import Around

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
SHELL = Shell("inbox", "Meera Kulkarni", "lead", waiting=2)

TICKET = Ticket(
    id="tkt_1",
    number=1184,
    company_id="cmp_1",
    customer_id="cus_1",
    agent_id="agt_1",
    session_id="ses_1",
    channel="widget",
    status="in_progress",
    category="technical",
    priority="high",
    layer="specialist",
    subject="Reboot my node please",
    summary="The customer asked to reboot validator-1; it was rebooted.",
    escalation_reason="",
    handoff_note="",
    handoff_available=False,
    human_owned=False,
    assignee_id=None,
    verified=True,
    language="en",
    language_pin=None,
    last_confidence=0.91,
    message_count=2,
    event_seq=12,
    memory=None,
    linked_to=None,
    waiting_since=NOW - timedelta(minutes=26),
    closed_at=None,
    intent="ticket_creation",
    outcome=None,
    outcome_note="",
    outcome_at=None,
    reopened=0,
    handed_for="",
    place=5,
    created_at=NOW - timedelta(minutes=28),
    updated_at=NOW - timedelta(minutes=26),
)
CUSTOMER = Customer(
    id="cus_1",
    company_id="cmp_1",
    email="operator@example.com",
    name="Olga Perova",
    verified_at=NOW - timedelta(days=1),
    created_at=NOW - timedelta(days=30),
)


def message(number: int, role: str, text: str, **fields: Any) -> Message:
    """A message of the ticket, a minute after the one before."""
    values: dict[str, Any] = {
        "id": f"msg_{number}",
        "ticket_id": TICKET.id,
        "company_id": TICKET.company_id,
        "turn_id": "trn_1" if role in ("user", "assistant") else None,
        "role": role,
        "text": text,
        "display": "",
        "author_id": None,
        "author": "",
        "language": "en",
        "kind": None,
        "citations": (),
        "client_message_id": None,
        "created_at": NOW - timedelta(minutes=30 - number),
    }
    return Message(**{**values, **fields})


MESSAGES = (
    message(1, "user", "Reboot my node please", display="Reboot my node please"),
    message(
        2,
        "assistant",
        "validator-1 reboots now. It usually takes 2 minutes.",
        kind="specialist",
        citations=({"number": 1, "title": "Provisioning lifecycle", "url": "https://example.com/l"},),
    ),
    message(3, "note", "Second reboot this week.", author="Dev Shah", author_id="usr_2"),
    message(4, "human", "I have looked at it as well.", author="Meera Kulkarni", author_id="usr_1"),
)

QUOTE = "A reboot takes 2 minutes."
PASSAGE = {
    "id": "psg_1",
    "source_id": "ent_1",
    "kind": "entry",
    "title": "Provisioning lifecycle",
    "url": "https://example.com/lifecycle",
    "text": "A deployment goes from provisioning to syncing.\nA reboot takes 2 minutes.",
    "content_hash": "7be2aa41c04d9a41",
}


def step(seq: int, node: str, at: float, ms: float, output: dict[str, Any]) -> StepRecord:
    """A step that started `at` milliseconds after the turn."""
    started = NOW + timedelta(milliseconds=at)
    question = {"question": {"text": "Reboot my node please"}}
    return StepRecord(seq=seq, node=node, started_at=started, ms=ms, input=question, output=output)


STEPS = (
    step(1, "safety", 0, 1.4, {"safety": {"outcome": "pass", "mode": "balanced", "risk": 0.02, "flags": []}}),
    step(
        2,
        "triage",
        1.5,
        2.8,
        {
            "triage": {
                "language": "en",
                "intent": "ticket_creation",
                "intent_confidence": 0.93,
                "route": "specialist",
                "rule": {"id": "rul_1", "name": "node reboot", "terms": ["reboot", "node"]},
                "reasons": ["rule “node reboot” matched reboot, node"],
                "features": [["reboot", 2.1], ["node", 1.4], ["please", -0.2]],
            }
        },
    ),
    step(
        3,
        "specialist",
        4.4,
        8.1,
        {
            "evidence": {"hits": [{"passage": PASSAGE, "dense": 0.84, "lexical": 0.71, "answers": 0.88}]},
            "draft": {
                "kind": "specialist",
                "sentences": [
                    {
                        "text": "It takes 2 minutes.",
                        "source_id": "ent_1",
                        "quote": "A reboot takes 2 minutes.",
                    }
                ],
            },
        },
    ),
    step(4, "guard", 12.6, 2.2, {"guard": {"outcome": "repaired", "mode": "strict"}}),
)
TOOL_RESULT = {
    "id": "tool_1",
    "tool": "reboot_node",
    "kind": "write",
    "status": "success",
    "arguments": {"external_id": "ND-1001"},
    "facts": {"status": "rebooting"},
    "attempts": 2,
    "ms": 4.2,
    "ledger_id": "pk_5d1e",
}
CALLS = (
    ToolCall(
        id="tool_1",
        turn_id="trn_1",
        seq=1,
        tool="reboot_node",
        status="success",
        data=TOOL_RESULT,
        created_at=NOW,
    ),
)
RECEIPTS = (
    ReceiptRecord(
        claim="It usually takes 2 minutes.",
        supported=True,
        source_id="ent_1",
        source_title="Provisioning lifecycle",
        source_hash="7be2aa41c04d9a41",
        quote="A reboot takes 2 minutes.",
        score=0.97,
        reasons=("number exact",),
    ),
    ReceiptRecord(claim="At most 7 minutes.", supported=False, reasons=("no source has 7",)),
)


def turn(**fields: Any) -> Turn:
    """A turn that is done, but for what the fields say."""
    values: dict[str, Any] = dict.fromkeys(Turn.__dataclass_fields__)
    values |= {
        "id": "trn_1",
        "ticket_id": TICKET.id,
        "company_id": TICKET.company_id,
        "agent_id": "agt_1",
        "status": "done",
        "question": "Reboot my node please",
        "reply": "validator-1 reboots now. It usually takes 2 minutes.",
        "kind": "specialist",
        "action": "tool_call",
        "language": "en",
        "intent": "ticket_creation",
        "intent_confidence": 0.93,
        "confidence": 0.91,
        "total_ms": 14.8,
        "error": "",
        "is_safe": True,
        "created_at": NOW,
        "finished_at": NOW,
    }
    return Turn(**{**values, **fields})


TRACE = TurnTrace(turn(), STEPS, CALLS, RECEIPTS)


AROUND = Around(
    company="nodes.garden",
    customer=CUSTOMER,
    staff={"usr_1": "Meera Kulkarni", "usr_2": "Dev Shah"},
    tags=("node",),
    user_id="usr_1",
    now=NOW,
    policy=ServicePolicy(),
)
LOOKER = Looker(
    user_id="usr_1",
    now=NOW,
    companies={"cmp_1": "nodes.garden"},
    staff={"usr_1": "Meera Kulkarni", "usr_2": "Dev Shah"},
    policies={},
    reads={},
)


def inbox_page(*tickets: Ticket, last_said: int = 0, **fields: Any) -> InboxPage:
    """The tickets as a page of the inbox."""
    rows = tuple(
        InboxRow(
            ticket=each,
            company="nodes.garden",
            email="operator@example.com",
            tags=("technical",),
            last_message="validator-1 reboots now.",
            last_role="assistant",
            last_said=last_said,
            nodes=("guard", "safety", "specialist", "triage"),
        )
        for each in tickets
    )
    values: dict[str, Any] = {
        "rows": rows,
        "total": len(rows),
        "page": 1,
        "pages": 1,
        "by_company": {"cmp_1": len(rows)},
        "by_status": {"escalated": 1, "in_progress": 1},
        "by_group": {"escalated": 1, "bot": 1},
        "by_language": {"en": 2},
        "by_intent": {"ticket_creation": 2},
        "by_assignee": {"nobody": 2},
        "by_tag": {"technical": 2},
    }
    return InboxPage(**{**values, **fields})


ESCALATED = replace(
    TICKET,
    id="tkt_2",
    status="escalated",
    place=1,
    human_owned=True,
    layer="human",
    subject="Charged twice",
)
CLOSED = replace(TICKET, id="tkt_3", status="resolved", place=7, waiting_since=None, closed_at=NOW)
