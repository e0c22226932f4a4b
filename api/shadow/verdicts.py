"""What a draft changes in past answers: which kind of change, and the two sides of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.shadow.arm import Said
from api.shadow.past import PastTicket, Told
from graph.replay import first_difference
from graph.state import Outcome

KINDS = ("answered", "escalated", "unanswered", "ungrounded", "changed", "untold")
"""Newly answered, escalated, no longer answered, resting on nothing; other words; needs a live tool."""
ANSWERS = frozenset({"answer", "specialist", "cannot_perform"})
SHOWN = 24
"""Values of the first differing step that are kept."""
Json = dict[str, Any]


@dataclass(frozen=True)
class TurnChange:
    """A turn that comes to something else under the draft."""

    ticket_id: str
    number: int
    turn_id: str
    question: str
    kinds: tuple[str, ...]
    before: Json
    after: Json
    parts_at: str
    trace: tuple[Json, ...]

    def as_json(self) -> Json:
        """As it is kept and told."""
        return {
            "ticketId": self.ticket_id,
            "number": self.number,
            "turnId": self.turn_id,
            "question": self.question,
            "kinds": list(self.kinds),
            "before": self.before,
            "after": self.after,
            "partsAt": self.parts_at,
            "trace": list(self.trace),
        }


def as_then(ticket: PastTicket, after: Sequence[Said]) -> bool:
    """Whether the customer would have read and got what stands on the ticket, turn by turn."""
    pairs = zip(ticket.turns, after, strict=True)
    return all(turn.told == told(said.finished.outcome) and not said.missing for turn, said in pairs)


def changes_in(ticket: PastTicket, before: Sequence[Said], after: Sequence[Said]) -> list[TurnChange]:
    """The turns of a ticket that a customer would have read, or been led, otherwise."""
    found = []
    for turn, one, other in zip(ticket.turns, before, after, strict=True):
        if kinds := kinds_of(one, other):
            first = first_difference(one.finished.steps, other.finished.steps)
            changes = first.changes if first else ()
            found.append(
                TurnChange(
                    ticket_id=ticket.id,
                    number=ticket.number,
                    turn_id=turn.given.turn_id,
                    question=turn.question.text,
                    kinds=kinds,
                    before=_side(one.finished.outcome),
                    after=_side(other.finished.outcome),
                    parts_at=f"step {first.number}, {first.node}" if first else "",
                    trace=tuple(
                        {"path": each.path, "then": each.then[:400], "now": each.now[:400]}
                        for each in changes[:SHOWN]
                    ),
                )
            )
    return found


def kinds_of(before: Said, after: Said) -> tuple[str, ...]:
    """How a turn differs; nothing where the customer reads and gets the same."""
    one, other = before.finished.outcome, after.finished.outcome
    if told(one) == told(other):
        return ()
    if set(after.missing) - set(before.missing):
        return ("untold",)
    kinds = []
    if other.kind in ANSWERS and one.kind not in ANSWERS:
        kinds.append("answered")
    if other.kind == "handoff" and one.kind != "handoff":
        kinds.append("escalated")
    if one.kind in ANSWERS and other.kind not in (*ANSWERS, "handoff"):
        kinds.append("unanswered")
    if _ungrounded(other) and not _ungrounded(one):
        kinds.append("ungrounded")
    return tuple(kinds or ["changed"])


def told(outcome: Outcome) -> Told:
    """What a customer reads and gets."""
    return outcome.text, outcome.kind, outcome.handoff_offered, _ungrounded(outcome)


def _ungrounded(outcome: Outcome) -> bool:
    """Whether a sentence of the draft rested on nothing."""
    return outcome.is_hallucination


def _side(outcome: Outcome) -> Json:
    return {
        "reply": outcome.text,
        "kind": outcome.kind,
        "handoff": outcome.handoff_offered,
        "confidence": round(outcome.confidence, 4),
        "grounded": not outcome.is_hallucination,
        "sources": [citation.title for citation in outcome.citations],
    }
