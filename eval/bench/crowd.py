"""Many tickets at once: an inbox of any size to measure the desk's pages with, written to the tables.

The shape is that of a desk that has run for months: nine of ten tickets closed, few that wait, two languages
about even, a handful of labels.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import create_engine, insert, text
from sqlalchemy.pool import NullPool

from language.intents import INTENTS
from store.models.tickets import Messages, Tickets, TicketTags

MESSAGES_EACH = 4
CHUNK = 5_000
ENDED_MINUTES, LIVING_MINUTES, MONTHS_MINUTES = 65, 20 * 60, 200_000
TAGS = ("billing", "delivery", "refund", "policy", "technical", "human-review", "damaged-item", "vip")
ASKED = (
    "Where is my order TL-{n}, it should have come on Monday?",
    "Mera order TL-{n} abhi tak nahi aaya, kab milega?",
    "I was charged twice for booking {n}, please give the money back.",
    "Node {n} is stuck after the update, can you reboot it?",
    "Photo {n} embassy ne reject kar di, refund milega kya?",
)
SAID = ("It is on its way and should arrive by Thursday.", "Refund 5 working days mein aata hai.")
STATES = (
    (0.91, {"status": "resolved", "layer": "triage"}),
    (0.055, {"status": "awaiting_customer", "layer": "triage"}),
    (0.01, {"status": "awaiting_customer", "layer": "human", "handoff_available": True}),
    (0.01, {"status": "in_progress", "layer": "human", "human_owned": True}),
    (0.01, {"status": "escalated", "layer": "human", "human_owned": True}),
    (0.005, {"status": "in_progress", "layer": "triage"}),
)


def crowd(url: str, tickets: int, now: datetime, *, seed: int = 7) -> None:
    """Write so many tickets with their messages and labels into a migrated, seeded database."""
    engine = create_engine(url, poolclass=NullPool)
    chance = random.Random(seed)  # not for secrets: the same desk every time
    with engine.begin() as db:
        agents = db.execute(text("SELECT id, company_id FROM agents")).all()
        first = int(db.execute(text("SELECT coalesce(max(number), 1000) FROM tickets")).scalar_one()) + 1
        born = _born(chance, tickets)
        for start in range(0, tickets, CHUNK):
            made = [
                _ticket(chance, first + number, agents, state, now - timedelta(minutes=age))
                for number, (age, state) in enumerate(born[start : start + CHUNK], start)
            ]
            db.execute(insert(Tickets), made)
            db.execute(insert(Messages), [each for ticket in made for each in _messages(ticket)])
            db.execute(insert(TicketTags), [each for ticket in made for each in _labels(ticket)])
        db.execute(
            text("UPDATE counters SET value = :value WHERE name = 'tickets'"), {"value": first + tickets}
        )
    engine.dispose()


def _born(chance: random.Random, tickets: int) -> list[tuple[int, dict[str, Any]]]:
    """The minutes since each began and its state, in the order in which they are numbered."""
    states = chance.choices([each for _, each in STATES], [weight for weight, _ in STATES], k=tickets)
    chats = [state["status"] == "awaiting_customer" for state in states]  # a silent one is closed after days
    ages = [chance.randrange(ENDED_MINUTES, LIVING_MINUTES if chat else MONTHS_MINUTES) for chat in chats]
    return sorted(zip(ages, states, strict=True), key=lambda born: -born[0])


def _ticket(
    chance: random.Random, number: int, agents: Any, state: dict[str, Any], began: datetime
) -> dict[str, Any]:
    agent = chance.choice(agents)
    waits = state["status"] in ("escalated", "in_progress")
    asked = chance.choice(ASKED).format(n=number)
    labels = sorted(chance.sample(TAGS, chance.choice((0, 1, 1, 2))))
    return {
        "id": f"tkt_crowd{number:09d}",
        "number": number,
        "company_id": agent.company_id,
        "agent_id": agent.id,
        "channel": "widget",
        "subject": asked,
        "summary": "",
        "handoff_available": False,
        "human_owned": False,
        **state,
        "priority": chance.choice(("normal", "normal", "normal", "high", "urgent")),
        "language": chance.choice(("en", "hinglish")),
        "intent": chance.choice(INTENTS),
        "labels": "".join(f"\n{label}" for label in labels) + "\n" if labels else "",
        "message_count": MESSAGES_EACH,
        "event_seq": MESSAGES_EACH,
        "waiting_since": began + timedelta(minutes=3) if waits else None,
        "closed_at": began + timedelta(hours=1) if state["status"] == "resolved" else None,
        "created_at": began,
        "updated_at": began + timedelta(minutes=5),
    }


def _messages(ticket: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for seq in range(1, MESSAGES_EACH + 1):
        customer = seq % 2 == 1
        said = ticket["subject"] if seq == 1 else SAID[ticket["number"] % 2]
        yield {
            "id": f"{ticket['id'].replace('tkt', 'msg')}_{seq}",
            "ticket_id": ticket["id"],
            "company_id": ticket["company_id"],
            "seq": seq,
            "role": "user" if customer else "assistant",
            "text": said,
            "display": said,
            "created_at": ticket["created_at"] + timedelta(minutes=seq),
        }


def _labels(ticket: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for label in ticket["labels"].split():
        yield {"ticket_id": ticket["id"], "name": label, "company_id": ticket["company_id"]}
