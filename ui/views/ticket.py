"""A ticket as a page: the conversation with how each reply came about, and what the desk knows beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from store.values.companies import Customer
from store.values.tickets import Message, Ticket
from store.values.turns import TurnTrace
from ui.views.path import Path, path_of
from ui.views.shell import Shell
from ui.views.words import (
    Sign,
    clock,
    counted,
    day,
    initials,
    milliseconds,
    share,
    spaced,
    stamp,
    status_sign,
    titled,
)


@dataclass(frozen=True)
class Source:
    """A footnote of a reply."""

    number: int
    title: str
    url: str


@dataclass(frozen=True)
class Said:
    """One message, with the turn that made it when a machine wrote."""

    id: str
    voice: str
    """customer, bot, human, note or event."""
    face: str
    name: str
    at: str
    iso: str
    new_day: str
    text: str
    language: str
    path: Path | None = None
    made: str = ""
    sources: tuple[Source, ...] = ()
    claims: Sign | None = None
    trace_url: str = ""


@dataclass(frozen=True)
class Fact:
    """A line beside the conversation."""

    name: str
    value: str
    detail: str = ""
    family: str = ""


@dataclass(frozen=True)
class TicketPage:
    """The ticket page."""

    template: ClassVar[str] = "ticket.html"
    shell: Shell
    id: str
    number: int
    subject: str
    sign: Sign
    messages: tuple[Said, ...]
    about_customer: tuple[Fact, ...]
    about_ticket: tuple[Fact, ...]
    tags: tuple[str, ...]
    summary: str
    reason: str
    note: str
    notice: Sign | None
    owned: bool
    closed: bool
    mine: bool
    trace_url: str
    customer: str
    last_event: int


def build_ticket(
    ticket: Ticket,
    messages: Sequence[Message],
    turns: Sequence[TurnTrace],
    *,
    shell: Shell,
    company: str,
    customer: Customer | None,
    staff: Mapping[str, str],
    tags: Sequence[str],
    user_id: str,
) -> TicketPage:
    """`staff` maps user ids to names, `user_id` is who looks."""
    email = customer.email if customer else ""
    by_turn = {trace.turn.id: trace for trace in turns}
    return TicketPage(
        shell=shell,
        id=ticket.id,
        number=ticket.number,
        subject=ticket.subject or "No words yet",
        sign=status_sign(ticket.status, human_owned=ticket.human_owned),
        messages=_conversation(ticket, messages, by_turn, company, email),
        about_customer=_about_customer(ticket, customer, company),
        about_ticket=_about_ticket(ticket, staff, turns),
        tags=tuple(tags),
        summary=ticket.summary,
        reason=titled(ticket.escalation_reason),
        note=ticket.handoff_note,
        notice=_notice(ticket),
        owned=ticket.human_owned,
        closed=ticket.status == "resolved",
        mine=ticket.assignee_id == user_id,
        trace_url=f"/tickets/{ticket.id}/trace",
        customer=(customer.name if customer and customer.name else email) or "the customer",
        last_event=ticket.event_seq,
    )


def _conversation(
    ticket: Ticket, messages: Sequence[Message], turns: Mapping[str, TurnTrace], company: str, email: str
) -> tuple[Said, ...]:
    said: list[Said] = []
    before: datetime | None = None
    for message in messages:
        new_day = "" if before and before.date() == message.created_at.date() else day(message.created_at)
        said.append(_said(ticket, message, turns.get(message.turn_id or ""), company, email, new_day))
        before = message.created_at
    return tuple(said)


def _said(
    ticket: Ticket, message: Message, trace: TurnTrace | None, company: str, email: str, new_day: str
) -> Said:
    voice = {"user": "customer", "assistant": "bot", "system": "event"}.get(message.role, message.role)
    name = {"customer": email or "Customer", "bot": f"{company} assistant"}.get(
        voice, message.author or "Support"
    )
    made_by_machine = trace if voice == "bot" else None
    return Said(
        id=message.id,
        voice=voice,
        face=initials(name),
        name=name,
        at=clock(message.created_at),
        iso=message.created_at.isoformat(),
        new_day=new_day,
        text=message.display or message.text,
        language=message.language or "",
        path=path_of([step.node for step in trace.steps]) if made_by_machine and trace else None,
        made=_made(made_by_machine),
        sources=tuple(
            Source(int(each.get("number", 0)), str(each.get("title", "")), str(each.get("url", "")))
            for each in message.citations
        ),
        claims=_claims(made_by_machine),
        trace_url=f"/tickets/{ticket.id}/trace?turn={trace.turn.id}" if made_by_machine and trace else "",
    )


def _made(trace: TurnTrace | None) -> str:
    if trace is None:
        return ""
    turn = trace.turn
    tools = [call.tool for call in trace.tool_calls if call.status == "success"]
    parts = [spaced(turn.kind or turn.status), *tools, share(turn.confidence), milliseconds(turn.total_ms)]
    return " · ".join(parts)


def _claims(trace: TurnTrace | None) -> Sign | None:
    if trace is None or not trace.receipts:
        return None
    held = sum(receipt.supported for receipt in trace.receipts)
    total = len(trace.receipts)
    words = f"{held} of {counted(total, 'claim')} {'rests' if total == 1 else 'rest'} on a source"
    return Sign("done" if held == total else "waiting", words)


def _about_customer(ticket: Ticket, customer: Customer | None, company: str) -> tuple[Fact, ...]:
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


def _about_ticket(ticket: Ticket, staff: Mapping[str, str], turns: Sequence[TurnTrace]) -> tuple[Fact, ...]:
    last = next((trace.turn for trace in reversed(turns) if trace.turn.intent), None)
    owner = "A person" if ticket.human_owned else "Automation"
    assignee = staff.get(ticket.assignee_id or "", "nobody assigned")
    return (
        Fact("Owner", owner, assignee),
        Fact("Layer", titled(ticket.layer)),
        Fact("Priority", titled(ticket.priority or "normal")),
        Fact("Category", titled(ticket.category or "other")),
        *((Fact("Intent", last.intent or "", share(last.intent_confidence)),) if last else ()),
        Fact("Confidence", share(ticket.last_confidence)),
        Fact("Channel", titled(ticket.channel)),
        Fact("Opened", stamp(ticket.created_at), "UTC"),
    )


def _notice(ticket: Ticket) -> Sign | None:
    if ticket.status == "resolved":
        return None
    if ticket.human_owned:
        return Sign(
            "human",
            "A person owns this ticket: what the customer writes waits for support.",
        )
    if ticket.handoff_available:
        return Sign("waiting", "A person was offered. The customer has not accepted yet.")
    return None
