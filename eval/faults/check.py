"""The promises of the desk, checked in its tables against what customers were told.

I1 an acknowledged message is stored once; I2 each message has one turn, which ends; I3 an ended turn has one
reply; I4 an action happens once; I5 events are gapless and what a customer saw is what is stored; I6 nothing
crosses companies; I7 every ended turn has its trace; I8 automation is silent on a person's ticket; I9 the
database is whole; I10 the logs hold no personal data.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, text

from eval.faults.customers import Ticket
from store.engines import is_sqlite, open_engines

OVER = ("done", "failed", "superseded", "cancelled")
_MAIL = re.compile(r"[\w.+-]+@(?!supportgraph)[\w-]+\.[a-z]{2,}")

_RULES = {
    "I1 a client id is stored twice on one ticket": """
        SELECT ticket_id FROM messages WHERE client_message_id IS NOT NULL
        GROUP BY ticket_id, client_message_id HAVING count(*) > 1""",
    "I2 a customer's message has no turn though automation owned the ticket": """
        SELECT m.id FROM messages m JOIN tickets t ON t.id = m.ticket_id
        WHERE m.role = 'user' AND m.turn_id IS NULL AND NOT t.human_owned""",
    "I2 a turn has not ended": """
        SELECT n.id FROM turns n JOIN tickets t ON t.id = n.ticket_id
        WHERE n.status IN ('queued', 'running') AND NOT t.human_owned""",
    "I3 an ended turn has no reply, or more than one": """
        SELECT n.id FROM turns n LEFT JOIN messages m ON m.reply_to = n.id
        WHERE n.status IN ('done', 'failed') GROUP BY n.id HAVING count(m.id) <> 1""",
    "I3 a turn that did not end has a reply": """
        SELECT n.id FROM turns n JOIN messages m ON m.reply_to = n.id
        WHERE n.status NOT IN ('done', 'failed')""",
    "I4 an action was begun twice": "SELECT key FROM ledger GROUP BY key HAVING count(*) > 1",
    "I4 an ended turn left an action open": """
        SELECT l.id FROM ledger l JOIN turns n ON n.id = l.turn_id
        WHERE l.status = 'begun' AND n.status = 'done'""",
    "I5 a ticket's events have a gap": """
        SELECT t.id FROM tickets t LEFT JOIN events e ON e.ticket_id = t.id
        GROUP BY t.id, t.event_seq
        HAVING count(e.seq) <> t.event_seq OR coalesce(max(e.seq), 0) <> t.event_seq""",
    "I6 a row is of another company than its ticket": """
        SELECT t.id FROM tickets t JOIN agents x ON x.id = t.agent_id WHERE x.company_id <> t.company_id
        UNION SELECT t.id FROM tickets t JOIN (
          SELECT ticket_id, company_id FROM messages UNION SELECT ticket_id, company_id FROM events
          UNION SELECT ticket_id, company_id FROM turns) x ON x.ticket_id = t.id
        WHERE x.company_id <> t.company_id""",
    "I7 a done turn has no trace": """
        SELECT n.id FROM turns n WHERE n.status = 'done'
        AND NOT EXISTS (SELECT 1 FROM turn_steps s WHERE s.turn_id = n.id)""",
    "I8 automation spoke after a person had taken the ticket": """
        SELECT m.id FROM messages m JOIN events h ON h.ticket_id = m.ticket_id AND h.seq < m.seq
        JOIN tickets t ON t.id = m.ticket_id
        WHERE m.role = 'assistant' AND t.human_owned AND h.name = 'status'
        AND h.seq = (SELECT max(x.seq) FROM events x
                     WHERE x.ticket_id = m.ticket_id AND x.name = 'status')""",
}
"""Each finds the ids that break it."""


_IN_THE_END = ("I2 a turn has not ended",)
"""Rules that hold only when nothing runs."""


def violations(
    database: str, tickets: Sequence[Ticket], logs: Iterable[Path], *, running: bool = False
) -> list[str]:
    """What is broken, with ids; empty when every promise was kept. `running`: turns may still be open."""
    told = [ticket.so_far() for ticket in tickets]  # before the tables are read: more is told meanwhile
    rules = {rule: query for rule, query in _RULES.items() if not (running and rule in _IN_THE_END)}
    writer, reader = open_engines(database)
    try:
        with reader.connect() as db:
            found = [f"{rule}: {row[0]}" for rule, query in rules.items() for row in db.execute(text(query))]
            found += [problem for ticket in told for problem in _promised(db, ticket)]
            if is_sqlite(database):
                whole = [row[0] for row in db.execute(text("PRAGMA integrity_check"))]
                found += [f"I9 {line}" for line in whole if line != "ok"]
                dangling = db.execute(text("PRAGMA foreign_key_check"))
                found += [f"I9 a foreign key of {row[0]}" for row in dangling]
    finally:
        writer.dispose()
        reader.dispose()
    return found + [f"I10 {line}" for path in logs for line in _personal(path)]


def _promised(db: Connection, ticket: Ticket) -> list[str]:
    """Where the customer was told something else than what is stored."""
    found = [f"{ticket.ticket_id}: {problem}" for problem in ticket.problems]
    if not ticket.ticket_id:
        return found
    asked = {"ticket": ticket.ticket_id}
    query = "SELECT client_message_id, id FROM messages WHERE ticket_id = :ticket"
    stored = Counter((row[0], row[1]) for row in db.execute(text(query), asked))
    for client_id, message_id in ticket.acknowledged.items():
        if stored[client_id, message_id] != 1:
            found.append(f"I1 {client_id} was acknowledged as {message_id} and is not stored as that")
    query = "SELECT seq, name FROM events WHERE ticket_id = :ticket"
    events = {row.seq: row.name for row in db.execute(text(query), asked)}
    for number, (name, _) in ticket.events.items():
        if name != "reset" and events.get(number) != name:
            found.append(
                f"I5 {ticket.ticket_id} event {number} was shown as {name}, stored {events.get(number)}"
            )
    shown = set(ticket.events)
    hidden = {number for number, name in events.items() if name == "note"}
    missing = [number for number in range(1, max(shown, default=0)) if number not in shown | hidden]
    if missing:
        found.append(f"I5 {ticket.ticket_id} events {missing} were never shown")
    return found


def _personal(path: Path) -> list[str]:
    """Lines of a log with an address; the demo addresses of the run are as good as real ones."""
    if not path.exists():
        return []
    lines = path.read_text("utf-8", "replace").splitlines()
    return [f"{path.name} line {number}" for number, line in enumerate(lines, 1) if _MAIL.search(line)]
