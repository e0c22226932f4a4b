"""What stands beside a conversation: the customer, the ticket, the promise, the outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from store.values.companies import Customer
from store.values.outside import Approval
from store.values.service import ServicePolicy
from store.values.tickets import CannedReply, Ticket
from store.values.turns import TurnTrace
from ui.views.words import clock, share, span, stamp, titled


@dataclass(frozen=True)
class Fact:
    """A line beside the conversation."""

    name: str
    value: str
    detail: str = ""
    family: str = ""


@dataclass(frozen=True, kw_only=True)
class Around:
    """What the page knows beside ticket, messages and turns; `now` is what waits are counted to."""

    company: str
    customer: Customer | None
    staff: Mapping[str, str]
    tags: Sequence[str]
    user_id: str
    now: datetime
    policy: ServicePolicy
    known_tags: Sequence[str] = ()
    canned: Sequence[CannedReply] = ()
    others: Sequence[Ticket] = ()
    approvals: Sequence[Approval] = ()


def about_customer(ticket: Ticket, customer: Customer | None, company: str) -> tuple[Fact, ...]:
    """Who writes, and whether that is proven."""
    proven_at = customer.verified_at if customer else None
    earlier = f"last proven {stamp(proven_at)}" if proven_at and not ticket.verified else ""
    identity = ("Proven", "done") if ticket.verified else ("Not proven", "closed")
    return (
        *((Fact("Name", customer.name),) if customer and customer.name else ()),
        Fact("E-mail", customer.email if customer else "not given"),
        Fact("Identity", identity[0], earlier, identity[1]),
        Fact("Company", company),
        Fact("Language", ticket.language or "not known yet", "pinned" if ticket.language_pin else ""),
    )


def about_ticket(ticket: Ticket, around: Around, turns: Sequence[TurnTrace]) -> tuple[Fact, ...]:
    """Whose it is, how it stands, what it is about."""
    last = next((trace.turn for trace in reversed(turns) if trace.turn.intent), None)
    owner = "A person" if ticket.human_owned else "Automation"
    assignee = around.staff.get(ticket.assignee_id or "", "nobody assigned")
    return (
        Fact("Owner", owner, assignee),
        *_promise(ticket, around),
        *_outcome(ticket),
        Fact("Layer", titled(ticket.layer)),
        Fact("Category", titled(ticket.category or "other")),
        *((Fact("Intent", last.intent or "", share(last.intent_confidence)),) if last else ()),
        Fact("Confidence", share(ticket.last_confidence)),
        Fact("Channel", titled(ticket.channel)),
        Fact("Opened", stamp(ticket.created_at), "UTC"),
    )


def _promise(ticket: Ticket, around: Around) -> tuple[Fact, ...]:
    """How the wait for a person compares with what the company promises."""
    due = around.policy.due(ticket.waiting_since, ticket.priority)
    if due is None or not ticket.human_owned:
        return ()
    stands = around.policy.stands(ticket.waiting_since, ticket.priority, around.now)
    late = stands == "late"
    words = f"{span(around.now - due)} late" if late else f"{span(due - around.now)} left"
    family = {"late": "urgent", "soon": "waiting"}.get(stands, "done")
    return (Fact("Promise", words, f"reply by {clock(due)} UTC", family),)


def _outcome(ticket: Ticket) -> tuple[Fact, ...]:
    words = {
        "confirmed": ("Solved, says the customer", "done"),
        "partly": ("Partly solved, says the customer", "waiting"),
        "refused": ("Not solved, says the customer", "urgent"),
        "assumed": ("Assumed after silence", "closed"),
        "verified": ("Verified by a done action", "done"),
    }.get(ticket.outcome or "")
    again = f"reopened {ticket.reopened} ×" if ticket.reopened else ""
    if words is None:
        return (Fact("Outcome", "open", again),) if again else ()
    return (Fact("Outcome", words[0], ", ".join(filter(None, (ticket.outcome_note, again))), words[1]),)
